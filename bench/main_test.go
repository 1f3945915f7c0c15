package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/tune/profile"
)

// quick are flags that measure as little as possible.
var quick = []string{"-rounds", "1", "-time", "1us", "-shapes", "3x5x40"}

// rowsOf runs bench and returns what it prints as JSON.
func rowsOf(t *testing.T, args ...string) []map[string]any {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, run(append(append(quick, "-json"), args...), &out, io.Discard))
	var rows []map[string]any
	for line := range strings.Lines(out.String()) {
		var r map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &r))
		rows = append(rows, r)
	}
	return rows
}

func ofKernel(rows []map[string]any, kernel string) []map[string]any {
	var list []map[string]any
	for _, r := range rows {
		if r["kernel"] == kernel {
			list = append(list, r)
		}
	}
	return list
}

func TestProductRows(t *testing.T) {
	rows := rowsOf(t)
	handles, err := new(settings).handles()
	require.NoError(t, err)
	require.Equal(t, "peak", rows[0]["kernel"], "the limits come first")
	require.Len(t, ofKernel(rows, "bandwidth"), 3*len(levels(1))*len(handles))
	products := ofKernel(rows, "gemm")
	require.Len(t, products, 6*len(handles))
	first := products[1]
	require.Equal(t, "NN", first["op"])
	require.Equal(t, "3x5x40", first["shape"])
	require.Equal(t, true, first["packed"])
	require.Equal(t, handles[0].ISA().String(), first["isa"])
	require.Equal(t, 1., first["workers"])
	for _, r := range products {
		if r["pairs_kept"] == nil { // no two bursts agreed
			continue
		}
		require.Positive(t, r["gflops"])
		require.Positive(t, r["peak_gflops"])
		require.Positive(t, r["ratio"])
	}
}

func TestRowsOfWorkers(t *testing.T) {
	for _, r := range rowsOf(t, "-workers", "3", "-run", "gemm,fused,hot", "-portable=false") {
		if r["kernel"] != "hot" {
			require.Equal(t, 3., r["workers"], r["kernel"])
		}
	}
}

// Epilogues come in pairs, fused and apart.
func TestFusedRows(t *testing.T) {
	rows := rowsOf(t, "-run", "fused")
	for _, kernel := range []string{"fused", "fused slope", "fused error", "fused latents"} {
		require.NotEmpty(t, ofKernel(rows, kernel), kernel)
		for _, r := range ofKernel(rows, kernel) {
			if r["pairs_kept"] != nil && r["speedup_unfused"] != nil {
				require.Positive(t, r["speedup_unfused"])
			}
		}
	}
}

func TestElementRows(t *testing.T) {
	rows := ofKernel(rowsOf(t, "-run", "activation"), "tanh")
	require.NotEmpty(t, rows)
	for _, r := range rows {
		if r["pairs_kept"] != nil {
			require.Positive(t, r["ns_per_element"])
			require.Positive(t, r["gb_per_second"])
			require.Positive(t, r["limit_gb_per_second"])
			require.Nil(t, r["gflops"])
		}
	}
}

func TestTrainingRow(t *testing.T) {
	rows := ofKernel(rowsOf(t, "-run", "train", "-net", "mlp4", "-portable=false"), "train")
	require.NotEmpty(t, rows)
	for _, r := range rows {
		require.Equal(t, "mlp4", r["shape"])
		require.InDelta(t, 1.022e6, r["necessary_flop"], 1e3, "of a sample")
		require.Greater(t, r["nominal_flop"], r["necessary_flop"])
		require.Positive(t, r["samples_per_second"])
		require.Positive(t, r["ratio"])
	}
}

func TestTableForPeople(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(quick, &out, io.Discard))
	parts := strings.Split(strings.TrimSpace(out.String()), "\n\n")
	list, err := kernels.Available()
	require.NoError(t, err)
	tiers := max(1, len(list)-1)
	require.Len(t, parts, tiers+1, "limits of each tier, and all products")
	require.Contains(t, parts[0], "GB/s")
	require.NotContains(t, parts[len(parts)-1], "GB/s", "no column without a figure")
	require.Contains(t, parts[len(parts)-1], "GFLOP/s")
}

func TestMistakes(t *testing.T) {
	for _, c := range []struct{ args, say string }{
		{"-run nothing", "use gemm, fused"},
		{"-run gemm,nothing", "use gemm, fused"},
		{"-shapes 3x4", "MxKxN"},
		{"-shapes 3x4x0", "MxKxN"},
		{"-shapes 3x4x5x6", "MxKxN"},
		{"-isa sse", "use generic, avx2 or avx512"},
		{"-time 0s", "must be positive"},
		{"-rounds 0", "must be positive"},
		{"-workers -1", "not negative"},
		{"-profile missing.json", "no such file"},
		{"-run train -net nothing", "use mlp4"},
		{"more", "unexpected argument"},
		{"-nothing", "not defined"},
	} {
		var out bytes.Buffer
		err := run(strings.Fields(c.args), &out, io.Discard)
		require.ErrorContains(t, err, c.say, c.args)
	}
	var help bytes.Buffer
	require.True(t, errors.Is(run([]string{"-h"}, io.Discard, &help), flag.ErrHelp))
	require.Contains(t, help.String(), "-workers")
}

func TestProfileIsUsed(t *testing.T) {
	h := kernels.Default()
	p := h.Profile()
	p.BlockDepth = 64
	tuned, err := h.WithProfile(p)
	require.NoError(t, err)
	f := profile.Of(tuned, h, nil)
	name := t.TempDir() + "/p.json"
	require.NoError(t, f.Save(name))
	handles, err := (&settings{profile: name, isa: h.ISA().String()}).handles()
	require.NoError(t, err)
	require.Equal(t, p, handles[0].Profile())
}

func TestCommittedShapes(t *testing.T) {
	list, err := parseShapes(committedShapes)
	require.NoError(t, err)
	require.NotEmpty(t, list)
	for _, s := range list {
		again, err := parseShapes(s.String() + " # a comment")
		require.NoError(t, err)
		require.Equal(t, []shape{s}, again)
	}
}

func TestLevels(t *testing.T) {
	list := levels(1)
	for i, l := range list {
		require.Zero(t, l.bytes%1024)
		if i > 0 {
			require.Greater(t, l.bytes, list[i-1].bytes)
		}
	}
}
