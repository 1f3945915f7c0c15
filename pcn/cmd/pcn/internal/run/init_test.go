package run

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/checkpoint"
)

// startsFrom trains a task and returns the weights it started from.
func startsFrom(t *testing.T, task *Task, f *Folder) (w pcn.Weights) {
	t.Helper()
	require.NoError(t, task.RunIn(t.Context(), f, quiet(), Hooks{Start: func(trainer *pcn.Trainer) { w = trainer.Weights() }}))
	return w
}

func TestInit(t *testing.T) {
	given := pcn.InitialWeights(newTask(t).Net, 77, 2)
	path := filepath.Join(t.TempDir(), "w.safetensors")
	require.NoError(t, checkpoint.SaveWeights(path, given))
	require.NotEqual(t, given, startsFrom(t, newTask(t), nil), "the control")
	require.Equal(t, given, startsFrom(t, newTask(t, "init", path), nil))

	// The folder keeps them: seeds that come later start from the same.
	task := newTask(t, "init", path, "seeds", "2", "epochs", "1")
	dir := filepath.Join(t.TempDir(), "run")
	f, err := CreateFolder(dir, task.Record())
	require.NoError(t, err)
	starts := 0
	require.NoError(t, task.RunIn(t.Context(), f, quiet(), Hooks{Start: func(trainer *pcn.Trainer) {
		require.Equal(t, given, trainer.Weights())
		require.NoError(t, checkpoint.SaveWeights(path, pcn.InitialWeights(task.Net, 78, 2)))
		starts++
	}}))
	require.Equal(t, 2, starts)
	require.NoError(t, f.Close())
	require.FileExists(t, filepath.Join(dir, InitFile))

	// Another setting of the same name is another run.
	different, err := Differences(newTask(t, "seeds", "2", "epochs", "1").Record().JSON(), &task.Settings)
	require.NoError(t, err)
	require.Contains(t, strings.Join(different, " "), "init")
}

// A run that is resumed does without the file it started from.
func TestInitAndResume(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.safetensors")
	require.NoError(t, checkpoint.SaveWeights(path, pcn.InitialWeights(newTask(t).Net, 77, 2)))
	task := newTask(t, "init", path)
	whole := uninterrupted(t, task)
	for _, batches := range []int{1, 5} {
		require.NoError(t, checkpoint.SaveWeights(path, pcn.InitialWeights(task.Net, 77, 2)))
		dir := filepath.Join(t.TempDir(), "pieces")
		f, err := CreateFolder(dir, task.Record())
		require.NoError(t, err)
		require.Error(t, sitting(t, task, f, quiet(), batches))
		require.NoError(t, os.Remove(path))
		if batches == 1 { // killed before the first checkpoint
			require.NoError(t, os.Remove(filepath.Join(dir, CheckpointFile)))
		}
		f, err = OpenFolder(dir)
		require.NoError(t, err)
		require.NoError(t, sitting(t, anew(t, f), f, quiet(), -1))
		sameRuns(t, &task.Settings, whole, dir)
	}
}

func TestInitThatDoesNotFit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.safetensors")
	require.NoError(t, checkpoint.SaveWeights(path, pcn.InitialWeights(newTask(t, "model", "mlp:784-13-10").Net, 77, 2)))
	_, err := newTask(t, "init", path).Train(t.Context(), 0, Hooks{})
	require.ErrorIs(t, err, checkpoint.ErrMismatch)
	require.ErrorContains(t, err, "-init: ")
	_, err = newTask(t, "init", path+"2").Train(t.Context(), 0, Hooks{})
	require.ErrorIs(t, err, os.ErrNotExist)
	require.Contains(t, newTask(t, "init", path, "gain", "2").Warnings, "-gain has no effect with -init")
}
