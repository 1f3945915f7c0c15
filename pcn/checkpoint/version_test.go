package checkpoint

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
)

// A file that an earlier version wrote: it must be read for ever, and written
// alike as long as the version's number is the same.
func TestFilesOfVersion1(t *testing.T) {
	const path = "testdata/version1.safetensors"
	c, err := Load(path)
	require.NoError(t, err)
	require.Equal(t, pcn.Progress{Epoch: 1, Batch: 2, Samples: 40, Loss: 0.1, Correct: 3, Training: 5 * time.Second}, c.Progress)
	require.Equal(t, map[string]string{"config": `{"seed": 3}`}, c.Notes)
	require.NoError(t, c.Restore(trainer(t, network(t, kernels.Tanh), nil)))
	sum := pcn.Digest(c.Snapshot.Parameters)
	require.Equal(t, "55d114d353b7ceb92dfa192313a176ee0ae1efbf2ecd79ae55d9af6c9dad2e62", hex.EncodeToString(sum[:]))
	require.Equal(t, 4, c.Snapshot.Optimizer.Count)
	require.True(t, c.Snapshot.Statistics.Moved)

	again := filepath.Join(t.TempDir(), "again")
	require.NoError(t, c.Save(again))
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	got, err := os.ReadFile(again)
	require.NoError(t, err)
	require.Equal(t, want, got)
}
