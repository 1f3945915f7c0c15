package npz

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWriter(t *testing.T) {
	large := make([]float32, chunkBytes/4+3)
	for i := range large {
		large[i] = float32(i)
	}
	write := func() []byte {
		var file bytes.Buffer
		w := NewWriter(&file)
		require.NoError(t, w.Write("n0.weight", []int{1, 2, 1, 3}, []float32{1, -2, float32(math.Inf(1)), 1e-45, 5, 6}))
		require.NoError(t, w.Write("scalar", nil, []float32{7}))
		require.NoError(t, w.Write("none", []int{3, 0}, nil))
		require.NoError(t, w.Write("large", []int{len(large)}, large))
		require.NoError(t, w.Close())
		return file.Bytes()
	}
	content := write()
	require.Equal(t, content, write())
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	require.NoError(t, err)
	for i, want := range []struct {
		name, shape string
		values      []float32
	}{
		{"n0.weight.npy", "(1, 2, 1, 3)", []float32{1, -2, float32(math.Inf(1)), 1e-45, 5, 6}},
		{"scalar.npy", "()", []float32{7}},
		{"none.npy", "(3, 0)", []float32{}},
		{"large.npy", "(16387,)", large},
	} {
		require.Equal(t, want.name, archive.File[i].Name)
		entry, err := archive.File[i].Open()
		require.NoError(t, err)
		text, err := io.ReadAll(entry)
		require.NoError(t, err)
		size := 10 + int(binary.LittleEndian.Uint16(text[8:]))
		require.Zero(t, size%64)
		require.Equal(t, "\x93NUMPY\x01\x00", string(text[:8]))
		require.Regexp(t, `^\{'descr': '<f4', 'fortran_order': False, 'shape': `+regexp.QuoteMeta(want.shape)+`, \} *\n$`, string(text[10:size]))
		values := make([]float32, (len(text)-size)/4)
		for k := range values {
			values[k] = math.Float32frombits(binary.LittleEndian.Uint32(text[size+4*k:]))
		}
		require.Equal(t, want.values, values)
	}
}

func TestWriterRefuses(t *testing.T) {
	var file bytes.Buffer
	w := NewWriter(&file)
	require.NoError(t, w.Write("x", []int{1}, []float32{1}))
	require.ErrorContains(t, w.Write("x", []int{1}, []float32{1}), `"x" is empty or taken`)
	require.ErrorContains(t, w.Write("", []int{1}, []float32{1}), "empty or taken")
	for _, shape := range [][]int{{2}, {2, 2}, {-1, -3}, {0}, {3, 0}, {math.MaxInt, 4}, nil} {
		require.ErrorContains(t, w.Write("y", shape, make([]float32, 3)), `"y" has 3 values in the shape`)
	}
	require.NoError(t, w.Close())
	require.Error(t, w.Close())

	full := errors.New("full")
	w = NewWriter(fullDisk{full})
	err := w.Write("x", []int{1 << 20}, make([]float32, 1<<20))
	require.ErrorIs(t, errors.Join(err, w.Close()), full)
}

type fullDisk struct{ err error }

func (f fullDisk) Write([]byte) (int, error) { return 0, f.err }
