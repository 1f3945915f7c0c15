package study

import (
	"bytes"
	"context"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/tinyset"
)

// tiny is a question that takes no time.
func tiny(t *testing.T) *Depth {
	t.Helper()
	s := run.Defaults()
	for name, value := range map[string]string{
		"data": "mnist", "dir": tinyset.MNIST(t), "limit": "128", "batch": "64", "epochs": "2",
	} {
		require.NoError(t, s.Set(name, value))
	}
	return &Depth{Family: "mlp", Hidden: 8, Depths: []int{2, 3}, Methods: []Method{"bp", "s+fu"}, Seeds: 2, Base: s}
}

func cellsOf(t *testing.T, d *Depth) []Cell {
	t.Helper()
	cells, err := d.Cells()
	require.NoError(t, err)
	return cells
}

// train runs a question's cells and returns the names of those that were
// trained, and what people read.
func train(t *testing.T, ctx context.Context, dir string, d *Depth, jobs int) (names []string, text string, err error) {
	t.Helper()
	f, err := Open(dir)
	require.NoError(t, err)
	var out bytes.Buffer
	err = f.Run(ctx, cellsOf(t, d), cli.Streams{Out: &out, Err: io.Discard}, Options{
		Jobs: jobs, Shelf: new(run.Shelf),
		Report: func(r *Result) { names = append(names, r.Cell) },
	})
	return names, out.String(), err
}

// digests returns the hash of the weights of each cell that has ended.
func digests(t *testing.T, dir string, d *Depth) map[string]string {
	t.Helper()
	f, err := Open(dir)
	require.NoError(t, err)
	list := map[string]string{}
	for _, c := range cellsOf(t, d) {
		r, err := f.Result(c.Name)
		require.NoError(t, err)
		if r != nil && r.Done != nil {
			list[c.Name] = r.Done.Weights
		}
	}
	return list
}

func TestCellsAreTrainedOnce(t *testing.T) {
	dir, d := filepath.Join(t.TempDir(), "study"), tiny(t)
	names, text, err := train(t, t.Context(), dir, d, 0)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{
		"mlp2-bp-seed0", "mlp2-s+fu-seed0", "mlp3-bp-seed0", "mlp3-s+fu-seed0",
		"mlp2-bp-seed1", "mlp2-s+fu-seed1", "mlp3-bp-seed1", "mlp3-s+fu-seed1",
	}, names)
	require.Contains(t, text, "1/8  ")
	require.Contains(t, text, "8/8  ")
	require.Contains(t, text, " left\n")

	names, text, err = train(t, t.Context(), dir, d, 0)
	require.NoError(t, err)
	require.Empty(t, names)
	require.Empty(t, text)

	d.Seeds, d.Methods = 3, []Method{"bp"}
	names, _, err = train(t, t.Context(), dir, d, 0)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"mlp2-bp-seed2", "mlp3-bp-seed2"}, names, "the study has grown")
}

// A cell is what pcn train does with the same settings, whatever else runs.
func TestCellsAreTrainingRuns(t *testing.T) {
	d := tiny(t)
	d.Depths, d.Seeds, d.Base.Seed = []int{3}, 2, 7
	want := map[string]string{}
	for _, c := range cellsOf(t, d) {
		s := d.Base
		s.Model, s.Seed = "mlp:784-8x2-10", c.Task.Settings.Seed
		if strings.Contains(c.Name, "bp") {
			require.NoError(t, s.Set("rule", "bp"))
		}
		task, err := run.NewTask(s)
		require.NoError(t, err)
		r, err := task.Train(t.Context(), s.Seed, run.Hooks{})
		require.NoError(t, err)
		want[c.Name] = hex.EncodeToString(r.Digest[:])
	}
	require.Len(t, want, 4)
	for _, jobs := range []int{1, 2, 9} {
		dir := t.TempDir()
		_, _, err := train(t, t.Context(), dir, d, jobs)
		require.NoError(t, err)
		require.Equal(t, want, digests(t, dir, d), "%d jobs", jobs)
	}
}

func TestInterruptedStudyGoesOn(t *testing.T) {
	dir, d := t.TempDir(), tiny(t)
	f, err := Open(dir)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	var out bytes.Buffer
	before := 0
	err = f.Run(ctx, cellsOf(t, d), cli.Streams{Out: &out, Err: io.Discard}, Options{
		Jobs: 2, Shelf: new(run.Shelf),
		Report: func(*Result) { before++; cancel() },
	})
	require.ErrorIs(t, err, cli.ErrInterrupted)
	require.Contains(t, out.String(), "of 8 cells are done; the same command goes on with the others\n")
	require.Len(t, digests(t, dir, d), before)
	require.Less(t, before, 8)

	names, _, err := train(t, t.Context(), dir, d, 2)
	require.NoError(t, err)
	require.Len(t, names, 8-before)
	whole := t.TempDir()
	_, _, err = train(t, t.Context(), whole, d, 1)
	require.NoError(t, err)
	require.Equal(t, digests(t, whole, d), digests(t, dir, d))
}

// Whatever a process that was killed has left of a cell, it is trained again.
func TestHalfDoneCells(t *testing.T) {
	dir, d := t.TempDir(), tiny(t)
	_, _, err := train(t, t.Context(), dir, d, 0)
	require.NoError(t, err)
	want := digests(t, dir, d)

	cell := filepath.Join(dir, "mlp3-s+fu-seed1")
	metrics := filepath.Join(cell, run.MetricsFile)
	text, err := os.ReadFile(metrics)
	require.NoError(t, err)
	for what, left := range map[string][]byte{
		"the last line is cut":  text[:len(text)-1],
		"the last line is gone": text[:bytes.LastIndexByte(text[:len(text)-1], '\n')+1],
		"nothing is written":    {},
		"there is no file":      nil,
	} {
		require.NoError(t, os.Remove(metrics))
		if left != nil {
			require.NoError(t, os.WriteFile(metrics, left, 0o666))
		}
		names, _, err := train(t, t.Context(), dir, d, 0)
		require.NoError(t, err, what)
		require.Equal(t, []string{"mlp3-s+fu-seed1"}, names, what)
		require.Equal(t, want, digests(t, dir, d), what)
	}

	require.NoError(t, os.Remove(metrics))
	require.NoError(t, os.WriteFile(filepath.Join(cell, "notes.txt"), nil, 0o666))
	_, _, err = train(t, t.Context(), dir, d, 0)
	require.NoError(t, err)
	require.Equal(t, want, digests(t, dir, d))
	require.Equal(t, []string{run.ConfigFile, run.MetricsFile, "notes.txt"}, filesIn(t, cell), "other people's files stay")
}

func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestCheckpointsAreKeptOnRequest(t *testing.T) {
	d := tiny(t)
	d.Depths, d.Methods, d.Seeds = []int{2}, []Method{"bp"}, 1
	for keep, want := range map[bool][]string{
		false: {run.ConfigFile, run.MetricsFile},
		true:  {run.CheckpointFile, run.ConfigFile, run.MetricsFile},
	} {
		f, err := Open(t.TempDir())
		require.NoError(t, err)
		require.NoError(t, f.Run(t.Context(), cellsOf(t, d), cli.Streams{Out: io.Discard, Err: io.Discard}, Options{Keep: keep, Shelf: new(run.Shelf)}))
		require.Equal(t, want, filesIn(t, f.Path("mlp2-bp-seed0")))
	}
}

func TestOneProcessAFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "study")
	first, err := Open(dir)
	require.NoError(t, err)
	require.NoError(t, first.Lock())
	second, err := Open(dir)
	require.NoError(t, err)
	require.ErrorContains(t, second.Lock(), "another process is writing to "+dir)
	require.NoError(t, second.Close())
	require.NoError(t, first.Close())
	require.NoError(t, second.Lock())
	require.NoError(t, second.Close())
}

func TestChangedSettingsAreRefused(t *testing.T) {
	dir, d := t.TempDir(), tiny(t)
	_, _, err := train(t, t.Context(), dir, d, 0)
	require.NoError(t, err)
	want := digests(t, dir, d)
	require.NoError(t, d.Base.Set("epochs", "3"))
	require.NoError(t, d.Base.Set("latent-lr", "0.5"))
	d.Methods = []Method{"s+fu"}
	d.Depths = append(d.Depths, 4)
	names, _, err := train(t, t.Context(), dir, d, 0)
	require.EqualError(t, err, "the cell mlp2-s+fu-seed0 of "+dir+" has other settings: "+
		"-latent-lr is 0.8 there and 0.5 here, -epochs is 2 there and 3 here; name another folder, or remove the cell")
	require.Empty(t, names, "nothing is trained then")
	require.Equal(t, want, digests(t, dir, tiny(t)))
}

// What changes no bit may change.
func TestOtherMachinesGoOn(t *testing.T) {
	dir, d := t.TempDir(), tiny(t)
	_, _, err := train(t, t.Context(), dir, d, 0)
	require.NoError(t, err)
	for name, value := range map[string]string{"isa": "generic", "workers": "3", "dir": tinyset.MNIST(t)} {
		require.NoError(t, d.Base.Set(name, value))
	}
	names, _, err := train(t, t.Context(), dir, d, 0)
	require.NoError(t, err)
	require.Empty(t, names)
}

func TestDivergence(t *testing.T) {
	dir, d := t.TempDir(), tiny(t)
	d.Methods, d.Depths = []Method{"bp", "bp:optimizer=sgd:lr=1e30"}, []int{3}
	names, text, err := train(t, t.Context(), dir, d, 0)
	require.NoError(t, err, "the others are trained")
	require.Len(t, names, 4)
	require.Contains(t, text, "failed: training diverged in ")
	names, _, err = train(t, t.Context(), dir, d, 0)
	require.NoError(t, err)
	require.Empty(t, names, "it would diverge again")
	a := accuracyOf(t, dir, d)
	_, rows := a.table()
	require.Equal(t, "diverged", rows[1][1])
	require.Len(t, a.Chart().Lines, 2)
}

func TestMissingData(t *testing.T) {
	dir, d := filepath.Join(t.TempDir(), "study"), tiny(t)
	require.NoError(t, d.Base.Set("dir", t.TempDir()))
	_, _, err := train(t, t.Context(), dir, d, 0)
	require.ErrorContains(t, err, "pcn data get")
	require.NoDirExists(t, dir)
}

func TestBlindCellsSeeNoTestImages(t *testing.T) {
	dir, d := t.TempDir(), tiny(t)
	require.NoError(t, d.Base.Set("val", "100"))
	d.Depths, d.Seeds, d.Methods = []int{2}, 1, []Method{"bp"}
	cells := cellsOf(t, d)
	cells[0].Blind = true
	f, err := Open(dir)
	require.NoError(t, err)
	require.NoError(t, f.Run(t.Context(), cells, cli.Streams{Out: io.Discard, Err: io.Discard}, Options{Shelf: new(run.Shelf)}))
	metrics, err := os.ReadFile(f.Path("mlp2-bp-seed0/metrics.jsonl"))
	require.NoError(t, err)
	require.Contains(t, string(metrics), `"test_images":0`)
	require.NotRegexp(t, `"test_accuracy":[0-9]`, string(metrics))
	r, err := f.Result("mlp2-bp-seed0")
	require.NoError(t, err)
	require.NotNil(t, r.Best)
	require.Greater(t, float64(*r.Best.Validation), 0.0)
}
