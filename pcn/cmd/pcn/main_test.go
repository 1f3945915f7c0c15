package main

import (
	"bytes"
	"context"
	"os"
	"testing"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/tinyset"
	"github.com/stretchr/testify/require"
)

// asCommand makes the test binary behave like the command, for tests that need
// a process of their own.
const asCommand = "PCN_TEST_AS_COMMAND"

// fileLimit makes files of more bytes than it says fail in such a process.
const fileLimit = "PCN_TEST_FILE_LIMIT"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		limitFiles()
		main()
	}
	os.Exit(m.Run())
}

// call runs the command in this process.
func call(args ...string) (code int, out, err string) {
	var o, e bytes.Buffer
	code = execute(context.Background(), args, cli.Streams{Out: &o, Err: &e})
	return code, o.String(), e.String()
}

// small returns arguments of a run that takes no time, on a set of its own:
// drawing glyphs is slow under the race detector.
func small(t *testing.T, more ...string) []string {
	t.Helper()
	return append([]string{"train", "-data", "mnist", "-dir", tinyset.MNIST(t),
		"-model", "mlp:784-16-16-10", "-limit", "256", "-batch", "64", "-epochs", "2"}, more...)
}

func TestHelpGoesToStandardOutput(t *testing.T) {
	for _, args := range [][]string{
		{"help"}, {"-h"}, {"-help"}, {"--help"}, {"help", "help"},
		{"help", "train"}, {"train", "-h"}, {"train", "-help"}, {"train", "-epochs", "3", "--help"},
		{"help", "info"}, {"info", "-h"},
		{"help", "data"}, {"data", "-h"}, {"data", "help"}, {"data", "get", "-h"},
	} {
		code, out, err := call(args...)
		require.Equal(t, cli.ExitOK, code, args)
		require.NotEmpty(t, out, args)
		require.Empty(t, err, args)
	}
}

func TestNoArguments(t *testing.T) {
	code, out, err := call()
	require.Equal(t, cli.ExitUsage, code)
	require.Empty(t, out)
	require.Contains(t, err, "pcn train")
}

func TestUnknownCommand(t *testing.T) {
	for _, args := range [][]string{{"tarin"}, {"help", "tarin"}} {
		code, out, err := call(args...)
		require.Equal(t, cli.ExitUsage, code)
		require.Empty(t, out)
		require.Contains(t, err, `did you mean "train"?`)
		require.Contains(t, err, "pcn help")
	}
}
