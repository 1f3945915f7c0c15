package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/checkpoint"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/internal/python"
)

// Both formats hold the weights of the checkpoint.
func TestExport(t *testing.T) {
	dir, _ := trained(t, "-val", "80")
	a, b := filepath.Join(t.TempDir(), "a.safetensors"), filepath.Join(t.TempDir(), "b.npz")
	for path, text := range map[string]string{a: ": 6 arrays of 13,002 values, from ", b: ": 6 arrays of 13,002 values, from "} {
		code, out, err := call("export", dir, path)
		require.Equal(t, cli.ExitOK, code, err)
		require.Equal(t, path+text+filepath.Join(dir, "checkpoint.safetensors")+"\n", out)
	}
	c, err := checkpoint.Load(filepath.Join(dir, "checkpoint.safetensors"))
	require.NoError(t, err)
	again := filepath.Join(t.TempDir(), "again.safetensors")
	require.NoError(t, checkpoint.SaveWeights(again, c.Snapshot.Weights))
	want, err := os.ReadFile(again)
	require.NoError(t, err)
	got, err := os.ReadFile(a)
	require.NoError(t, err)
	require.Equal(t, want, got)

	out := python.Run(t, []string{"numpy", "safetensors.numpy"}, `
import json, sys
import numpy as np
from safetensors.numpy import load_file
a, b = load_file(sys.argv[1]), np.load(sys.argv[2])
print(json.dumps({k: v.shape for k, v in a.items() if np.array_equal(v, b[k])}))
`, a, b)
	var shapes map[string][]int
	require.NoError(t, json.Unmarshal([]byte(out), &shapes))
	require.Equal(t, map[string][]int{
		"n0.weight": {16, 784}, "n0.bias": {16}, "n1.weight": {16, 16}, "n1.bias": {16}, "out.weight": {10, 16}, "out.bias": {10},
	}, shapes)
}

func TestExportRefuses(t *testing.T) {
	dir, _ := trained(t)
	there := filepath.Join(t.TempDir(), "there.npz")
	require.NoError(t, os.WriteFile(there, []byte("mine"), 0o666))
	for _, c := range []struct {
		want string
		args []string
	}{
		{"name one file to write", []string{dir}},
		{"name one file to write", []string{dir, "a.npz", "b.npz"}},
		{"the name must end in .safetensors or .npz", []string{dir, "a.pt"}},
		{"there.npz is there already, and nothing is overwritten", []string{dir, there}},
		{"was not written", []string{dir, filepath.Join(dir, "no folder", "a.npz")}},
	} {
		code, out, err := call(append([]string{"export"}, c.args...)...)
		require.NotEqual(t, cli.ExitOK, code)
		require.Empty(t, out)
		require.Contains(t, err, c.want)
	}
	content, err := os.ReadFile(there)
	require.NoError(t, err)
	require.Equal(t, "mine", string(content))
}

// Training starts from exported weights, or from those of a checkpoint.
func TestTrainFromWeights(t *testing.T) {
	dir, _ := trained(t)
	file := filepath.Join(t.TempDir(), "w.safetensors")
	code, _, text := call("export", dir, file)
	require.Equal(t, cli.ExitOK, code, text)
	weights := func(more ...string) any {
		list := events(t, small(t, more...)...)
		return list[len(list)-1]["weights_sha256"]
	}
	drawn, exported := weights(), weights("-init", file)
	require.NotEmpty(t, exported)
	require.NotEqual(t, drawn, exported)
	require.Equal(t, exported, weights("-init", filepath.Join(dir, "checkpoint.safetensors")))

	out := filepath.Join(t.TempDir(), "new")
	code, _, text = call(small(t, "-init", file, "-model", "mlp:784-9-10", "-out", out)...)
	require.Equal(t, cli.ExitFailure, code)
	require.Contains(t, text, `-init: `)
	require.Contains(t, text, `but the network needs [9 784]`)
	require.NoDirExists(t, out)
}
