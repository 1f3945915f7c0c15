package run

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/data/catalogue"
)

// Every set of the catalogue has a reader, and every reader a set.
func TestCatalogueHasReaders(t *testing.T) {
	require.Len(t, published, len(catalogue.Sets()))
	for _, p := range published {
		set, ok := catalogue.Find(p.name)
		require.True(t, ok, p.name)
		require.Equal(t, p.classes, set.Classes, p.name)
		_, _, err := OpenPublished(p.name, filepath.Join(t.TempDir(), "absent"))
		require.ErrorContains(t, err, "absent")
	}
	_, _, err := OpenPublished("glyphs", "")
	require.Error(t, err)
}
