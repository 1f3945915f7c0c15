package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

// hashOf returns the weights' hash of a run's last line.
func hashOf(t *testing.T, out string) string {
	t.Helper()
	list := parseEvents(t, out)
	last := list[len(list)-1]
	require.Equal(t, "done", last["event"])
	return last["weights_sha256"].(string)
}

// begun makes the folder of a run that was interrupted before its first batch.
func begun(t *testing.T, more ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, err bytes.Buffer
	code := execute(ctx, small(t, append(more, "-out", dir)...), cli.Streams{Out: &out, Err: &err})
	require.Equal(t, cli.ExitInterrupted, code, err.String())
	require.Contains(t, out.String(), "interrupted after 0 batches of epoch 1; to go on: pcn train -resume "+dir)
	return dir
}

func TestResume(t *testing.T) {
	dir := begun(t, "-seed", "3")
	code, out, err := call("train", "-resume", dir, "-json", "-workers", "1", "-isa", "generic", "-save-every", "2")
	require.Equal(t, cli.ExitOK, code, err)
	_, whole, _ := call(small(t, "-seed", "3", "-json")...)
	require.Equal(t, hashOf(t, whole), hashOf(t, out))

	code, again, err := call("train", "-resume", dir, "-json")
	require.Equal(t, cli.ExitOK, code, err)
	require.Equal(t, out, again)
}

// The images may have moved.
func TestResumeWithAnotherFolderOfData(t *testing.T) {
	dir := begun(t)
	s, err := run.LoadConfig(filepath.Join(dir, run.ConfigFile))
	require.NoError(t, err)
	moved := s.Dir + "-moved"
	require.NoError(t, os.Rename(s.Dir, moved))
	code, _, text := call("train", "-resume", dir)
	require.Equal(t, cli.ExitFailure, code)
	require.Contains(t, text, "is missing")
	code, _, text = call("train", "-resume", dir, "-dir", moved)
	require.Equal(t, cli.ExitOK, code, text)
}

func TestResumeUsage(t *testing.T) {
	dir := begun(t)
	for args, want := range map[string]string{
		"-resume DIR -lr 0.1":          "leaves no -lr: leave it out, or begin another run with -config " + filepath.Join(dir, "config.json"),
		"-resume DIR -rule bp -lr 0.1": "leaves no -lr",
		"-resume DIR -out x":           "leaves no -out",
		"-resume DIR -config x":        "leaves no -config",
		"-resume=":                     "-resume needs a name",
		"-resume DIR -save-every -1":   "want a whole number from 0 on",
	} {
		code, out, err := call(append([]string{"train"}, strings.Fields(strings.ReplaceAll(args, "DIR", dir))...)...)
		require.Equal(t, cli.ExitUsage, code, args)
		require.Empty(t, out)
		require.Contains(t, err, want, args)
	}
	for folder, want := range map[string]string{
		t.TempDir():                       "holds no run: there is no config.json",
		filepath.Join(dir, "absent"):      "holds no run",
		filepath.Join(dir, "config.json"): "config.json",
	} {
		code, _, err := call("train", "-resume", folder)
		require.Equal(t, cli.ExitFailure, code)
		require.Contains(t, err, "pcn train: -resume: ")
		require.Contains(t, err, want)
	}
}

// A file of settings is a run's own or one that somebody wrote, and flags
// override it.
func TestConfigFile(t *testing.T) {
	dir := begun(t, "-seed", "3", "-rule", "bp")
	file := filepath.Join(dir, run.ConfigFile)
	list := events(t, "train", "-config", file)
	want := events(t, small(t, "-seed", "3", "-rule", "bp")...)
	require.Equal(t, outline(want), outline(list))
	require.Equal(t, want[len(want)-1]["weights_sha256"], list[len(list)-1]["weights_sha256"])

	for _, args := range [][]string{{"-config", file, "-seed", "4"}, {"-seed", "4", "-config", file}} {
		list = events(t, append([]string{"train"}, args...)...)
		settings := list[0]["settings"].(map[string]any)
		require.EqualValues(t, 4, settings["seed"])
		require.Equal(t, "bp", settings["rule"])
	}

	own := filepath.Join(t.TempDir(), "own.json")
	require.NoError(t, os.WriteFile(own, []byte(`{"rule": "ipc", "epochs": 1}`), 0o666))
	list = events(t, small(t, "-config", own, "-epochs", "2")...)
	require.Equal(t, "start epoch epoch done", outline(list))
	settings := list[0]["settings"].(map[string]any)
	require.Equal(t, 0.0003, settings["lr"], "the default of the rule")

	require.NoError(t, os.WriteFile(own, []byte("{\n\"rule\": \"ipc\",\n\"epoch\": 1}"), 0o666))
	code, out, err := call("train", "-config", own)
	require.Equal(t, cli.ExitUsage, code)
	require.Empty(t, out)
	require.Contains(t, err, "-config: "+own+`: line 3: unknown field "epoch" (did you mean "epochs"?)`)
}

// Two processes do not write to one folder.
func TestTwoProcessesOneFolder(t *testing.T) {
	dir := begun(t)
	folder, err := run.OpenFolder(dir)
	require.NoError(t, err)
	out, err := process(t, nil, "train", "-resume", dir).CombinedOutput()
	require.Equal(t, cli.ExitFailure, exitCodeOf(t, err))
	require.Contains(t, string(out), "another process is writing to "+dir)
	require.NoError(t, folder.Close())
	require.NoError(t, process(t, nil, "train", "-resume", dir).Run())
}

// A disk that is full ends the run with an error, and what was saved before is
// there: a limit on the size of files plays the disk.
func TestFullDisk(t *testing.T) {
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		t.Skip("no limit on the size of files is known here")
	}
	dir := filepath.Join(t.TempDir(), "run")
	_, whole, _ := call(small(t, "-val", "100", "-json")...)
	// Weights fit, but weights with the optimiser's moments do not.
	cmd := process(t, []string{fileLimit + "=100000"}, small(t, "-val", "100", "-out", dir, "-json")...)
	var people bytes.Buffer
	cmd.Stderr = &people
	_, err := cmd.Output()
	require.Equal(t, cli.ExitFailure, exitCodeOf(t, err))
	require.Contains(t, people.String(), "checkpoint.safetensors was not written, and what was there before is left alone")
	require.Contains(t, people.String(), "file too large")

	code, _, text := call("train", "-resume", dir, "-json")
	require.Equal(t, cli.ExitOK, code, text)
	saved, err := os.ReadFile(filepath.Join(dir, run.CheckpointFile))
	require.NoError(t, err)
	out, err := process(t, []string{fileLimit + "=100000"}, "train", "-resume", dir).CombinedOutput()
	require.NoError(t, err, "there is nothing to save: %s", out)
	again, err := os.ReadFile(filepath.Join(dir, run.CheckpointFile))
	require.NoError(t, err)
	require.Equal(t, saved, again)
	_, resumed, _ := call("train", "-resume", dir, "-json")
	require.Equal(t, hashOf(t, whole), hashOf(t, resumed))
}
