package main

import (
	"encoding/json"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

func TestInfoJSON(t *testing.T) {
	code, out, err := call("info", "-json")
	require.Equal(t, cli.ExitOK, code)
	require.Empty(t, err)
	require.Equal(t, 1, strings.Count(out, "\n"), "one line")
	// Scripts look for this with sed, so there are no blanks.
	require.Contains(t, out, `"detected":"`+kernels.Detected().String()+`"`)
	require.Contains(t, out, `"isa":"`+kernels.Default().ISA().String()+`"`)
	var m map[string]any
	require.NoError(t, json.Unmarshal([]byte(out), &m))
	require.EqualValues(t, runtime.NumCPU(), m["cores"])
	for _, key := range []string{"cpu", "cap", "gomaxprocs", "l1_data", "l2", "l3", "os", "arch", "go"} {
		require.Contains(t, m, key)
	}
}

func TestInfoText(t *testing.T) {
	code, out, err := call("info")
	require.Equal(t, cli.ExitOK, code)
	require.Empty(t, err)
	for _, want := range []string{"CPU ", "best tier ", "tier in use ", "logical cores ", "GOMAXPROCS ", "L2 cache "} {
		require.Contains(t, out, want)
	}
}

func TestInfoUsage(t *testing.T) {
	code, _, err := call("info", "-jsno")
	require.Equal(t, cli.ExitUsage, code)
	require.Contains(t, err, `did you mean "json"?`)
}

func TestSize(t *testing.T) {
	require.Equal(t, "unknown", size(0))
	require.Equal(t, "48 KiB", size(48<<10))
	require.Equal(t, "2 MiB", size(2<<20))
	require.Equal(t, "1280 KiB", size(1280<<10))
}
