package data

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// idx returns an IDX file of the given dimensions and elements.
func idx(elements []uint8, dims ...uint32) []byte {
	file := []byte{0, 0, 8, byte(len(dims))}
	for _, d := range dims {
		file = binary.BigEndian.AppendUint32(file, d)
	}
	return append(file, elements...)
}

// ramp returns the bytes 0, 1, 2, ...
func ramp(n int) []uint8 {
	elements := make([]uint8, n)
	for i := range elements {
		elements[i] = uint8(i)
	}
	return elements
}

func TestReadIDX(t *testing.T) {
	for _, dims := range [][]uint32{{1}, {5}, {2, 3}, {4, 3, 2}, {2, 3, 4, 5}, {70000}, {300, 28, 28}} {
		total := 1
		want := make([]int, len(dims))
		for i, d := range dims {
			total *= int(d)
			want[i] = int(d)
		}
		file := idx(ramp(total), dims...)
		for _, r := range []io.Reader{
			bytes.NewReader(file), iotest.HalfReader(bytes.NewReader(file)), iotest.DataErrReader(bytes.NewReader(file)),
		} {
			got, elements, err := ReadIDX(r)
			require.NoError(t, err)
			require.Equal(t, want, got)
			require.Equal(t, ramp(total), elements)
			require.Equal(t, total, cap(elements))
		}
	}
}

func TestReadIDXErrors(t *testing.T) {
	good := idx(ramp(24), 4, 3, 2)
	for _, c := range []struct {
		name, message string
		file          []byte
	}{
		{"empty", "truncated: the file ends within its header", nil},
		{"half a magic number", "truncated: the file ends within its header", good[:3]},
		{"half the dimensions", "truncated: the file ends within its header", good[:10]},
		{"no data", "promises [4 3 2] = 24 bytes of data, 0 are there", good[:16]},
		{"a byte missing", "promises [4 3 2] = 24 bytes of data, 23 are there", good[:len(good)-1]},
		{"a byte too many", "trailing data after the 24 bytes", append(bytes.Clone(good), 0)},
		{"text", "wrong magic number 0x3c68746d", []byte("<html>")},
		{"floats", "wrong magic number 0x00000d03", []byte{0, 0, 13, 3, 0, 0, 0, 1}},
		{"no dimensions", "wrong magic number 0x00000800", []byte{0, 0, 8, 0}},
		{"five dimensions", "wrong magic number 0x00000805", idx(ramp(1), 1, 1, 1, 1, 1)},
		{"gzip", "this is gzip data", []byte{0x1f, 0x8b, 8, 0}},
		{"no images", "absurd size: dimension 0 is 0", idx(nil, 0, 28, 28)},
		{"no width", "absurd size: dimension 2 is 0", idx(nil, 1, 28, 0)},
		{"2^31 images", "absurd size: dimension 0 is 2147483648", idx(nil, 1<<31, 28, 28)},
		{"too many pixels", "absurd size: dimension 1 is 28 after [100000000]", idx(nil, 1e8, 28, 28)},
		{"a product beyond 64 bits", "absurd size: dimension 1 is 2147483647 after [2147483647]", idx(nil, 1<<31-1, 1<<31-1, 1<<31-1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			dims, elements, err := ReadIDX(bytes.NewReader(c.file))
			require.ErrorContains(t, err, "data: IDX: ")
			require.ErrorContains(t, err, c.message)
			require.Nil(t, dims)
			require.Nil(t, elements)
		})
	}
}

// Errors of the reader come through, wherever they strike.
func TestReadIDXPassesErrorsOn(t *testing.T) {
	broken := errors.New("the disk is on fire")
	good := idx(ramp(24), 4, 3, 2)
	for n := range len(good) + 1 {
		_, _, err := ReadIDX(io.MultiReader(bytes.NewReader(good[:n]), iotest.ErrReader(broken)))
		require.ErrorIs(t, err, broken, "after %d bytes", n)
	}
}

// A header that claims two gigabytes costs no more than what follows it.
func TestReadIDXAllocatesWhatArrives(t *testing.T) {
	file := idx(ramp(1000), 1<<31-1)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _, err := ReadIDX(bytes.NewReader(file))
	runtime.ReadMemStats(&after)
	require.ErrorContains(t, err, "2147483647 bytes of data, 1000 are there")
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20))
}
