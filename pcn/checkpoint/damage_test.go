package checkpoint

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/safetensors"
)

// savedBytes are those of a checkpoint.
func savedBytes(t *testing.T, path string) []byte {
	b := pcn.NewBuilder(pcn.Features(3))
	b.Node("out", []int{pcn.Input}, pcn.Dense(2, true))
	net, err := b.Build()
	require.NoError(t, err)
	require.NoError(t, Capture(trainer(t, net, nil), pcn.Progress{Epoch: 1}).Save(path))
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return content
}

// Whichever bit is changed and wherever a file is cut, it is noticed.
func TestDamage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c")
	whole := savedBytes(t, path)
	refused := func(content []byte) {
		_, err := read(path, bytes.NewReader(content))
		require.ErrorIs(t, err, ErrDamaged)
		require.ErrorContains(t, err, path+": the file is damaged: ")
	}
	bits := 8
	if testing.Short() {
		bits = 1
	}
	for i := range whole {
		refused(whole[:i])
		for k := range bits {
			spoilt := bytes.Clone(whole)
			spoilt[i] ^= 1 << ((i + k) % 8)
			refused(spoilt)
		}
	}
	refused(append(whole, 0))
	_, err := read(path, bytes.NewReader(whole))
	require.NoError(t, err, "the control")

	require.NoError(t, os.WriteFile(path, whole[:len(whole)-1], 0o666))
	_, err = Load(path)
	require.ErrorIs(t, err, ErrDamaged)
}

// change rewrites a file with some of its content changed and a checksum that is
// right.
func change(t *testing.T, path string, what func(f *safetensors.File)) {
	f, err := load(path)
	require.NoError(t, err)
	what(f)
	require.NoError(t, save(path, f))
}

func TestLoadRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c")
	for _, c := range []struct {
		want string
		kind error
		what func(f *safetensors.File)
	}{
		{"not a checkpoint of this program", ErrMismatch, func(f *safetensors.File) { delete(f.Metadata, keyKind) }},
		{"weights alone", ErrMismatch, func(f *safetensors.File) { f.Metadata[keyKind] = kindWeights }},
		{`it is a "checkpoint 2" and this version reads "checkpoint 1"`, ErrMismatch, func(f *safetensors.File) { f.Metadata[keyKind] = "checkpoint 2" }},
		{"gopcn.state: unexpected end", ErrDamaged, func(f *safetensors.File) { delete(f.Metadata, keyState) }},
		{"gopcn.network: unexpected end", ErrDamaged, func(f *safetensors.File) { delete(f.Metadata, keyNetwork) }},
		{`"optimizer.exp_avg.out.bias" is missing`, ErrDamaged, func(f *safetensors.File) { f.Tensors = append(f.Tensors[:3:3], f.Tensors[4:]...) }},
		{`"out.weight" is missing`, ErrDamaged, func(f *safetensors.File) { f.Tensors = f.Tensors[1:] }},
	} {
		savedBytes(t, path)
		change(t, path, c.what)
		_, err := Load(path)
		require.ErrorIs(t, err, c.kind)
		require.ErrorContains(t, err, c.want)
	}
	_, err := Load(path + " of another name")
	require.ErrorIs(t, err, os.ErrNotExist)
	require.False(t, errors.Is(err, ErrDamaged))
	_, err = Load(filepath.Dir(path))
	require.Error(t, err)
	require.False(t, errors.Is(err, ErrDamaged))
}

// A whole file whose state no trainer can have leaves the trainer as it is.
func TestRestoreRefusesImpossibleStates(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c")
	tr := trainer(t, network(t, kernels.Tanh), nil)
	require.NoError(t, Capture(tr, pcn.Progress{}).Save(path))
	before := tr.Snapshot()
	for _, c := range []struct{ old, new, want string }{
		{`"count":0`, `"count":-1`, "negative step counts"},
		{`"steps":[0,0,`, `"steps":[`, "7 step counts for 9 parameters"},
		{`"moments":[true,true]`, `"moments":[true,false]`, "0 second moments, but adamw wants 9"},
		{`"h.W",`, ``, "first moments, but adamw wants 9"},
		{`"h.mean","h.var"`, ``, "0 tensors for 2 statistics"},
	} {
		require.NoError(t, Capture(tr, pcn.Progress{}).Save(path))
		change(t, path, func(f *safetensors.File) {
			require.Contains(t, f.Metadata[keyState], c.old)
			f.Metadata[keyState] = strings.Replace(f.Metadata[keyState], c.old, c.new, 1)
		})
		loaded, err := Load(path)
		require.NoError(t, err)
		err = loaded.Restore(tr)
		require.ErrorIs(t, err, ErrMismatch)
		require.ErrorContains(t, err, c.want)
		require.Equal(t, before, tr.Snapshot())
	}
}
