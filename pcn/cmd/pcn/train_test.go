package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/tinyset"
)

// events runs the command with -json and returns its events.
func events(t *testing.T, args ...string) []map[string]any {
	t.Helper()
	code, out, err := call(append(args, "-json")...)
	require.Equal(t, cli.ExitOK, code, err)
	return parseEvents(t, out)
}

func parseEvents(t *testing.T, text string) []map[string]any {
	t.Helper()
	var list []map[string]any
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		var e map[string]any
		require.NoError(t, json.Unmarshal(lines.Bytes(), &e), "every line is an object: %s", lines.Text())
		list = append(list, e)
	}
	return list
}

// outline lists the names of events.
func outline(list []map[string]any) string {
	var names []string
	for _, e := range list {
		names = append(names, e["event"].(string))
	}
	return strings.Join(names, " ")
}

func keys(e map[string]any) []string {
	var list []string
	for k := range e {
		list = append(list, k)
	}
	return list
}

func TestEvents(t *testing.T) {
	list := events(t, small(t, "-seed", "7")...)
	require.Equal(t, "start epoch epoch done", outline(list))

	start := list[0]
	require.ElementsMatch(t, []string{"event", "settings", "code", "machine", "levels", "parameters",
		"train_images", "validation_images", "test_images"}, keys(start))
	require.EqualValues(t, 3, start["levels"])
	require.EqualValues(t, 784*16+16+16*16+16+16*10+10, start["parameters"])
	require.EqualValues(t, 256, start["train_images"])
	require.EqualValues(t, tinyset.Test, start["test_images"])
	settings := start["settings"].(map[string]any)
	for key, want := range map[string]any{
		"data": "mnist", "rule": "pc", "precision": "spiking", "update": "forward", "steps": 3.0,
		"latent_lr": 0.8, "momentum": 0.1, "nesterov": true, "lr": 0.001, "wd": 0.0001, "seed": 7.0, "skip_zero": "off",
	} {
		require.Equal(t, want, settings[key], key)
	}

	for i, e := range list[1:3] {
		require.ElementsMatch(t, []string{"event", "seed", "epoch", "epochs", "loss", "train_accuracy",
			"seconds", "samples_per_second", "energy"}, keys(e))
		require.EqualValues(t, i+1, e["epoch"])
		require.EqualValues(t, 2, e["epochs"])
		require.Len(t, e["energy"], 3)
		require.Greater(t, e["loss"], 0.0)
	}

	done := list[3]
	require.ElementsMatch(t, []string{"event", "test_accuracy", "seconds", "samples_per_second", "weights_sha256"}, keys(done))
	accuracy := done["test_accuracy"].(float64)
	require.True(t, accuracy > 0 && accuracy < 1, accuracy)
	require.Regexp(t, "^[0-9a-f]{64}$", done["weights_sha256"])
	require.Greater(t, done["samples_per_second"], 0.0)
}

func TestBackpropHasNoEnergy(t *testing.T) {
	list := events(t, small(t, "-rule", "bp", "-epochs", "1")...)
	require.Equal(t, "start epoch done", outline(list))
	require.NotContains(t, list[1], "energy")
}

// Whatever computes, and however many, the weights are the same bits.
func TestSameSeedSameWeights(t *testing.T) {
	hash := func(args ...string) string {
		list := events(t, small(t, args...)...)
		return list[len(list)-1]["weights_sha256"].(string)
	}
	want := hash()
	require.NotEqual(t, want, hash("-seed", "1"))
	available, err := kernels.Available()
	require.NoError(t, err)
	for _, isa := range available {
		for _, workers := range []int{1, 2} {
			require.Equal(t, want, hash("-isa", isa.String(), "-workers", strconv.Itoa(workers)), "%v, %d workers", isa, workers)
		}
	}
}

func TestUnavailableTier(t *testing.T) {
	available, err := kernels.Available()
	require.NoError(t, err)
	if len(available) == 3 {
		t.Skip("every tier is available here")
	}
	code, _, text := call(small(t, "-isa", "avx512")...)
	require.Equal(t, cli.ExitUsage, code)
	require.Contains(t, text, "pcn train: -isa: avx512 is ")
}

func TestValidation(t *testing.T) {
	list := events(t, small(t, "-val", "100", "-epochs", "3")...)
	require.Equal(t, "start epoch epoch epoch best done", outline(list))
	require.EqualValues(t, 100, list[0]["validation_images"])
	require.EqualValues(t, 256, list[0]["train_images"])
	best, at := -1.0, 0.0
	for _, e := range list[1:4] {
		if v := e["validation_accuracy"].(float64); v > best {
			best, at = v, e["epoch"].(float64)
		}
	}
	require.Equal(t, best, list[4]["validation_accuracy"])
	require.Equal(t, at, list[4]["epoch"])
	if at == 3 {
		require.Equal(t, list[5]["test_accuracy"], list[4]["test_accuracy"], "the best epoch is the last")
	}
}

// Several seeds are so many single runs, and what sums them up.
func TestSeeds(t *testing.T) {
	list := events(t, small(t, "-epochs", "1", "-seed", "3", "-seeds", "2", "-val", "100")...)
	require.Equal(t, "start epoch best run epoch best run summary done", outline(list))
	first, second, summary, done := list[3], list[6], list[7], list[8]
	require.EqualValues(t, 3, first["seed"])
	require.EqualValues(t, 4, second["seed"])
	require.Equal(t, []any{3.0, 4.0}, summary["seeds"])
	a, b := first["test_accuracy"].(float64), second["test_accuracy"].(float64)
	require.InDelta(t, (a+b)/2, summary["test_accuracy_mean"], 1e-12)
	require.Equal(t, summary["test_accuracy_mean"], done["test_accuracy"])
	require.Contains(t, summary, "best_test_accuracy_std")

	single := events(t, small(t, "-epochs", "1", "-seed", "4", "-val", "100")...)
	require.Equal(t, single[len(single)-1]["weights_sha256"], second["weights_sha256"])
	require.NotEqual(t, first["weights_sha256"], second["weights_sha256"])
}

func TestWarnings(t *testing.T) {
	for _, c := range []struct {
		args string
		want string
	}{
		{"-latent-lr 0.8 -momentum 0.5", "lower -latent-lr from 0.8"},
		{"-steps 1", "set -steps to 3 or more"},
		{"-precision uniform -alpha 0.1", "-alpha has no effect with -precision uniform"},
		{"-rule bp -latent-lr 0.1", "-latent-lr has no effect with -rule bp"},
		{"-optimizer sgd -wd 0.1", "-wd has no effect with -optimizer sgd"},
	} {
		args := small(t, append([]string{"-epochs", "1"}, strings.Fields(c.args)...)...)
		code, out, err := call(args...)
		require.Equal(t, cli.ExitOK, code, c.args)
		require.Contains(t, err, "warning: ", c.args)
		require.Contains(t, err, c.want, c.args)
		require.NotContains(t, out, c.want, c.args)

		list := events(t, args...)
		require.Equal(t, "warning", list[1]["event"], "before training")
		require.Contains(t, list[1]["message"], c.want)
	}
}

func TestDefaultsWarnOfNothing(t *testing.T) {
	for _, args := range []string{
		"", "-precision uniform", "-precision decaying", "-rule ipc", "-rule ipc -precision uniform", "-rule bp",
	} {
		code, _, err := call(small(t, append([]string{"-epochs", "1"}, strings.Fields(args)...)...)...)
		require.Equal(t, cli.ExitOK, code, args)
		require.Empty(t, err, args)
	}
}

// People read the same in either place; JSON has standard output to itself.
func TestTextGivesWayToJSON(t *testing.T) {
	_, out, err := call(small(t)...)
	require.Contains(t, out, "epoch 1/2  loss ")
	require.Contains(t, out, "test accuracy ")
	require.Empty(t, err)
	_, out, err = call(small(t, "-json")...)
	require.NotContains(t, out, "epoch 1/2")
	require.Contains(t, err, "epoch 1/2  loss ")
	require.Contains(t, err, "test accuracy ")
}

func TestDivergence(t *testing.T) {
	code, out, err := call(small(t, "-rule", "bp", "-optimizer", "sgd", "-lr", "1e30", "-json")...)
	require.Equal(t, cli.ExitFailure, code)
	require.Contains(t, err, "training diverged in batch 2 of epoch 1: the loss is +Inf; lower -lr")
	require.Contains(t, err, "lower -lr (1e+30)")
	list := parseEvents(t, out)
	require.Equal(t, "failed", list[len(list)-1]["event"])
	require.Contains(t, list[len(list)-1]["message"], "diverged")
}

func TestRunFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "runs", "a")
	code, out, err := call(small(t, "-out", dir, "-json")...)
	require.Equal(t, cli.ExitOK, code, err)

	metrics, readErr := os.ReadFile(filepath.Join(dir, "metrics.jsonl"))
	require.NoError(t, readErr)
	require.Equal(t, out, string(metrics))
	text, readErr := os.ReadFile(filepath.Join(dir, "config.json"))
	require.NoError(t, readErr)
	var config map[string]any
	require.NoError(t, json.Unmarshal(text, &config))
	start := parseEvents(t, out)[0]
	for _, note := range []string{"code", "machine"} {
		require.Equal(t, start[note], config[note])
		delete(config, note)
	}
	require.Equal(t, start["settings"], config)

	code, out, err = call(small(t, "-out", dir, "-json")...)
	require.Equal(t, cli.ExitFailure, code)
	require.Empty(t, out)
	require.Contains(t, err, "holds a run, and runs are not overwritten: go on with it with -resume "+dir)
	again, readErr := os.ReadFile(filepath.Join(dir, "metrics.jsonl"))
	require.NoError(t, readErr)
	require.Equal(t, metrics, again)

	code, _, err = call(small(t, "-out", filepath.Join(dir, "config.json"))...)
	require.Equal(t, cli.ExitFailure, code)
	require.Contains(t, err, "is a file: name a new folder")
}

func TestEmptyFolderIsTaken(t *testing.T) {
	dir := t.TempDir()
	code, _, err := call(small(t, "-out", dir)...)
	require.Equal(t, cli.ExitOK, code, err)
	require.FileExists(t, filepath.Join(dir, "metrics.jsonl"))
}
