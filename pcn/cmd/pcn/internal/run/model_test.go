package run

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/checkpoint"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

func TestFindModel(t *testing.T) {
	task := newTask(t)
	dir := uninterrupted(t, task)
	alone := filepath.Join(t.TempDir(), "alone.safetensors")
	copyFile(t, filepath.Join(dir, CheckpointFile), alone)
	last, err := checkpoint.Load(alone)
	require.NoError(t, err)
	for _, c := range []struct {
		path string
		best bool
		want string
	}{
		{dir, false, filepath.Join(dir, CheckpointFile)},
		{dir, true, filepath.Join(dir, BestFile)},
		{filepath.Join(dir, CheckpointFile), false, filepath.Join(dir, CheckpointFile)},
		{filepath.Join(dir, BestFile), false, filepath.Join(dir, BestFile)},
		{alone, false, alone},
	} {
		s, weights, err := FindModel(c.path, c.best)
		require.NoError(t, err)
		require.Equal(t, c.want, weights)
		require.Equal(t, task.Settings.Model, s.Model)
		require.Equal(t, task.Settings.Val, s.Val)
		if c.path != alone { // which does not know where the images are
			require.Equal(t, task.Settings.Dir, s.Dir)
		}
		planned, err := Plan(s)
		require.NoError(t, err)
		w, err := planned.LoadWeights(weights)
		require.NoError(t, err)
		if filepath.Base(weights) != BestFile {
			require.Equal(t, last.Snapshot.Weights, w)
		}
	}
}

func TestFindModelRefuses(t *testing.T) {
	dir, seeds := uninterrupted(t, newTask(t, "val", "0")), uninterrupted(t, newTask(t, "seeds", "2", "epochs", "1"))
	foreign := filepath.Join(t.TempDir(), "w.safetensors")
	c, err := checkpoint.Load(filepath.Join(dir, CheckpointFile))
	require.NoError(t, err)
	require.NoError(t, checkpoint.SaveWeights(foreign, c.Snapshot.Weights))
	unnoted := filepath.Join(t.TempDir(), "c.safetensors")
	c.Notes = nil
	require.NoError(t, c.Save(unnoted))
	damaged := filepath.Join(t.TempDir(), "d.safetensors")
	require.NoError(t, os.WriteFile(damaged, []byte("text"), 0o666))
	for _, c := range []struct {
		path string
		best bool
		want string
	}{
		{filepath.Join(dir, "nothing"), false, "nothing: no such file"},
		{filepath.Dir(foreign), false, "holds no run: there is no config.json"},
		{dir, true, "has no best.safetensors: only runs with -val have one"},
		{seeds, false, "holds a run of 2 seeds: name the folder of one, such as " + filepath.Join(seeds, "seed-0")},
		{filepath.Join(dir, CheckpointFile), true, "-best chooses a file in the folder of a run"},
		{foreign, false, "does not say which network it is of: call it -weights " + foreign},
		{unnoted, false, "does not say which network it is of"},
		{damaged, false, "is damaged"},
	} {
		_, _, err := FindModel(c.path, c.best)
		require.ErrorContains(t, err, c.want)
	}
	require.NoError(t, os.Remove(filepath.Join(dir, CheckpointFile)))
	_, _, err = FindModel(dir, false)
	require.ErrorContains(t, err, "go on with the run with pcn train -resume "+dir)
	s, weights, err := FindModel(filepath.Join(seeds, "seed-1"), false)
	require.NoError(t, err)
	require.Equal(t, uint64(1), s.Seed)
	require.FileExists(t, weights)

	_, err = newTask(t, "model", "mlp:784-13-10").LoadWeights(weights)
	require.ErrorIs(t, err, checkpoint.ErrMismatch)
	require.ErrorContains(t, err, "-model, -width, -bn and -activation say which")
	var usage cli.UsageError
	_, _, err = FindModel(foreign, false)
	require.ErrorAs(t, err, &usage)
}
