package run

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/checkpoint"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/tinyset"
)

// newTask makes a task of 4 batches an epoch, with changes as pairs of name and
// value.
func newTask(t *testing.T, changes ...string) *Task {
	t.Helper()
	s := Defaults()
	changes = append([]string{"data", "mnist", "model", "mlp:784-12-10", "batch", "50", "limit", "200", "epochs", "3", "val", "100"}, changes...)
	for i := 0; i < len(changes); i += 2 {
		require.NoError(t, s.Set(changes[i], changes[i+1]))
	}
	if s.Dir == "" {
		require.NoError(t, s.Set("dir", tinyset.MNIST(t)))
	}
	task, err := NewTask(s)
	require.NoError(t, err)
	return task
}

// anew makes the task of a folder's settings, as another process would.
func anew(t *testing.T, f *Folder) *Task {
	t.Helper()
	task, err := NewTask(f.Settings())
	require.NoError(t, err)
	return task
}

// quiet is a log that nobody reads.
func quiet() *Log { return NewLog(cli.Streams{Out: io.Discard, Err: io.Discard}, false) }

// files reads all files of a folder, those in folders within included.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	list := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		list[filepath.ToSlash(path[len(dir):])] = string(content)
		return err
	}))
	return list
}

var times = regexp.MustCompile(`"(seconds|samples_per_second)":[^,}]*`)

// timeless is metrics.jsonl without what no two runs have alike.
func timeless(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, MetricsFile))
	require.NoError(t, err)
	return times.ReplaceAllString(string(text), `"$1":0`)
}

// uninterrupted runs a task in a folder of its own and returns that.
func uninterrupted(t *testing.T, task *Task) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "whole")
	f, err := CreateFolder(dir, task.Record())
	require.NoError(t, err)
	require.NoError(t, task.RunIn(t.Context(), f, quiet(), Hooks{}))
	require.NoError(t, f.Close())
	return dir
}

// sitting runs a task in a folder until so many batches are done.
func sitting(t *testing.T, task *Task, f *Folder, log *Log, batches int) error {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err := task.RunIn(ctx, f, log, Hooks{Batch: func(int, int, int, pcn.Stats) {
		if batches--; batches == 0 {
			cancel()
		}
	}})
	require.NoError(t, f.Close())
	return err
}

// inSittings runs a task in a new folder, a few batches at a time.
func inSittings(t *testing.T, task *Task, batches int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "pieces")
	f, err := CreateFolder(dir, task.Record())
	require.NoError(t, err)
	for i := 0; ; i++ {
		f.SaveEvery = 1 + i%3 // it is of no consequence
		err = sitting(t, task, f, quiet(), batches)
		if err == nil {
			return dir
		}
		require.ErrorIs(t, err, cli.ErrInterrupted)
		f, err = OpenFolder(dir)
		require.NoError(t, err)
		task = anew(t, f)
	}
}

// sameRuns requires that two folders tell of the same run, to the bit.
func sameRuns(t *testing.T, s *Settings, want, got string) {
	t.Helper()
	require.Equal(t, timeless(t, want), timeless(t, got))
	for i := range s.Seeds {
		seed := s.Seed + uint64(i)
		a, err := checkpoint.Load(filepath.Join(SeedFolder(want, s, seed), CheckpointFile))
		require.NoError(t, err)
		b, err := checkpoint.Load(filepath.Join(SeedFolder(got, s, seed), CheckpointFile))
		require.NoError(t, err)
		require.Equal(t, a.Snapshot, b.Snapshot)
		if s.Val > 0 {
			x, err := os.ReadFile(filepath.Join(SeedFolder(want, s, seed), BestFile))
			require.NoError(t, err)
			y, err := os.ReadFile(filepath.Join(SeedFolder(got, s, seed), BestFile))
			require.NoError(t, err)
			require.Equal(t, sha256.Sum256(x), sha256.Sum256(y))
		}
	}
}

// Runs in pieces that end after any batch come to the same as whole ones.
func TestRunsGoOnToTheSameBits(t *testing.T) {
	for name, c := range map[string]struct {
		changes []string
		batches []int // of a sitting; 4 make an epoch
	}{
		"default":       {nil, []int{1, 3, 4, 7}},
		"incremental":   {[]string{"rule", "ipc"}, []int{3}},
		"backprop, sgd": {[]string{"rule", "bp", "optimizer", "sgd", "lr", "0.01"}, []int{3}},
		"no validation": {[]string{"val", "0"}, []int{3}},
		"several seeds": {[]string{"seeds", "3", "seed", "5", "epochs", "2"}, []int{3}},
		"norms, augmented images": {[]string{"data", "cifar10", "dir", tinyset.CIFAR10(t), "model", "resnet10", "width", "0.02",
			"bn", "true", "bn-freeze", "false", "batch", "10", "val", "10", "limit", "40", "epochs", "2"}, []int{3}},
	} {
		t.Run(name, func(t *testing.T) {
			task := newTask(t, c.changes...)
			whole := uninterrupted(t, task)
			for _, batches := range c.batches {
				pieces := inSittings(t, newTask(t, append(c.changes, "dir", task.Settings.Dir)...), batches)
				sameRuns(t, &task.Settings, whole, pieces)
			}
		})
	}
	require.NotEqual(t, timeless(t, uninterrupted(t, newTask(t, "seed", "1"))), timeless(t, uninterrupted(t, newTask(t, "seed", "2"))),
		"the control: other runs tell of other things")
}

// What computes may change from one sitting to the next.
func TestAnotherMachineGoesOn(t *testing.T) {
	task := newTask(t)
	whole := uninterrupted(t, task)
	dir := filepath.Join(t.TempDir(), "run")
	f, err := CreateFolder(dir, task.Record())
	require.NoError(t, err)
	require.ErrorIs(t, sitting(t, task, f, quiet(), 5), cli.ErrInterrupted)
	f, err = OpenFolder(dir)
	require.NoError(t, err)
	s := f.Settings()
	require.NoError(t, s.Set("workers", "3"))
	require.NoError(t, s.Set("isa", kernels.Generic.String()))
	task, err = NewTask(s)
	require.NoError(t, err)
	require.NoError(t, sitting(t, task, f, quiet(), -1))
	sameRuns(t, &task.Settings, whole, dir)
}

// Those who get JSON get the earlier sittings' events too, and people read where
// the run goes on.
func TestResumedRunsTellAll(t *testing.T) {
	task := newTask(t)
	dir := filepath.Join(t.TempDir(), "run")
	f, err := CreateFolder(dir, task.Record())
	require.NoError(t, err)
	var first, second, people bytes.Buffer
	require.ErrorIs(t, sitting(t, task, f, NewLog(cli.Streams{Out: &first, Err: io.Discard}, true), 6), cli.ErrInterrupted)
	require.Contains(t, first.String(), `{"event":"interrupted","seed":0,"epoch":2,"batches":2,"folder":"`+dir+`"}`)

	f, err = OpenFolder(dir)
	require.NoError(t, err)
	require.NoError(t, sitting(t, anew(t, f), f, NewLog(cli.Streams{Out: &second, Err: &people}, true), -1))
	metrics, err := os.ReadFile(filepath.Join(dir, MetricsFile))
	require.NoError(t, err)
	require.Equal(t, string(metrics), second.String())
	require.NotContains(t, second.String(), "interrupted")
	require.Contains(t, people.String(), "\ngoes on after 2 batches of epoch 2\n")
	require.NotContains(t, people.String(), "epoch 1/3", "was read before")
	require.Contains(t, people.String(), "epoch 2/3")

	// A run that has ended tells its end again.
	f, err = OpenFolder(dir)
	require.NoError(t, err)
	var third bytes.Buffer
	require.NoError(t, sitting(t, anew(t, f), f, NewLog(cli.Streams{Out: &third, Err: io.Discard}, true), -1))
	require.Equal(t, string(metrics), third.String())
	again, err := os.ReadFile(filepath.Join(dir, MetricsFile))
	require.NoError(t, err)
	require.Equal(t, string(metrics), string(again))
}

// A process that died before its first checkpoint has left a folder that a run
// begins in.
func TestResumeOfNothing(t *testing.T) {
	task := newTask(t)
	whole := uninterrupted(t, task)
	dir := filepath.Join(t.TempDir(), "run")
	f, err := CreateFolder(dir, task.Record())
	require.NoError(t, err)
	_, err = f.Write([]byte(`{"event":"start"`))
	require.NoError(t, err)
	require.NoError(t, f.Close())
	f, err = OpenFolder(dir)
	require.NoError(t, err)
	require.NoError(t, sitting(t, task, f, quiet(), -1))
	sameRuns(t, &task.Settings, whole, dir)
}

// A process that dies when the last epoch is saved, but not yet that it was the
// last, has left nothing to do but to say so.
func TestRunsThatDiedAtTheirEnd(t *testing.T) {
	for name, changes := range map[string][]string{
		"all epochs":           nil,
		"the paper's protocol": {"paper-protocol", "true", "val", "0", "rule", "bp", "lr", "0.01", "epochs", "40"},
	} {
		t.Run(name, func(t *testing.T) {
			task := newTask(t, changes...)
			whole := uninterrupted(t, task)
			dir := uninterrupted(t, task)
			path := filepath.Join(dir, CheckpointFile)
			c, err := checkpoint.Load(path)
			require.NoError(t, err)
			require.Contains(t, c.Notes[noteKey], `"done":true`)
			require.Equal(t, task.Settings.Paper, c.Progress.Epoch < task.Settings.Epochs, "the protocol ends the run early")
			c.Notes[noteKey] = strings.Replace(c.Notes[noteKey], `"done":true`, `"done":false`, 1)
			require.NoError(t, c.Save(path))
			require.NoError(t, resume(t, dir))
			sameRuns(t, &task.Settings, whole, dir)
		})
	}
}

// An error of a hook ends the run, and what was saved before is there.
func TestHooksThatFail(t *testing.T) {
	task := newTask(t)
	whole := uninterrupted(t, task)
	dir := filepath.Join(t.TempDir(), "run")
	f, err := CreateFolder(dir, task.Record())
	require.NoError(t, err)
	f.SaveEvery = 1
	broken := errors.New("broken")
	epochs := 0
	err = task.RunIn(t.Context(), f, quiet(), Hooks{Epoch: func(EpochEvent) error {
		if epochs++; epochs == 2 {
			return broken
		}
		return nil
	}})
	require.ErrorIs(t, err, broken)
	require.NoError(t, f.Close())
	require.Contains(t, timeless(t, dir), `{"event":"failed","seed":0,"message":"broken"}`)
	f, err = OpenFolder(dir)
	require.NoError(t, err)
	require.NoError(t, sitting(t, anew(t, f), f, quiet(), -1))
	sameRuns(t, &task.Settings, whole, dir)
}

func ExampleTask_Train() {
	s := Defaults()
	for name, value := range map[string]string{"model": "mlp:784-16-10", "limit": "128", "epochs": "1"} {
		if err := s.Set(name, value); err != nil {
			panic(err)
		}
	}
	task, err := NewTask(s)
	if err != nil {
		panic(err)
	}
	result, err := task.Train(context.Background(), 0, Hooks{Epoch: func(e EpochEvent) error {
		fmt.Printf("epoch %d of %d\n", e.Epoch, e.Epochs)
		return nil
	}})
	fmt.Println(result.Samples, err)
	// Output:
	// epoch 1 of 1
	// 128 <nil>
}
