package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/energy"
)

func energyOf(t *testing.T, args ...string) (r energy.Report) {
	t.Helper()
	code, out, err := call(append([]string{"energy", "-json", "-out", filepath.Join(t.TempDir(), "e")}, args...)...)
	require.Equal(t, cli.ExitOK, code, err)
	require.Equal(t, 1, strings.Count(out, "\n"))
	require.NoError(t, json.Unmarshal([]byte(out), &r))
	return r
}

func labels(r energy.Report) (list []string) {
	for _, m := range r.Methods {
		list = append(list, m.Label)
	}
	return list
}

func TestEnergy(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "e")
	code, out, err := call(append([]string{"energy", "-out", dir, "-epochs", "1", "-limit", "256"}, tiny(t)...)...)
	require.Equal(t, cli.ExitOK, code, err)
	for _, want := range []string{"PC: pc, uniform", "PC+S+FU: pc, spiking", "PC+D+FU: pc, decaying", "imbalance", "written to " + dir + ": energy.csv"} {
		require.Contains(t, out, want)
	}
	for _, name := range []string{"energy.csv", "energy.json", "energy-steps.svg", "update-training.png"} {
		require.FileExists(t, filepath.Join(dir, name))
	}

	r := energyOf(t, append(tiny(t), "-methods", "pc:latent-lr=0.3,ipc", "-every", "2", "-epochs", "1", "-limit", "256")...)
	require.Equal(t, []string{"PC, rate 0.3", "iPC"}, labels(r))
	require.Equal(t, float32(0.3), r.Methods[0].Settings.LatentRate)
	require.Len(t, r.Methods[0].Looks, 3)

	// Flags of a rule mean that one.
	r = energyOf(t, append(tiny(t), "-rule", "ipc", "-precision", "decaying", "-limit", "256", "-epochs", "1")...)
	require.Equal(t, []string{"iPC+D"}, labels(r))
}

// A run is looked at, not trained.
func TestEnergyOfARun(t *testing.T) {
	dir, _ := trained(t, "-precision", "uniform", "-update", "forward")
	before, readErr := os.ReadFile(filepath.Join(dir, "checkpoint.safetensors"))
	require.NoError(t, readErr)
	r := energyOf(t, dir)
	require.Equal(t, []string{"PC+FU"}, labels(r))
	require.Len(t, r.Methods[0].Looks, 1)
	require.Nil(t, r.Methods[0].Test)
	after, readErr := os.ReadFile(filepath.Join(dir, "checkpoint.safetensors"))
	require.NoError(t, readErr)
	require.Equal(t, before, after)

	// Its figures are kept with it unless -out says where else.
	code, _, message := call("energy", dir)
	require.Equal(t, cli.ExitOK, code, message)
	require.FileExists(t, filepath.Join(dir, "energy", "energy.csv"))

	// The same weights under another rule.
	other := energyOf(t, "-from", dir, "-latent-lr", "0.05")
	require.Equal(t, r.Methods[0].Looks[0].Latent[0], other.Methods[0].Looks[0].Latent[0])
	require.NotEqual(t, r.Methods[0].Looks[0].Latent[3], other.Methods[0].Looks[0].Latent[3])
}

func TestEnergyWarns(t *testing.T) {
	r := energyOf(t, append(tiny(t), "-precision", "uniform", "-latent-lr", "1e20", "-steps", "20")...)
	require.Contains(t, strings.Join(r.Methods[0].Warnings, "\n"), "training diverged in batch 1 of epoch 1: the latents of level 1 are not finite at relaxation step 0")
	r = energyOf(t, append(tiny(t), "-epochs", "1", "-limit", "256", "-momentum", "0.9")...)
	require.Equal(t, []string{"PC", "PC+S+FU", "PC+D+FU"}, labels(r))
	require.Contains(t, strings.Join(r.Methods[1].Warnings, "\n"), "has the wrong sign")
}

func TestEnergyRefuses(t *testing.T) {
	dir, _ := trained(t, "-rule", "bp")
	for _, c := range []struct {
		want string
		code int
		args []string
	}{
		{"-methods says which rules to compare", cli.ExitUsage, []string{"-methods", "pc", "-rule", "ipc"}},
		{"-methods says which rules to compare", cli.ExitUsage, []string{"-methods", "pc", "-from", dir}},
		{`unknown method "pcc" (did you mean "pc"?)`, cli.ExitUsage, []string{"-methods", "pcc"}},
		{"backpropagation does not relax", cli.ExitUsage, []string{"-methods", "pc,bp"}},
		{"backpropagation does not relax", cli.ExitUsage, []string{"-rule", "bp"}},
		{"backpropagation does not relax", cli.ExitUsage, []string{"-from", dir}},
		{"want a whole number from 0 on", cli.ExitUsage, []string{"-every", "-1"}},
		{"unknown flag -val", cli.ExitUsage, []string{"-val", "3"}},
	} {
		code, out, err := call(append([]string{"energy"}, c.args...)...)
		require.Equal(t, c.code, code, err)
		require.Empty(t, out)
		require.Contains(t, err, c.want)
	}
}

func TestEnergyAndAuditAreInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for name, said := range map[string]string{"energy": "nothing was written", "audit": "interrupted before the audit was done"} {
		var out, err bytes.Buffer
		code := execute(ctx, append([]string{name}, tiny(t)...), cli.Streams{Out: &out, Err: &err})
		require.Equal(t, cli.ExitInterrupted, code)
		require.Empty(t, out.String())
		require.Contains(t, err.String(), said)
	}
}
