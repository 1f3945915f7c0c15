package run

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/tune/profile"
)

// A run computes with the profile that it is told to use, and with no other.
func TestProfile(t *testing.T) {
	h := kernels.Default()
	p := h.Profile()
	p.Spins, p.BlockDepth = 17, 64
	tuned, err := h.WithProfile(p)
	require.NoError(t, err)
	f := profile.Of(tuned, h, nil)
	name := filepath.Join(t.TempDir(), "p.json")
	require.NoError(t, f.Save(name))

	s := Defaults()
	task, err := Plan(s)
	require.NoError(t, err)
	require.Equal(t, h.Profile(), task.Config.Kernels.Profile())

	require.NoError(t, s.Set("profile", name))
	task, err = Plan(s)
	require.NoError(t, err)
	require.Equal(t, p, task.Config.Kernels.Profile())

	require.NoError(t, os.WriteFile(name, []byte(`{"version": 1}`), 0o666))
	_, err = Plan(s)
	require.ErrorContains(t, err, "-profile: ")
	require.ErrorContains(t, err, name)
	require.ErrorContains(t, err, "tune")
}
