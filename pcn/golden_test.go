package pcn

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/internal/golden"
)

// float32Policy allows what float32 arithmetic can keep.
func float32Policy(c *golden.Case) golden.Policy {
	return func(q golden.Quantity, name string) golden.Tolerance {
		return golden.Tolerance{Rel: 1e-4, Abs: 1e-12}
	}
}

func TestGolden(t *testing.T) {
	for _, path := range goldenFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".json"), func(t *testing.T) {
			c, err := golden.Load(path)
			require.NoError(t, err)
			if op := unsupported(c); op != "" {
				t.Skipf("there is no %s op", op)
			}
			report := golden.ComparePartial(c, trace(t, c, configOf(t, c), allShortcuts), float32Policy(c))
			require.NoError(t, report.Err())
			t.Logf("%d comparisons, worst %.2g of its tolerance at %s", report.Compared, report.Worst, report.WorstPath)
		})
	}
}
