package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/gopcn/gopcn/pcn/checkpoint"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
	"github.com/stretchr/testify/require"
)

// process makes a process that runs the command with additions to the
// environment.
func process(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	if err != nil || runtime.GOARCH == "wasm" {
		t.Skip("cannot start processes here")
	}
	cmd := exec.Command(program, args...)
	cmd.Env = append(append(os.Environ(), asCommand+"=1"), env...)
	return cmd
}

// exitCodeOf returns the exit code that a process ended with.
func exitCodeOf(t *testing.T, err error) int {
	t.Helper()
	if err == nil {
		return 0
	}
	var exit *exec.ExitError
	require.True(t, errors.As(err, &exit), err)
	return exit.ExitCode()
}

// GOPCN_ISA is read once in a process, so each value needs one.
func TestBadTierInTheEnvironment(t *testing.T) {
	for _, args := range [][]string{{"info"}, {"info", "-json"}, small(t), small(t, "-isa", "generic")} {
		cmd := process(t, []string{"GOPCN_ISA=axv2"}, args...)
		var out, text bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &text
		require.Equal(t, cli.ExitUsage, exitCodeOf(t, cmd.Run()), args)
		require.Empty(t, out.String(), args)
		require.Contains(t, text.String(), `unknown instruction tier "axv2": use generic, avx2 or avx512`, args)
		require.Contains(t, text.String(), "GOPCN_ISA", args)
	}
}

func TestCappedTier(t *testing.T) {
	out, err := process(t, []string{"GOPCN_ISA=generic"}, "info", "-json").Output()
	require.NoError(t, err)
	require.Contains(t, string(out), `"isa":"generic"`)
	require.Contains(t, string(out), `"cap":"generic"`)

	cmd := process(t, []string{"GOPCN_ISA=generic"}, small(t, "-isa", "avx2")...)
	text, err := cmd.CombinedOutput()
	require.Equal(t, cli.ExitUsage, exitCodeOf(t, err))
	require.Contains(t, string(text), "avx2 is ")
}

// Both signals save the run, which can go on, and end it.
func TestInterrupt(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		testInterrupt(t, signal)
	}
}

func testInterrupt(t *testing.T, signal os.Signal) {
	if runtime.GOOS == "windows" {
		t.Skip("processes cannot be interrupted there")
	}
	dir := filepath.Join(t.TempDir(), "run")
	cmd := process(t, nil, small(t, "-epochs", "1000000", "-json", "-out", dir)...)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	var people bytes.Buffer
	cmd.Stderr = &people
	require.NoError(t, cmd.Start())
	defer cmd.Process.Kill()

	var lines []string
	for scanner := bufio.NewScanner(out); scanner.Scan(); {
		lines = append(lines, scanner.Text())
		if len(lines) == 3 { // training is under way
			require.NoError(t, cmd.Process.Signal(signal))
		}
	}
	require.Equal(t, cli.ExitInterrupted, exitCodeOf(t, cmd.Wait()))
	list := parseEvents(t, strings.Join(lines, "\n"))
	interrupted := list[len(list)-1]
	require.Equal(t, "interrupted", interrupted["event"])
	require.Equal(t, dir, interrupted["folder"])
	saved, err := checkpoint.Load(filepath.Join(dir, run.CheckpointFile))
	require.NoError(t, err)
	require.EqualValues(t, interrupted["epoch"], saved.Progress.Epoch+1)
	require.EqualValues(t, interrupted["batches"], saved.Progress.Batch)
	require.Contains(t, people.String(), "interrupted after ")
	metrics, err := os.ReadFile(filepath.Join(dir, "metrics.jsonl"))
	require.NoError(t, err)
	require.Equal(t, strings.Join(lines, "\n")+"\n", string(metrics))
}

func TestInterruptBeforeTraining(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, err bytes.Buffer
	require.Equal(t, cli.ExitInterrupted, execute(ctx, small(t), cli.Streams{Out: &out, Err: &err}))
	require.Contains(t, out.String(), "interrupted after 0 batches of epoch 1")
}
