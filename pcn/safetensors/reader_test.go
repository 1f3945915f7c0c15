package safetensors

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// file makes a file of a header and values.
func file(header, values string) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), values...)
}

func TestConversions(t *testing.T) {
	inf, negative := float32(math.Inf(1)), float32(math.Copysign(0, -1))
	for _, c := range []struct {
		dtype  DType
		values string
		want   []float32
	}{
		{F64, "\x9a\x99\x99\x99\x99\x99\xb9\x3f\xff\xff\xff\xff\xff\xff\xef\x7f", []float32{0.1, inf}},
		{F32, "\xcd\xcc\xcc\x3d\x01\x00\x00\x80", []float32{0.1, -1e-45}},
		{F16, "\x00\x3c\x00\xc0\x66\x2e\x01\x00\xff\x03\x00\x04\xff\x7b\x00\x7c\x00\x80", []float32{1, -2, 0.0999755859375, 0x1p-24, 0x1.ff8p-15, 0x1p-14, 65504, inf, negative}},
		{BF16, "\x80\x3f\xcd\x3d\x01\x00\x80\x7f", []float32{1, 0.10009765625, 0x1p-133, inf}},
		{I64, "\xff\xff\xff\xff\xff\xff\xff\xff\x01\x00\x00\x01\x00\x00\x00\x00", []float32{-1, 16777216}},
		{I32, "\x00\x00\x00\x80", []float32{-1 << 31}},
		{I16, "\xff\xff\x01\x02", []float32{-1, 513}},
		{I8, "\x80\x7f", []float32{-128, 127}},
		{U64, "\xff\xff\xff\xff\xff\xff\xff\xff", []float32{1 << 64}},
		{U32, "\x00\x00\x00\x80", []float32{1 << 31}},
		{U16, "\xff\xff", []float32{65535}},
		{U8, "\xff\x00", []float32{255, 0}},
		{Bool, "\x01\x00", []float32{1, 0}},
	} {
		text := `{"x":{"dtype":"` + string(c.dtype) + `","shape":[` + strconv.Itoa(len(c.want)) + `],"data_offsets":[0,` + strconv.Itoa(len(c.values)) + `]}}`
		got, err := Read(bytes.NewReader(file(text, c.values)))
		require.NoError(t, err, c.dtype)
		require.Equal(t, c.want, got.Tensors[0].Data, c.dtype)
		for i, v := range c.want { // also the sign of zero
			require.Equal(t, math.Signbit(float64(v)), math.Signbit(float64(got.Tensors[0].Data[i])))
		}
	}
	nan := fromHalf(0x7e00)
	require.True(t, nan != nan)
}

// All 65,536 halves, against their definition.
func TestHalves(t *testing.T) {
	for h := range 1 << 16 {
		exponent, mantissa := h>>10&0x1f, float64(h&0x3ff)
		want := math.Ldexp(1+mantissa/1024, exponent-15)
		switch {
		case exponent == 0:
			want = math.Ldexp(mantissa/1024, -14)
		case exponent == 31 && mantissa != 0:
			want = math.NaN()
		case exponent == 31:
			want = math.Inf(1)
		}
		got := float64(fromHalf(uint16(h)))
		if h >= 1<<15 {
			want = -want
		}
		if math.Float64bits(want) != math.Float64bits(got) && (want == want || got == got) {
			require.Equal(t, want, got, "half %#x", h)
		}
	}
}

// A file of another program: tensors listed in another order than their values,
// a type that has no float32, spaces and fields in any order.
const foreign = ` {"c":{"dtype":"C64","data_offsets":[4,12],"shape":[]},
"b":{"shape":[1,2],"dtype":"BF16","data_offsets":[0,4]}, "a":{"data_offsets":[12,13],"dtype":"U8","shape":[1,1]},"none":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}  `

func TestReader(t *testing.T) {
	content := file(foreign[1:], "\x80\x3f\x00\x40complex.\x07")
	r, err := NewReader(iotest.HalfReader(bytes.NewReader(content)))
	require.NoError(t, err)
	require.Nil(t, r.Metadata())
	_, err = r.Float32s(nil)
	require.ErrorContains(t, err, "before Next")
	var names []string
	for {
		info, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		require.Equal(t, r.Tensors()[len(names)], info)
		names = append(names, info.Name)
		switch info.Name {
		case "b":
			require.Equal(t, []int{1, 2}, info.Shape)
			values, err := r.Float32s([]float32{7})
			require.NoError(t, err)
			require.Equal(t, []float32{7, 1, 2}, values)
			_, err = r.Float32s(nil)
			require.ErrorContains(t, err, `"b" has been read`)
		case "c":
			_, err = r.Float32s(nil)
			require.ErrorContains(t, err, "is C64, which cannot be read as float32")
		case "a":
			values, err := r.Float32s(nil)
			require.NoError(t, err)
			require.Equal(t, []float32{7}, values)
		}
	}
	require.Equal(t, []string{"b", "none", "c", "a"}, names)
	_, err = Read(bytes.NewReader(content))
	require.ErrorContains(t, err, "is C64")
}

func TestReadRefuses(t *testing.T) {
	const x = `"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}`
	for _, c := range []struct{ want, header, values string }{
		{"start with a brace", ` {` + x + `}`, "...."},
		{"not UTF-8", "{\"\xff\":1}", ""},
		{`"x" comes twice`, `{` + x + `,` + x + `}`, "...."},
		{`"__metadata__" comes twice`, `{"__metadata__":{},"__metadata__":{}}`, ""},
		{`"__metadata__": "a" comes twice`, `{"__metadata__":{"a":"","\u0061":""}}`, ""},
		{`"__metadata__": "a": 1 is no string`, `{"__metadata__":{"a":1}}`, ""},
		{`"__metadata__": <nil> stands where { is expected`, `{"__metadata__":null}`, ""},
		{`"x": "dtype" comes twice`, `{"x":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, "...."},
		{`"x": "DType": unknown`, `{"x":{"DType":"F32","shape":[1],"data_offsets":[0,4]}}`, "...."},
		{`"x": dtype, shape or data_offsets is missing`, `{"x":{"dtype":"F32","shape":[1]}}`, ""},
		{`"x": the dtype "f32" is unknown`, `{"x":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}}`, "...."},
		{`"x": "shape": -1 is no whole number`, `{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}`, "...."},
		{`"x": "shape": 1.0 is no whole number`, `{"x":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}`, "...."},
		{`"x": "shape": 1 is no number`, `{"x":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}`, "...."},
		{`"x": "shape": [ is no number`, `{"x":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}}`, "...."},
		{`"x": the shape [2147483647 2147483647 2147483647] overflows`, `{"x":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,0]}}`, ""},
		{`"x": F32 of shape [2] are 8 bytes, but data_offsets leave 4`, `{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}`, "...."},
		{`"x": data_offsets [4 0] are no begin and end`, `{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}`, "...."},
		{`"x": data_offsets [0 4 8] are no begin and end`, `{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}`, "...."},
		{`"x" starts at byte 4 and not at 0`, `{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, "........"},
		{`"y" starts at byte 2 and not at 4`, `{` + x + `,"y":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}`, "......"},
		{`"y" starts at byte 0 and not at 4`, `{` + x + `,"y":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, "...."},
		{"more than spaces follow", `{` + x + `}{}`, "...."},
		{"header: ", `{` + x, "...."},
		{"header: ", `{` + x + `]`, "...."},
		{"header: ", `{` + strings.Replace(x, ",", ",,", 1) + `}`, "...."},
		{`ends within tensor "x": unexpected EOF`, `{` + x + `}`, "..."},
		{"bytes follow the last tensor", `{` + x + `}`, "....."},
	} {
		_, err := Read(bytes.NewReader(file(c.header, c.values)))
		require.ErrorContains(t, err, c.want, c.header)
	}
	_, err := Read(strings.NewReader("1234567"))
	require.ErrorContains(t, err, "ends before its header")
	_, err = Read(bytes.NewReader(file("{}  ", "")[:11]))
	require.ErrorContains(t, err, "ends within its header")
	for _, start := range []string{"PK\x03\x04 a zip", "\x01\x00\x00\x00\x00\x00\x00\x00{"} {
		_, err = Read(strings.NewReader(start))
		require.ErrorContains(t, err, "this is no safetensors file")
	}
	broken := errors.New("cable pulled")
	whole := file(`{`+x+`}`, "....")
	for n := range whole {
		_, err = Read(io.MultiReader(bytes.NewReader(whole[:n]), iotest.ErrReader(broken)))
		require.ErrorIs(t, err, broken)
	}
	_, err = Read(io.MultiReader(bytes.NewReader(whole), iotest.ErrReader(broken)))
	require.ErrorIs(t, err, broken)
}

// A header that promises a lot costs no more memory than the bytes behind it.
func TestMemoryFollowsTheBytes(t *testing.T) {
	promise := `{"x":{"dtype":"F32","shape":[1000000,1000000],"data_offsets":[0,4000000000000]}}`
	length := binary.LittleEndian.AppendUint64(nil, 90_000_000)
	for _, content := range [][]byte{file(promise, "...."), append(length, '{')} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Read(bytes.NewReader(content))
		runtime.ReadMemStats(&after)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20))
	}
}

func FuzzRead(f *testing.F) {
	var valid bytes.Buffer
	require.NoError(f, Write(&valid, &File{Metadata: map[string]string{"a": "b"}, Tensors: []Tensor{{"x", []int{2}, []float32{1, 2}}, {"y", nil, []float32{3}}}}))
	f.Add(valid.Bytes())
	f.Add(file(foreign[1:], "\x80\x3f\x00\x40complex.\x07"))
	f.Add(file(`{"h":{"dtype":"F16","shape":[0,3],"data_offsets":[0,0]}}`, ""))
	f.Fuzz(func(t *testing.T, content []byte) {
		got, err := Read(bytes.NewReader(content))
		if err != nil {
			return
		}
		// What can be read can be written, and is the same again.
		var file bytes.Buffer
		require.NoError(t, Write(&file, got))
		first := bytes.Clone(file.Bytes())
		again, err := Read(&file)
		require.NoError(t, err)
		var second bytes.Buffer
		require.NoError(t, Write(&second, again))
		require.Equal(t, first, second.Bytes())
	})
}
