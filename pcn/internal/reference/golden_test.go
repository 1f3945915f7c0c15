package reference_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/internal/golden"
)

const goldenDir = "../../testdata/golden"

// moreGoldenDir names an environment variable with a directory of further case
// files.
const moreGoldenDir = "PCN_GOLDEN_DIR"

func caseFiles(t *testing.T) []string {
	files, err := golden.Files(goldenDir)
	require.NoError(t, err)
	if dir := os.Getenv(moreGoldenDir); dir != "" {
		more, err := golden.Files(dir)
		require.NoError(t, err)
		files = append(files, more...)
	}
	return files
}

func loadCase(t *testing.T, name string) *golden.Case {
	c, err := golden.Load(filepath.Join(goldenDir, name+".json"))
	require.NoError(t, err)
	return c
}

func TestGolden(t *testing.T) {
	for _, path := range caseFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".json"), func(t *testing.T) {
			c, err := golden.Load(path)
			require.NoError(t, err)
			run, err := c.Run()
			require.NoError(t, err)
			report := golden.Compare(c, run, golden.Float64(c))
			require.NoError(t, report.Err())
			t.Logf("%d comparisons, worst %.2g of its tolerance at %s",
				report.Compared, report.Worst, report.WorstPath)
		})
	}
}

// Gradients of deep levels can be smaller than the floor of the usual tolerance,
// and are to be right too.
func TestGoldenWithoutFloor(t *testing.T) {
	files, err := golden.Files(goldenDir)
	require.NoError(t, err)
	for _, path := range files {
		c, err := golden.Load(path)
		require.NoError(t, err)
		run, err := c.Run()
		require.NoError(t, err)
		usual := golden.Float64(c)
		policy := func(q golden.Quantity, name string) golden.Tolerance {
			tol := usual(q, name)
			if tol == (golden.Tolerance{Rel: 1e-9, Abs: 1e-10}) {
				tol.Abs = 1e-18
			}
			return tol
		}
		require.NoError(t, golden.Compare(c, run, policy).Err(), c.Name)
	}
}

// Negative control: a comparison that cannot fail would prove nothing.
func TestGoldenNoticesAWrongProgram(t *testing.T) {
	spoil := map[string]func(c *golden.Case){
		"one parameter off by 1e-6": func(c *golden.Case) { c.Params["l0.W"].Data[3] += 1e-6 },
		"another update":            func(c *golden.Case) { c.Hyper.Update = "settled" },
		"another momentum":          func(c *golden.Case) { c.Hyper.Latent.Nesterov = false },
		"another precision":         func(c *golden.Case) { c.Hyper.Precision.Alpha *= 1.01 },
		"another optimiser":         func(c *golden.Case) { c.Hyper.Weights.Kind = "adam" },
		"another node weight":       func(c *golden.Case) { c.Network.Nodes[1].Weight = 1.001 },
		"the last batch off": func(c *golden.Case) {
			c.Batches[len(c.Batches)-1].X.Data[0] += 1e-3
		},
	}
	for name, change := range spoil {
		t.Run(name, func(t *testing.T) {
			c := loadCase(t, "deep_mlp_spiking_forward")
			change(c)
			run, err := c.Run()
			require.NoError(t, err)
			require.ErrorContains(t, golden.Compare(c, run, golden.Float64(c)).Err(), "comparisons failed")
		})
	}
}
