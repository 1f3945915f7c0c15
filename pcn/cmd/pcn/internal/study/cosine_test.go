package study

import (
	"context"
	"encoding/csv"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/audit"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

// audited trains a question's cells with audits, and returns the folder.
func audited(t *testing.T, ctx context.Context, dir string, d *Depth, o Options) *Folder {
	t.Helper()
	f, err := Open(dir)
	require.NoError(t, err)
	o.Audit, o.Shelf = true, new(run.Shelf)
	require.NoError(t, f.Run(ctx, cellsOf(t, d), cli.Streams{Out: io.Discard, Err: io.Discard}, o))
	return f
}

func cosinesOf(t *testing.T, f *Folder, cell string) *Cosines {
	t.Helper()
	r, err := f.Result(cell)
	require.NoError(t, err)
	require.NotNil(t, r)
	return r.Cosines
}

// What is kept of a cell is what an audit of its weights finds.
func TestCellsAreAudited(t *testing.T) {
	d := tiny(t)
	d.Depths, d.Seeds, d.Methods = []int{4}, 1, []Method{"bp", "s+fu", "pc"}
	f := audited(t, t.Context(), t.TempDir(), d, Options{Keep: true})
	require.Nil(t, cosinesOf(t, f, "mlp4-bp-seed0"))
	require.NoFileExists(t, f.Path("mlp4-bp-seed0/"+auditFile))
	for _, v := range cosinesOf(t, f, "mlp4-s+fu-seed0").Cosine {
		require.Greater(t, float64(v), 0.999)
	}
	got := cosinesOf(t, f, "mlp4-pc-seed0")
	require.Less(t, float64(got.Ratio[0]), 0.01)

	c := cellsOf(t, d)[2]
	require.NoError(t, c.Task.Load(new(run.Shelf)))
	weights, err := c.Task.LoadWeights(f.Path("mlp4-pc-seed0/" + run.CheckpointFile))
	require.NoError(t, err)
	c.Task.Config.Seed = 0
	want, err := audit.Run(t.Context(), c.Task.Net, c.Task.Config, c.Task.FirstBatch(), audit.Options{Weights: &weights, Samples: -1})
	require.NoError(t, err)
	require.Equal(t, 64, got.Samples)
	require.Len(t, got.Cosine, 4)
	for i, l := range want.Levels {
		require.Equal(t, l.Cosine, float64(got.Cosine[i]))
		require.Equal(t, l.Ratio, float64(got.Ratio[i]))
	}
}

// A cell that has ended without its audit gets it from its checkpoint, if that
// was kept, and its training is left alone.
func TestEndedCellsAreAudited(t *testing.T) {
	d := tiny(t)
	d.Depths, d.Seeds, d.Methods = []int{2, 3}, 1, []Method{"s+fu"}
	dir := t.TempDir()
	want := *cosinesOf(t, audited(t, t.Context(), dir, d, Options{Keep: true}), "mlp2-s+fu-seed0")
	metrics, err := os.ReadFile(filepath.Join(dir, "mlp2-s+fu-seed0", run.MetricsFile))
	require.NoError(t, err)
	for _, cell := range []string{"mlp2-s+fu-seed0", "mlp3-s+fu-seed0"} {
		require.NoError(t, os.Remove(filepath.Join(dir, cell, auditFile)))
	}
	require.NoError(t, os.Remove(filepath.Join(dir, "mlp3-s+fu-seed0", run.CheckpointFile)))

	f := audited(t, t.Context(), dir, d, Options{})
	require.Equal(t, want, *cosinesOf(t, f, "mlp2-s+fu-seed0"))
	require.Nil(t, cosinesOf(t, f, "mlp3-s+fu-seed0"))
	again, err := os.ReadFile(f.Path("mlp2-s+fu-seed0/" + run.MetricsFile))
	require.NoError(t, err)
	require.Equal(t, metrics, again)
	require.FileExists(t, f.Path("mlp2-s+fu-seed0/"+run.CheckpointFile))

	require.NoError(t, os.WriteFile(f.Path("mlp2-s+fu-seed0/"+auditFile), []byte("{"), 0o666))
	_, err = f.Result("mlp2-s+fu-seed0")
	require.ErrorContains(t, err, auditFile+" is damaged")
}

// A network that diverged is not audited.
func TestDivergedCellsAreNotAudited(t *testing.T) {
	d := tiny(t)
	d.Depths, d.Seeds, d.Methods = []int{3}, 1, []Method{"s+fu:optimizer=sgd:lr=1e30"}
	dir := t.TempDir()
	for range 2 {
		f := audited(t, t.Context(), dir, d, Options{Keep: true})
		r, err := f.Result("mlp3-s+fu,optimizer=sgd,lr=1e30-seed0")
		require.NoError(t, err)
		require.Nil(t, r.Done)
		require.Nil(t, r.Cosines)
	}
}

func TestCosineReport(t *testing.T) {
	dir, a := invented(t)
	require.Empty(t, a.cosineMarkdown())
	require.Empty(t, a.CosineChart().Lines)
	for cell, text := range map[string]string{
		"mlp2-pc,latent-lr=0.3-seed0": `{"samples":64,"cosine":[null,0.5],"ratio":[0,0.25]}`,
		"mlp3-pc,latent-lr=0.3-seed0": `{"samples":64,"cosine":[0.5,0.75,1],"ratio":[0.5,0.5,1]}`,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, cell, auditFile), []byte(text), 0o666))
	}
	f, err := Open(dir)
	require.NoError(t, err)
	paths, err := f.Save(a)
	require.NoError(t, err)
	require.Len(t, paths, 5, "what was read before has none")
	study, err := f.ReadDepth()
	require.NoError(t, err)
	a, err = f.Accuracy(study)
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(a.Markdown(), `the last epoch; seed 0.

| method       | network  | 0     | 1     | 2     |
|--------------|----------|-------|-------|-------|
| PC, rate 0.3 | 2 levels | -     | 0.500 |       |
| PC, rate 0.3 | 3 levels | 0.500 | 0.750 | 1.000 |
`), a.Markdown())
	c := a.CosineChart()
	require.Len(t, c.Lines, 1)
	require.Equal(t, 0.75, c.Lines[0].Points[1].Y)
	rows := a.depthRows()
	require.Nil(t, rows[0].Cosines)
	require.True(t, math.IsNaN(float64(rows[2].Cosines[0])))

	paths, err = f.Save(a)
	require.NoError(t, err)
	require.Contains(t, paths, f.Path("cosine.png"))
	file, err := os.Open(f.Path("cosine.csv"))
	require.NoError(t, err)
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	require.Equal(t, [][]string{
		{"depth", "method", "seed", "level", "cosine", "ratio"},
		{"2", "pc:latent-lr=0.3", "0", "0", "", "0"}, {"2", "pc:latent-lr=0.3", "0", "1", "0.5", "0.25"},
		{"3", "pc:latent-lr=0.3", "0", "0", "0.5", "0.5"}, {"3", "pc:latent-lr=0.3", "0", "1", "0.75", "0.5"},
		{"3", "pc:latent-lr=0.3", "0", "2", "1", "1"},
	}, lines)

	// Packed, they are the same without the folders.
	require.NoError(t, os.RemoveAll(f.Path("mlp3-pc,latent-lr=0.3-seed0")))
	f, err = Open(dir)
	require.NoError(t, err)
	require.Equal(t, []cli.Number{0.5, 0.75, 1}, cosinesOf(t, f, "mlp3-pc,latent-lr=0.3-seed0").Cosine)
}
