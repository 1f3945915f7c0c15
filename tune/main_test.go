package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/tune/measure"
	"github.com/gopcn/gopcn/tune/profile"
)

func TestFlags(t *testing.T) {
	for _, c := range []struct {
		args []string
		say  string
	}{
		{[]string{"-budget", "1s"}, "at least 10s"},
		{[]string{"-budget", "soon"}, "invalid value"},
		{[]string{"-budgte", "20s"}, "not defined: -budgte"},
		{[]string{"now"}, `unexpected argument "now"`},
		{[]string{"-isa", "sse"}, "use generic, avx2 or avx512"},
	} {
		var out, errOut bytes.Buffer
		err := run(context.Background(), c.args, &out, &errOut)
		require.ErrorContains(t, err, c.say)
		require.Equal(t, 2, exitCode(err, &errOut), c.args)
		require.Contains(t, errOut.String(), "see tune -h")
		require.Empty(t, out.String())
	}
}

func TestHelp(t *testing.T) {
	var out, errOut bytes.Buffer
	err := run(context.Background(), []string{"-h"}, &out, &errOut)
	require.ErrorIs(t, err, flag.ErrHelp)
	require.Zero(t, exitCode(err, &errOut))
	for _, name := range []string{"-budget", "-isa", "-out", "-json", "-dry-run"} {
		require.Contains(t, out.String(), name)
	}
	require.Empty(t, errOut.String())
}

func TestExitCodes(t *testing.T) {
	var w bytes.Buffer
	require.Zero(t, exitCode(nil, &w))
	require.Equal(t, 130, exitCode(context.Canceled, &w))
	require.Contains(t, w.String(), "nothing is written")
	require.Equal(t, 1, exitCode(errors.New("disk full"), &w))
}

// found is a result with one changed setting.
func found(t *testing.T) (*result, *kernels.Handle) {
	t.Helper()
	h := kernels.Default()
	r := &result{profile: h.Profile(), changed: true, findings: unchanged(classes)}
	r.profile.Spins = 123
	last := &r.findings[len(r.findings)-1]
	last.kept, last.outcome, last.tried = true, outcome{1.0512345, 0.01}, map[string]int{"spins": 123}
	return r, h
}

func TestReportWritesTheProfile(t *testing.T) {
	r, h := found(t)
	s := &settings{out: filepath.Join(t.TempDir(), "a", "p.json")}
	var out bytes.Buffer
	require.NoError(t, s.report(r, h, time.Minute, &out))
	require.Contains(t, out.String(), "wrote "+s.out)
	require.Contains(t, out.String(), fmt.Sprintf("spins 123 (%d)", h.Profile().Spins))
	require.Contains(t, out.String(), "+5.1 %")
	tuned, err := profile.Load(s.out, h)
	require.NoError(t, err)
	require.Equal(t, r.profile, tuned.Profile())
}

func TestReportAsJSON(t *testing.T) {
	r, h := found(t)
	s := &settings{out: filepath.Join(t.TempDir(), "p.json"), json: true, dryRun: true}
	var out bytes.Buffer
	require.NoError(t, s.report(r, h, time.Minute, &out))
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, len(classes)+1)
	var events []event
	for _, line := range lines {
		var e event
		dec := json.NewDecoder(strings.NewReader(line))
		dec.DisallowUnknownFields()
		require.NoError(t, dec.Decode(&e))
		events = append(events, e)
	}
	spins := events[len(classes)-1]
	require.Equal(t, map[string]int{"spins": 123}, spins.Settings)
	require.Equal(t, 1.0512, spins.Ratio)
	require.True(t, *spins.Kept)
	require.False(t, *events[0].Kept)
	last := events[len(classes)]
	require.False(t, *last.Written)
	require.Equal(t, s.out, last.Profile)
	_, err := os.Stat(s.out)
	require.ErrorIs(t, err, os.ErrNotExist, "a dry run writes nothing")
}

// Nothing is written where nothing is better, and what an earlier run wrote is
// mentioned.
func TestReportOfDefaults(t *testing.T) {
	h := kernels.Default()
	r := &result{profile: h.Profile(), findings: unchanged(classes)}
	s := &settings{out: filepath.Join(t.TempDir(), "p.json")}
	var out bytes.Buffer
	require.NoError(t, s.report(r, h, time.Minute, &out))
	require.Contains(t, out.String(), "nothing to write")
	require.NoFileExists(t, s.out)
	require.NoError(t, os.WriteFile(s.out, []byte("earlier"), 0o666))
	require.NoError(t, s.report(r, h, time.Minute, &out))
	require.Contains(t, out.String(), "An earlier profile stays: "+s.out)
}

// The classes run, on every tier, and end what they started.
func TestClassesRun(t *testing.T) {
	if testing.Short() {
		t.Skip("measures some seconds")
	}
	list, err := kernels.Available()
	require.NoError(t, err)
	for _, isa := range list {
		h, err := kernels.For(isa)
		require.NoError(t, err)
		m := measure.NewMeter(isa, 1)
		for _, c := range classesFor(isa) {
			works := c.works()
			shares := meterGauge(m)(works, []*kernels.Handle{h, h})
			require.Len(t, shares, len(works), c.name)
			for _, s := range shares {
				require.Len(t, s, 2)
			}
		}
		m.Close()
	}
}

func TestProgressLine(t *testing.T) {
	require.Equal(t, "tune ["+strings.Repeat("=", 15)+strings.Repeat(" ", 15)+"]  50 %  spins", line("spins", 30*time.Second, time.Minute))
	require.Contains(t, line("trial", 2*time.Minute, time.Minute), "100 %")
	require.Nil(t, newProgress(&bytes.Buffer{}, time.Minute).w, "no terminal, no line")
}
