package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/tinyset"
)

// tinyDepth returns arguments of a depth study that takes no time.
func tinyDepth(t *testing.T, more ...string) []string {
	t.Helper()
	return append([]string{"-data", "mnist", "-dir", tinyset.MNIST(t), "-hidden", "8", "-depths", "2,3", "-methods", "bp,s+fu",
		"-limit", "128", "-batch", "64", "-epochs", "2"}, more...)
}

func TestDepth(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "study")
	args := append([]string{"depth", "-out", dir}, tinyDepth(t)...)
	code, out, err := call(args...)
	require.Equal(t, cli.ExitOK, code, err)
	require.Contains(t, out, "8/8  mlp")
	require.Regexp(t, `(?m)^PC\+S\+FU +[0-9.]+ ± [0-9.]+ +[0-9.]+ ± [0-9.]+$`, out)
	require.Contains(t, out, "-gain 1.732", "a gain with which backpropagation trains deep networks")
	for _, name := range []string{"accuracy.csv", "accuracy.json", "accuracy.md", "accuracy.svg", "accuracy.png", "cosine.csv", "cosine.svg", "results.jsonl", "study.json"} {
		require.FileExists(t, filepath.Join(dir, name))
	}

	code, again, err := call(args...)
	require.Equal(t, cli.ExitOK, code, err)
	require.True(t, strings.HasSuffix(out, again), "nothing is trained again")
	code, report, err := call("depth", "-report", dir)
	require.Equal(t, cli.ExitOK, code, err)
	require.Equal(t, again, report)

	code, text, err := call("depth", "-report", dir, "-json")
	require.Equal(t, cli.ExitOK, code, err)
	var table struct{ Rows []map[string]any }
	require.NoError(t, json.Unmarshal([]byte(text), &table))
	require.Len(t, table.Rows, 4)

	document := filepath.Join(t.TempDir(), "results.md")
	require.NoError(t, os.WriteFile(document, []byte("<!-- study study -->\n<!-- end of study study -->\n"), 0o666))
	code, _, err = call("depth", "-report", dir, "-into", document)
	require.Equal(t, cli.ExitOK, code, err)
	inserted, readErr := os.ReadFile(document)
	require.NoError(t, readErr)
	require.Contains(t, string(inserted), "| PC+S+FU | ")
}

// What the user gives for all cells is what they have, though depth takes some
// flags of train away.
func TestDepthTakesFlagsOfTrain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "study")
	code, _, text := call(append([]string{"depth", "-out", dir}, tinyDepth(t, "-methods", "s+fu,pc:momentum=0.25",
		"-activation", "relu", "-latent-lr", "0.5", "-wd", "0.125", "-gain", "2", "-seeds", "1", "-seed", "4")...)...)
	require.Equal(t, cli.ExitOK, code, text)
	for cell, momentum := range map[string]float64{"mlp3-s+fu-seed4": 0.1, "mlp3-pc,momentum=0.25-seed4": 0.25} {
		config, err := os.ReadFile(filepath.Join(dir, cell, "config.json"))
		require.NoError(t, err)
		var s map[string]any
		require.NoError(t, json.Unmarshal(config, &s))
		for name, want := range map[string]any{
			"activation": "relu", "latent_lr": 0.5, "wd": 0.125, "gain": 2.0, "momentum": momentum, "model": "mlp:784-8x2-10", "seed": 4.0, "seeds": 1.0,
		} {
			require.Equal(t, want, s[name], name)
		}
		metrics, err := os.ReadFile(filepath.Join(dir, cell, "metrics.jsonl"))
		require.NoError(t, err)
		require.NotContains(t, string(metrics), "has no effect")
	}
}

func TestBadDepthCalls(t *testing.T) {
	for want, args := range map[string][]string{
		`unknown method "s+fo" (did you mean "s+fu"?)`:    {"-methods", "bp,s+fo"},
		`"five" is no depth`:                              {"-depths", "5,five"},
		"there is no vgg6: use depths of vgg5":            {"-family", "vgg", "-depths", "6", "-data", "cifar10"},
		"use mlp, vgg or resnet (did you mean \"vgg\"?)":  {"-family", "vvg"},
		"unknown flag -val":                               {"-val", "5000"},
		"unknown flag -model":                             {"-model", "vgg5"},
		"takes its settings from the folder: leave -epoc": {"-report", "x", "-epochs", "3"},
	} {
		code, _, err := call(append([]string{"depth"}, args...)...)
		require.Equal(t, cli.ExitUsage, code, args)
		require.Contains(t, err, want)
	}
	code, _, err := call("depth", "-report", t.TempDir())
	require.Equal(t, cli.ExitFailure, code)
	require.Contains(t, err, "there is no study in ")

	dir := filepath.Join(t.TempDir(), "study")
	code, _, err = call("depth", "-data", "mnist", "-dir", t.TempDir(), "-out", dir)
	require.Equal(t, cli.ExitFailure, code)
	require.Contains(t, err, "pcn data get")
	require.NoDirExists(t, dir)
}

func TestInterruptedDepth(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("processes cannot be interrupted there")
	}
	dir := filepath.Join(t.TempDir(), "study")
	cmd := process(t, nil, append([]string{"depth", "-out", dir}, tinyDepth(t, "-depths", "2", "-seeds", "1",
		"-methods", "bp,s+fu:epochs=1000000", "-jobs", "1")...)...)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewScanner(out)
	require.True(t, lines.Scan())
	require.Contains(t, lines.Text(), "1/2  mlp2-bp-seed0 ")
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	require.True(t, lines.Scan())
	require.Equal(t, "interrupted: 1 of 2 cells are done; the same command goes on with the others", lines.Text())
	require.False(t, lines.Scan())
	require.Equal(t, cli.ExitInterrupted, exitCodeOf(t, cmd.Wait()))
}

// times are what two runs of the same study differ in.
var times = regexp.MustCompile(`\. \d+ runs, \d+ s of training`)

// A study whose process is killed goes on, and comes to the same table.
func TestKilledStudyGoesOn(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("processes are not killed alike there")
	}
	dir, whole := filepath.Join(t.TempDir(), "study"), filepath.Join(t.TempDir(), "study")
	tiny := tinyDepth(t, "-epochs", "5", "-seeds", "3")
	cmd := process(t, nil, append([]string{"depth", "-out", dir}, tiny...)...)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewScanner(out)
	for range 3 {
		require.True(t, lines.Scan(), "cells end one after the other")
	}
	require.NoError(t, cmd.Process.Kill())
	for lines.Scan() { // what was on its way
	}
	_ = cmd.Wait() // killed, unless it was faster

	_, first, _ := call(append([]string{"depth", "-out", whole}, tiny...)...)
	code, second, text := call(append([]string{"depth", "-out", dir}, tiny...)...)
	require.Equal(t, cli.ExitOK, code, text)
	require.Less(t, strings.Count(second, "/12  mlp"), 12, "cells that had ended are not trained again")
	table := func(text string) string {
		_, table, found := strings.Cut(text, "MLPs with hidden layers of 8")
		require.True(t, found, text)
		table, _, _ = strings.Cut(table, "\nwritten")
		return times.ReplaceAllString(table, "")
	}
	require.Equal(t, table(first), table(second))
}
