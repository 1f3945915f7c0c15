package profile

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
)

// ownCache gives the test a cache folder of its own.
func ownCache(t *testing.T) {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{"XDG_CACHE_HOME", "HOME", "LocalAppData"} {
		t.Setenv(name, folder)
	}
}

// other is a profile that is none of the defaults.
func other(t *testing.T) *kernels.Handle {
	t.Helper()
	h := kernels.Default()
	p := h.Profile()
	p.BlockDepth, p.Spins = 64, 77
	tuned, err := h.WithProfile(p)
	require.NoError(t, err)
	return tuned
}

// edited saves the file of the other profile with a part of its text replaced.
func edited(t *testing.T, old, replacement string) string {
	t.Helper()
	f := Of(other(t), kernels.Default(), nil)
	name := filepath.Join(t.TempDir(), "p.json")
	require.NoError(t, f.Save(name))
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Contains(t, string(text), old)
	require.NoError(t, os.WriteFile(name, []byte(strings.Replace(string(text), old, replacement, 1)), 0o666))
	return name
}

func TestSaveAndLoad(t *testing.T) {
	tuned := other(t)
	f := Of(tuned, kernels.Default(), []Gain{{"cubes", 1.02, 0.01}})
	folder := filepath.Join(t.TempDir(), "new", "folder")
	name := filepath.Join(folder, "p.json")
	require.NoError(t, f.Save(name))
	require.NoError(t, f.Save(name), "over itself")
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Len(t, entries, 1, "nothing is left beside it")
	if runtime.GOOS != "windows" {
		info, err := entries[0].Info()
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o644), info.Mode())
	}

	got, err := Load(name, kernels.Default())
	require.NoError(t, err)
	require.Equal(t, tuned.Profile(), got.Profile())
	require.Equal(t, tuned.ISA(), got.ISA())
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	back, err := Decode(text)
	require.NoError(t, err)
	require.Equal(t, f, *back)
}

func TestFind(t *testing.T) {
	ownCache(t)
	h, tuned := kernels.Default(), other(t)
	name, err := Path(h)
	require.NoError(t, err)
	f := Of(tuned, h, nil)
	require.NoError(t, f.Save(name))
	got, from, err := Find(h)
	require.NoError(t, err)
	require.Equal(t, name, from)
	require.Equal(t, tuned.Profile(), got.Profile())

	got, err = Open(Auto, h)
	require.NoError(t, err)
	require.Equal(t, tuned.Profile(), got.Profile())

	// A file that cannot be used is not passed over.
	require.NoError(t, os.WriteFile(name, []byte("{"), 0o666))
	_, _, err = Find(h)
	require.ErrorContains(t, err, name)
	require.ErrorContains(t, err, "delete it")
}

// Without a file the built-in profile of the CPU counts, and without one the
// defaults.
func TestFindWithoutFile(t *testing.T) {
	ownCache(t)
	list, err := kernels.Available()
	require.NoError(t, err)
	for _, isa := range list {
		h, err := kernels.For(isa)
		require.NoError(t, err)
		got, from, err := Find(h)
		require.NoError(t, err)
		require.Equal(t, isa, got.ISA())
		if strings.HasPrefix(from, "defaults") {
			require.Same(t, h, got)
		} else {
			require.True(t, strings.HasPrefix(from, "built in"), from)
		}
	}
}

func TestOpenNothing(t *testing.T) {
	h := kernels.Default()
	got, err := Open("", h)
	require.NoError(t, err)
	require.Same(t, h, got)
}

// Built-in profiles are whole and within the bounds, whatever this CPU is.
func TestEmbedded(t *testing.T) {
	entries, err := embedded.ReadDir("embedded")
	require.NoError(t, err)
	require.NotEmpty(t, entries)
	for _, entry := range entries {
		text, err := embedded.ReadFile("embedded/" + entry.Name())
		require.NoError(t, err)
		f, err := Decode(text)
		require.NoError(t, err, entry.Name())
		isa, err := kernels.ParseISA(f.ISA)
		require.NoError(t, err)
		p := kernels.Default().Profile()
		require.NoError(t, f.change(&p), entry.Name())
		require.NoError(t, p.Check(), entry.Name())
		require.NotEqual(t, kernels.Generic, isa)
		require.True(t, strings.HasSuffix(entry.Name(), "-"+f.ISA+".json"), entry.Name())
	}
}

// TestRefusals holds what is wrong against what is said about it.
func TestRefusals(t *testing.T) {
	isa := kernels.Default().ISA().String()
	for name, c := range map[string]struct{ old, replacement, say string }{
		"version":       {`"version": 1`, `"version": 2`, "version 2"},
		"no version":    {`"version": 1`, `"version": 0`, "version 0"},
		"no JSON":       {`{`, `[`, "delete it"},
		"cut short":     {"}\n}", "}", "delete it"},
		"twice":         {"}\n}", "}\n}{}", "delete it"},
		"unknown field": {`"isa"`, `"isb"`, "isb"},
		"vendor":        {`"vendor": "`, `"vendor": "X`, "another CPU"},
		"cache":         {`"l2": `, `"l2": 1`, "another CPU"},
		"tier":          {`"isa": "` + isa + `"`, `"isa": "sse"`, "tier sse"},
		"kernels":       {kernels.ProductSum, "0000000000000000", "other kernels"},
		"unknown":       {`"spins": 77`, `"spins": 77, "more": 1`, `no setting "more"`},
		"no number":     {`"spins": 77`, `"spins": "77"`, "delete it"},
		"fraction":      {`"spins": 77`, `"spins": 7.7`, "delete it"},
		"out of bounds": {`"block_depth": 64`, `"block_depth": 1000000`, "block_depth"},
		"negative":      {`"block_depth": 64`, `"block_depth": -64`, "block_depth"},
		"too big":       {`"block_depth": 64`, `"block_depth": 99999999999999999999`, "delete it"},
		"too deep":      {`"block_depth": 64`, `"block_depth": 4096`, "workspace"},
		"huge":          {`{`, `{` + strings.Repeat(" ", mostBytes), "larger than any"},
	} {
		h, err := Load(edited(t, c.old, c.replacement), kernels.Default())
		require.ErrorContains(t, err, c.say, name)
		require.ErrorContains(t, err, "profile", name)
		require.Nil(t, h, name)
	}
	name := filepath.Join(t.TempDir(), "none.json")
	_, err := Load(name, kernels.Default())
	require.ErrorContains(t, err, "tune -out "+name)
	_, err = Open(t.TempDir(), kernels.Default())
	require.Error(t, err, "a folder")
}

// A profile of another tier names both ways out.
func TestOtherTier(t *testing.T) {
	list, err := kernels.Available()
	require.NoError(t, err)
	if len(list) < 2 {
		t.Skip("needs two tiers")
	}
	low, err := kernels.For(kernels.Generic)
	require.NoError(t, err)
	_, err = Load(edited(t, "77", "78"), low)
	require.ErrorContains(t, err, "tune -isa generic")
}

// Whatever a file holds, it is refused or a valid profile.
func FuzzDecode(f *testing.F) {
	good := Of(kernels.Default(), kernels.Default(), []Gain{{"cubes", 1.1, 0.01}})
	good.Settings["spins"] = 5
	name := filepath.Join(f.TempDir(), "p.json")
	require.NoError(f, good.Save(name))
	text, err := os.ReadFile(name)
	require.NoError(f, err)
	f.Add(text)
	f.Add([]byte(`{"version":1,"settings":{"spins":-1}}`))
	f.Add([]byte(`{"version":1e0}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := Decode(text)
		if err != nil {
			return
		}
		h, err := file.Apply(kernels.Default())
		if err != nil {
			return
		}
		require.NoError(t, h.Profile().Check())
		require.Equal(t, kernels.Default().ISA(), h.ISA())
	})
}
