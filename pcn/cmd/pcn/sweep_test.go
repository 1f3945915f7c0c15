package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/tinyset"
)

// accuracies are what cells without test images have none of.
var accuracies = regexp.MustCompile(`"test_accuracy":[0-9]`)

// sweepFile writes the description of a sweep that takes no time.
func sweepFile(t *testing.T, settings map[string]any) string {
	t.Helper()
	all := map[string]any{"data": "mnist", "dir": tinyset.MNIST(t), "model": "mlp:784-8-10", "limit": 128, "batch": 64, "epochs": 2, "seeds": 2, "val": 100}
	for name, value := range settings {
		all[name] = value
		if value == nil {
			delete(all, name)
		}
	}
	text, err := json.Marshal(map[string]any{"settings": all, "grid": map[string]any{"lr": []any{1e-5, 0.01}}})
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "rates.json")
	require.NoError(t, os.WriteFile(path, text, 0o666))
	return path
}

func TestSweep(t *testing.T) {
	file, dir := sweepFile(t, nil), filepath.Join(t.TempDir(), "sweep")
	code, out, err := call("sweep", "-out", dir, file)
	require.Equal(t, cli.ExitOK, code, err)
	require.Contains(t, out, "4/4  trial")
	require.Contains(t, out, "selected: trial 1 (lr 0.01)\ntest accuracy ")
	require.NotContains(t, out, "warning")
	require.NotContains(t, out, "paper")

	// Only the selected settings have met the test images.
	seen := 0
	cells, globErr := filepath.Glob(filepath.Join(dir, "*", "metrics.jsonl"))
	require.NoError(t, globErr)
	require.Len(t, cells, 6)
	for _, path := range cells {
		metrics, err := os.ReadFile(path)
		require.NoError(t, err)
		blind := strings.Contains(string(metrics), `"test_images":0}`)
		require.Equal(t, blind, !accuracies.Match(metrics), path)
		require.Equal(t, !strings.Contains(path, "test-trial001-"), blind, path)
		if !blind {
			seen++
		}
	}
	require.Equal(t, 2, seen)

	code, again, err := call("sweep", "-out", dir, file)
	require.Equal(t, cli.ExitOK, code, err)
	require.NotContains(t, again, "4/4", "nothing is trained again")
	require.Contains(t, out, again)

	code, text, err := call("sweep", "-json", "-out", dir, file)
	require.Equal(t, cli.ExitOK, code, err)
	var report map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &report))
	require.Equal(t, "sweep", report["study"])
	for _, name := range []string{"sweep.csv", "sweep.json", "sweep.md", "results.jsonl", "study.json"} {
		require.FileExists(t, filepath.Join(dir, name))
	}

	code, _, err = call("sweep", "-out", dir, sweepFile(t, map[string]any{"epochs": 3}))
	require.Equal(t, cli.ExitFailure, code)
	require.Contains(t, err, "has other settings: -epochs is 2 there and 3 here")
	code, _, err = call(append([]string{"depth", "-out", dir}, tinyDepth(t)...)...)
	require.Equal(t, cli.ExitFailure, code)
	require.Contains(t, err, `holds a study of another kind, "sweep"`)
}

// The paper's protocol is asked for aloud, and every figure says so.
func TestSweepByThePapersProtocol(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "sweep")
	file := sweepFile(t, map[string]any{"val": nil})
	code, _, err := call("sweep", "-out", dir, file)
	require.Equal(t, cli.ExitUsage, code)
	require.Contains(t, err, `set "val" under settings`)
	require.NoDirExists(t, dir)

	code, out, err := call("sweep", "-paper-protocol", "-out", dir, file)
	require.Equal(t, cli.ExitOK, code, err)
	require.Contains(t, out, "best test accuracy (the paper's protocol)")
	require.Contains(t, out, "chosen by the test images themselves, which flatters): trial 1 (lr 0.01), ")
	require.NotContains(t, out, "validation")
	for name, want := range map[string]string{
		"sweep.csv": "paper_protocol_test_accuracy_mean", "sweep.json": `"measure": "paper_protocol_test_accuracy"`, "sweep.md": "the paper's protocol",
	} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Contains(t, string(text), want)
	}
}

func TestBadSweepFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.json")
	require.NoError(t, os.WriteFile(file, []byte(`{"gird": {}}`), 0o666))
	for want, args := range map[string][]string{
		"name one file":                            {"sweep"},
		`a.json: unknown field "gird" (did you`:    {"sweep", file},
		"unknown flag -job (did you mean \"jobs\"": {"sweep", "-job", "1", file},
	} {
		code, _, err := call(args...)
		require.Equal(t, cli.ExitUsage, code, args)
		require.Contains(t, err, want)
	}
	code, _, err := call("sweep", file+".no")
	require.Equal(t, cli.ExitFailure, code)
	require.Contains(t, err, "no such file")
}
