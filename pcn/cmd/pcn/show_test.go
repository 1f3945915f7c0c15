package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/view"
)

func readReport(t *testing.T, dir string) string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(dir, view.ReportFile))
	require.NoError(t, err)
	return string(page)
}

// Who looks on changes nothing.
func TestViewChangesNoBit(t *testing.T) {
	args := small(t)
	alone := events(t, args...)
	code, out, text := call(append(args, "-json", "-view", ":0", "-out", filepath.Join(t.TempDir(), "run"))...)
	require.Equal(t, cli.ExitOK, code, text)
	require.Regexp(t, regexp.MustCompile(`^view +http://127\.0\.0\.1:[0-9]+/\n`), text)
	watched := parseEvents(t, out)
	require.Equal(t, outline(alone), outline(watched))
	last := len(alone) - 1
	require.Equal(t, alone[last]["weights_sha256"], watched[last]["weights_sha256"])
}

func TestViewForAllWarns(t *testing.T) {
	code, _, text := call(small(t, "-view", "0.0.0.0:0")...)
	require.Equal(t, cli.ExitOK, code, text)
	require.Contains(t, text, "warning: whoever reaches this machine sees the page")
}

func TestReportOfARun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	code, _, text := call(small(t, "-out", dir)...)
	require.Equal(t, cli.ExitOK, code, text)
	page := readReport(t, dir)
	require.Contains(t, page, `"event":"done"`)
	require.Contains(t, page, `"relaxation":{"from":0,`)

	// A run that has ended has the same report again.
	code, _, text = call("train", "-resume", dir)
	require.Equal(t, cli.ExitOK, code, text)
	require.Contains(t, readReport(t, dir), `"event":"done"`)

	// A run that cannot go on leaves the report alone.
	require.NoError(t, os.WriteFile(filepath.Join(dir, "checkpoint.safetensors"), []byte("damaged"), 0o666))
	before := readReport(t, dir)
	code, _, _ = call("train", "-resume", dir)
	require.Equal(t, cli.ExitFailure, code)
	require.Equal(t, before, readReport(t, dir))
}

func TestReportOfAnInterruptedRun(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	dir := filepath.Join(t.TempDir(), "run")
	var out, text bytes.Buffer
	require.Equal(t, cli.ExitInterrupted, execute(ctx, small(t, "-out", dir), cli.Streams{Out: &out, Err: &text}))
	require.Contains(t, readReport(t, dir), `"event":"interrupted"`)
}

func TestReportThatCannotBeWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	hub := view.NewHub()
	require.NoError(t, writeReport(dir, hub), "there is nothing to write")
	hub.Write([]byte(`{"event":"done"}`))
	require.ErrorContains(t, writeReport(dir, hub), view.ReportFile)
}
