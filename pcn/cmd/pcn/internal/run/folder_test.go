package run

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/checkpoint"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

// halfway runs a task for six of its twelve batches and returns its folder.
func halfway(t *testing.T, changes ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	task := newTask(t, changes...)
	f, err := CreateFolder(dir, task.Record())
	require.NoError(t, err)
	require.ErrorIs(t, sitting(t, task, f, quiet(), 6), cli.ErrInterrupted)
	return dir
}

// resume goes on with a run to its end.
func resume(t *testing.T, dir string) error {
	t.Helper()
	f, err := OpenFolder(dir)
	if err != nil {
		return err
	}
	task, err := NewTask(f.Settings())
	if err != nil {
		require.NoError(t, f.Close())
		return err
	}
	return sitting(t, task, f, quiet(), -1)
}

// change replaces part of a file.
func change(t *testing.T, path, old, new string) {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(text), old)
	require.NoError(t, os.WriteFile(path, []byte(strings.Replace(string(text), old, new, 1)), 0o666))
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(to, content, 0o666))
}

// What a run cannot go on from gives an error that says why, and no file is
// changed.
func TestFoldersThatCannotBeResumed(t *testing.T) {
	for name, c := range map[string]struct {
		changes []string
		spoil   func(t *testing.T, dir string)
		want    string
		is      error
	}{
		"no run": {nil, func(t *testing.T, dir string) {
			require.NoError(t, os.Remove(filepath.Join(dir, ConfigFile)))
		}, "holds no run: there is no config.json", nil},
		"a wrong field": {nil, func(t *testing.T, dir string) {
			change(t, filepath.Join(dir, ConfigFile), `"rule"`, `"rul"`)
		}, `unknown field "rul" (did you mean "rule"?)`, nil},
		"other settings": {nil, func(t *testing.T, dir string) {
			change(t, filepath.Join(dir, ConfigFile), `"lr": 0.001`, `"lr": 0.002`)
		}, "-lr is 0.001 there and 0.002 here; set that back in config.json", checkpoint.ErrMismatch},
		"a shortened checkpoint": {nil, func(t *testing.T, dir string) {
			require.NoError(t, os.Truncate(filepath.Join(dir, CheckpointFile), 20000))
		}, CheckpointFile, checkpoint.ErrDamaged},
		"a changed checkpoint": {nil, func(t *testing.T, dir string) {
			path := filepath.Join(dir, CheckpointFile)
			content, err := os.ReadFile(path)
			require.NoError(t, err)
			content[len(content)-1] ^= 1
			require.NoError(t, os.WriteFile(path, content, 0o666))
		}, "checksum", checkpoint.ErrDamaged},
		"no checkpoint": {nil, func(t *testing.T, dir string) {
			copyFile(t, filepath.Join(dir, ConfigFile), filepath.Join(dir, CheckpointFile))
		}, CheckpointFile, checkpoint.ErrDamaged},
		"weights": {nil, func(t *testing.T, dir string) {
			copyFile(t, filepath.Join(dir, BestFile), filepath.Join(dir, CheckpointFile))
		}, "it holds weights alone", checkpoint.ErrMismatch},
		"another run's checkpoint": {nil, func(t *testing.T, dir string) {
			copyFile(t, filepath.Join(halfway(t, "rule", "ipc"), CheckpointFile), filepath.Join(dir, CheckpointFile))
		}, `-rule is "ipc" there and "pc" here`, checkpoint.ErrMismatch},
		"another program's checkpoint": {nil, func(t *testing.T, dir string) {
			path := filepath.Join(dir, CheckpointFile)
			c, err := checkpoint.Load(path)
			require.NoError(t, err)
			task := newTask(t)
			trainer, err := task.NewTrainer(0)
			require.NoError(t, err)
			defer trainer.Close()
			require.NoError(t, checkpoint.Capture(trainer, c.Progress).Save(path))
		}, "was not saved by pcn train", checkpoint.ErrMismatch},
		"other images": {nil, func(t *testing.T, dir string) {
			f, err := OpenFolder(dir)
			require.NoError(t, err)
			require.NoError(t, f.Close())
			images, err := os.OpenFile(filepath.Join(f.Settings().Dir, "train-images-idx3-ubyte"), os.O_WRONLY, 0)
			require.NoError(t, err)
			_, err = images.WriteAt([]byte{77}, 5000)
			require.NoError(t, err)
			require.NoError(t, images.Close())
		}, "saved with other images", checkpoint.ErrMismatch},
		"shortened metrics": {nil, func(t *testing.T, dir string) {
			require.NoError(t, os.Truncate(filepath.Join(dir, MetricsFile), 100))
		}, "metrics.jsonl has 100 bytes, but it had ", nil},
		"no metrics": {nil, func(t *testing.T, dir string) {
			require.NoError(t, os.Remove(filepath.Join(dir, MetricsFile)))
		}, "is missing, though there is a checkpoint", nil},
		"a seed between is missing": {[]string{"seeds", "3", "epochs", "1"}, func(t *testing.T, dir string) {
			require.NoError(t, os.Rename(filepath.Join(dir, "seed-1", CheckpointFile), filepath.Join(dir, "seed-1", "x")))
			require.NoError(t, os.MkdirAll(filepath.Join(dir, "seed-2"), 0o777))
			other := uninterrupted(t, newTask(t, "seed", "2", "epochs", "1", "dir", dirOf(t, dir)))
			copyFile(t, filepath.Join(other, CheckpointFile), filepath.Join(dir, "seed-2", CheckpointFile))
		}, "holds training with seed 2, though that with seed 1 has not ended", nil},
		"a folder of one of several seeds": {[]string{"seeds", "2"}, nil, "the folder of one of several seeds cannot be resumed", nil},
	} {
		t.Run(name, func(t *testing.T) {
			dir := halfway(t, c.changes...)
			if c.spoil != nil {
				c.spoil(t, dir)
			} else {
				dir = filepath.Join(dir, "seed-0")
			}
			before := files(t, dir)
			err := resume(t, dir)
			require.ErrorContains(t, err, c.want)
			if c.is != nil {
				require.ErrorIs(t, err, c.is)
			}
			after := files(t, dir)
			delete(after, "/"+LockFile)
			delete(before, "/"+LockFile)
			require.Equal(t, before, after)
		})
	}
	require.NoError(t, resume(t, halfway(t)), "the control: unspoilt it can")
}

// dirOf returns where the images of a run lie.
func dirOf(t *testing.T, dir string) string {
	t.Helper()
	s, err := LoadConfig(filepath.Join(dir, ConfigFile))
	require.NoError(t, err)
	return s.Dir
}

func TestOneProcessAFolder(t *testing.T) {
	task := newTask(t)
	dir := filepath.Join(t.TempDir(), "run")
	f, err := CreateFolder(dir, task.Record())
	require.NoError(t, err)
	_, err = OpenFolder(dir)
	require.ErrorContains(t, err, "another process is writing to "+dir)
	_, err = CreateFolder(dir, task.Record())
	require.ErrorContains(t, err, "holds a run")
	require.NoError(t, f.Close())
	f, err = OpenFolder(dir)
	require.NoError(t, err)
	_, err = OpenFolder(dir)
	require.ErrorContains(t, err, "another process is writing to "+dir)
	require.NoError(t, f.Close())

	// Of two that make a folder, one comes first.
	empty := t.TempDir()
	g := &Folder{dir: empty}
	require.NoError(t, g.acquire())
	_, err = CreateFolder(empty, task.Record())
	require.ErrorContains(t, err, "another process is writing to "+empty)
	require.NoError(t, g.Close())
}

func TestNewFolders(t *testing.T) {
	task := newTask(t)
	dir := t.TempDir()
	other := filepath.Join(dir, "other")
	require.NoError(t, os.WriteFile(other, nil, 0o666))
	_, err := CreateFolder(dir, task.Record())
	require.ErrorContains(t, err, "is not empty, and nothing is overwritten")
	_, err = CreateFolder(other, task.Record())
	require.ErrorContains(t, err, "is a file: name a new folder")
	require.Equal(t, map[string]string{"/other": ""}, files(t, dir), "nothing is left there, no lock either")

	// What a process leaves that was killed while it made the folder.
	require.NoError(t, os.Remove(other))
	temporary := filepath.Join(dir, fmt.Sprintf(".%s.%016x.tmp", ConfigFile, 5))
	require.NoError(t, os.WriteFile(temporary, []byte("{"), 0o666))
	f, err := CreateFolder(dir, task.Record())
	require.NoError(t, err)
	require.NoFileExists(t, temporary)
	require.NoError(t, f.Close())
}

func TestReadOnlyFolder(t *testing.T) {
	if os.Geteuid() == 0 || os.PathSeparator == '\\' {
		t.Skip("permissions do not bind this user")
	}
	dir := halfway(t)
	before := files(t, dir)
	require.NoError(t, os.Chmod(dir, 0o555))
	defer os.Chmod(dir, 0o777)
	require.ErrorIs(t, resume(t, dir), os.ErrPermission)
	_, err := CreateFolder(filepath.Join(dir, "new"), newTask(t).Record())
	require.ErrorIs(t, err, os.ErrPermission)
	require.Equal(t, before, files(t, dir))
}

// Of another program's run people are warned.
func TestAnotherVersionGoesOn(t *testing.T) {
	dir := halfway(t)
	f, err := OpenFolder(dir)
	require.NoError(t, err)
	require.Empty(t, f.warnings())
	require.NoError(t, f.Close())
	change(t, filepath.Join(dir, ConfigFile), `"code": {`, `"code": {"revision": "abc", `)
	f, err = OpenFolder(dir)
	require.NoError(t, err)
	require.Len(t, f.warnings(), 1)
	require.Contains(t, f.warnings()[0], "begun by another version of the program")
	require.NoError(t, f.Close())
	require.NoError(t, resume(t, dir))
}
