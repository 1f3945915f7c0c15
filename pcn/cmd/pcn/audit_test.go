package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/tinyset"
)

// tiny are the flags of a small network on a small set.
func tiny(t *testing.T) []string {
	return []string{"-data", "mnist", "-dir", tinyset.MNIST(t), "-model", "mlp:784-16-16-10", "-batch", "64"}
}

func auditOf(t *testing.T, args ...string) auditReport {
	t.Helper()
	code, out, err := call(append([]string{"audit", "-json"}, args...)...)
	require.Equal(t, cli.ExitOK, code, err)
	require.Equal(t, 1, strings.Count(out, "\n"))
	var r auditReport
	require.NoError(t, json.Unmarshal([]byte(out), &r))
	return r
}

func TestAudit(t *testing.T) {
	r := auditOf(t, tiny(t)...)
	require.Equal(t, 64, r.Samples)
	require.Equal(t, 16, r.Checked)
	require.True(t, r.Agrees)
	require.Empty(t, r.Weights)
	require.Len(t, r.Levels, 3)
	for i, l := range r.Levels {
		require.Equal(t, i, l.Level)
		require.Greater(t, float64(l.Cosine), 0.999)
		require.Less(t, float64(l.Check), 1e-3)
		require.Less(t, float64(l.BackpropCheck), 1e-5)
		require.Equal(t, "backprop's direction", l.Finding)
	}
	require.Contains(t, r.Verdict, "yes, but for its length")

	// For people the answer is the last line.
	code, out, err := call(append([]string{"audit"}, tiny(t)...)...)
	require.Equal(t, cli.ExitOK, code, err)
	require.True(t, strings.HasSuffix(out, "\n\nam I just doing backprop? "+r.Verdict+"\n"), out)
	require.Contains(t, out, "initial weights of seed 0")
	require.Contains(t, out, "by finite differences on 16 samples")

	require.Contains(t, auditOf(t, append(tiny(t), "-rule", "bp")...).Verdict, "yes: the rule is backprop")
	r = auditOf(t, append(tiny(t), "-precision", "uniform", "-latent-lr", "0.5", "-gain", "3", "-check", "0")...)
	require.Zero(t, r.Checked)
	require.Regexp(t, "^(no|not quite): ", r.Verdict)
	require.NotEqual(t, r.Levels, auditOf(t, append(tiny(t), "-precision", "uniform", "-latent-lr", "0.5", "-gain", "3", "-check", "0", "-seed", "1")...).Levels)
}

// A run is audited with its settings and its weights.
func TestAuditOfARun(t *testing.T) {
	dir, _ := trained(t, "-precision", "uniform")
	r := auditOf(t, dir)
	require.Equal(t, filepath.Join(dir, "checkpoint.safetensors"), r.Weights)
	require.Equal(t, "uniform", r.Settings.Precision)
	require.True(t, r.Agrees)
	require.NotEqual(t, auditOf(t, "-config", filepath.Join(dir, "config.json")).Levels, r.Levels, "weights before training")
	require.Equal(t, r.Levels, auditOf(t, "-from", r.Weights).Levels)
	require.Equal(t, r.Levels, auditOf(t, "-config", filepath.Join(dir, "config.json"), "-init", r.Weights).Levels)
	require.Contains(t, auditOf(t, dir, "-rule", "bp").Verdict, "the rule is backprop")
}

func TestAuditRefuses(t *testing.T) {
	dir, _ := trained(t)
	for _, c := range []struct {
		want string
		code int
		args []string
	}{
		{"-best goes with a run", cli.ExitUsage, []string{"-best"}},
		{"a run and -config both have settings", cli.ExitUsage, []string{"-from", dir, "-config", "x"}},
		{`unexpected argument "x"`, cli.ExitUsage, []string{dir, "x"}},
		{`unexpected argument "x"`, cli.ExitUsage, []string{"x", "-from", dir}},
		{"no such file", cli.ExitFailure, []string{"-from", filepath.Join(dir, "none")}},
		{"no such file", cli.ExitUsage, []string{"-config", filepath.Join(dir, "none")}},
		{"has no best.safetensors", cli.ExitFailure, []string{"-from", dir, "-best"}},
		{"want a whole number from 0 on", cli.ExitUsage, []string{"-check", "-1"}},
		{"unknown flag -epochs", cli.ExitUsage, []string{"-epochs", "3"}},
		{"the network needs", cli.ExitFailure, []string{"-from", dir, "-model", "mlp:784-17-16-10"}},
	} {
		code, out, err := call(append([]string{"audit"}, c.args...)...)
		require.Equal(t, c.code, code, err)
		require.Empty(t, out)
		require.Contains(t, err, c.want)
	}
}
