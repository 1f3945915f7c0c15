package safetensors

import (
	"bytes"
	"errors"
	"math"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// sample has an odd number of values, more of them than a chunk, a scalar and a
// tensor without values.
func sample() *File {
	large := make([]float32, chunkBytes/4+5)
	for i := range large {
		large[i] = float32(i) / 3
	}
	return &File{
		Metadata: map[string]string{"format": "pt", "quoted \"é\"": "<a>\n\x00"},
		Tensors: []Tensor{
			{"z", []int{2, 1, 3}, []float32{1, -2, float32(math.Inf(1)), 1e-45, float32(math.Copysign(0, -1)), 6}},
			{"", []int{0, 7}, nil},
			{"scalar", nil, []float32{0.1}},
			{"large", []int{len(large)}, large},
		},
	}
}

func TestWriteAndRead(t *testing.T) {
	for name, f := range map[string]*File{"sample": sample(), "empty": {}, "metadata alone": {Metadata: map[string]string{"a": ""}}} {
		t.Run(name, func(t *testing.T) {
			var file bytes.Buffer
			require.NoError(t, Write(&file, f))
			again := bytes.Clone(file.Bytes())
			got, err := Read(iotest.OneByteReader(&file))
			require.NoError(t, err)
			require.Equal(t, f, got)

			var second bytes.Buffer
			require.NoError(t, Write(&second, got))
			require.Equal(t, again, second.Bytes(), "equal files are equal bytes")
		})
	}
}

// The layout that the format's description gives, byte by byte.
func TestWrittenBytes(t *testing.T) {
	var file bytes.Buffer
	require.NoError(t, Write(&file, &File{
		Metadata: map[string]string{"b": "2", "a": "1"},
		Tensors:  []Tensor{{"x", []int{1}, []float32{1}}, {"y", []int{}, []float32{-2}}},
	}))
	header := `{"__metadata__":{"a":"1","b":"2"},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[],"data_offsets":[4,8]}}`
	for len(header)%8 != 0 {
		header += " "
	}
	require.Equal(t, string([]byte{byte(len(header)), 0, 0, 0, 0, 0, 0, 0})+header+"\x00\x00\x80\x3f\x00\x00\x00\xc0", file.String())
}

func TestWriteRefuses(t *testing.T) {
	for want, f := range map[string]*File{
		`"x" is taken`:                        {Tensors: []Tensor{{"x", nil, []float32{1}}, {"x", nil, []float32{1}}}},
		`"__metadata__" is taken`:             {Tensors: []Tensor{{"__metadata__", nil, []float32{1}}}},
		`"x" has 2 values in the shape [1 3]`: {Tensors: []Tensor{{"x", []int{1, 3}, make([]float32, 2)}}},
		`"x" has the shape [-1 -2]`:           {Tensors: []Tensor{{"x", []int{-1, -2}, make([]float32, 2)}}},
		`"x" has 0 values in the shape`:       {Tensors: []Tensor{{"x", []int{math.MaxInt, 4}, nil}}},
		`the name "\xff" is not UTF-8`:        {Tensors: []Tensor{{"\xff", nil, []float32{1}}}},
		`the metadata "a" is not UTF-8`:       {Metadata: map[string]string{"a": "\xff"}},
	} {
		var file bytes.Buffer
		require.ErrorContains(t, Write(&file, f), want)
		require.Zero(t, file.Len())
	}
}

func TestWriteRefusesEndlessHeaders(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 100 MB")
	}
	var file bytes.Buffer
	err := Write(&file, &File{Metadata: map[string]string{"a": string(bytes.Repeat([]byte{'a'}, mostHeader))}})
	require.ErrorContains(t, err, "the header would be 100000032 bytes; no more than 100000000 can be")
	require.Zero(t, file.Len())
}

func TestWriteReportsErrors(t *testing.T) {
	full := errors.New("disk full")
	for _, room := range []int{0, 1, 2} {
		require.ErrorIs(t, Write(&fullDisk{room, full}, sample()), full)
	}
}

// fullDisk takes some writes.
type fullDisk struct {
	room int
	err  error
}

func (f *fullDisk) Write(p []byte) (int, error) {
	if f.room--; f.room < 0 {
		return 0, f.err
	}
	return len(p), nil
}
