package main

import (
	"encoding/json"
	"testing"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/tinyset"
	"github.com/stretchr/testify/require"
)

func summaryOf(t *testing.T, args ...string) summaryReport {
	t.Helper()
	code, out, err := call(append([]string{"summary", "-json"}, args...)...)
	require.Equal(t, cli.ExitOK, code, err)
	var r summaryReport
	require.NoError(t, json.Unmarshal([]byte(out), &r))
	return r
}

func TestSummary(t *testing.T) {
	r := summaryOf(t, "-data", "cifar100", "-model", "resnet10", "-width", "0.05", "-latent-lr", "0.5", "-batch", "8")
	require.Equal(t, 10, r.Levels)
	require.Equal(t, "stem", r.Nodes[0].Name)
	require.Equal(t, []string{"x"}, r.Nodes[0].Sources)
	require.Equal(t, "32x32x3", r.Nodes[0].Shape)
	require.Equal(t, 3*27, r.Nodes[0].Parameters)
	require.Equal(t, float32(2), r.Nodes[2].Weight, "1 over the latent rate")
	out := r.Nodes[len(r.Nodes)-1]
	require.Equal(t, "100", out.Shape)
	require.Equal(t, []string{"gelu", "global average pool", "dense 100"}, out.Ops)
	sum := 0
	for _, n := range r.Nodes {
		sum += n.Parameters
	}
	require.Equal(t, r.Parameters, sum)
	require.Greater(t, r.Nominal, r.Necessary)
	require.Positive(t, r.Memory)
	twice := summaryOf(t, "-data", "cifar100", "-model", "resnet10", "-width", "0.05", "-latent-lr", "0.5", "-batch", "16")
	require.Equal(t, 2*r.Necessary, twice.Necessary)
	require.Greater(t, twice.Memory, r.Memory)

	bare := summaryOf(t, "-data", "cifar100", "-model", "resnet10", "-width", "0.05", "-aux=false", "-rule", "bp", "-bn")
	require.Less(t, len(bare.Nodes), len(r.Nodes))
	require.Equal(t, 0, bare.Steps)
	require.Contains(t, bare.Nodes[1].Ops, "batchnorm")

	code, text, _ := call("summary", "-model", "mlp:784-16-10", "-width", "2", "-bn-mode", "ema")
	require.Equal(t, cli.ExitOK, code)
	require.Contains(t, text, "out   n0       dense 10")
	require.Contains(t, text, "GFLOP necessary")
	require.Contains(t, text, "-width has no effect with -model mlp")
	require.Contains(t, text, "-bn-mode has no effect with no batch normalisation")
}

func TestSummaryUsageErrors(t *testing.T) {
	for want, args := range map[string][]string{
		"unknown model":         {"-model", "vgg6"},
		"smaller than a window": {"-model", "vgg15"},
		"want a number":         {"-width", "0"},
		"use batch or ema":      {"-bn-mode", "running"},
		"must not move":         {"-model", "vgg5", "-bn", "-bn-mode", "ema", "-bn-freeze=false", "-data", "cifar10"},
	} {
		code, _, err := call(append([]string{"summary"}, args...)...)
		require.Equal(t, cli.ExitUsage, code)
		require.Contains(t, err, want)
	}
}

func TestTrainOnCIFAR(t *testing.T) {
	dir := tinyset.CIFAR10(t)
	args := []string{"train", "-data", "cifar10", "-dir", dir, "-batch", "10", "-epochs", "1", "-workers", "2"}
	for _, model := range [][]string{
		{"-model", "vgg5", "-width", "0.02", "-bn", "-activation", "gelu"},
		{"-model", "resnet10", "-width", "0.02", "-bn", "-bn-freeze=false"},
	} {
		list := events(t, append(args, model...)...)
		require.Equal(t, "start epoch done", outline(list))
		require.Equal(t, true, list[0]["settings"].(map[string]any)["augment"])
		again := events(t, append(args, append(model, "-workers", "1")...)...)
		require.Equal(t, list[len(list)-1]["digest"], again[len(again)-1]["digest"])
	}
}
