package kernels

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// The fuzz targets compare the tiers bit for bit on arbitrary bit patterns.

func FuzzActivate(f *testing.F)  { fuzzElementKernels(f, "activation") }
func FuzzVector(f *testing.F)    { fuzzElementKernels(f, "vector") }
func FuzzOptimizer(f *testing.F) { fuzzElementKernels(f, "optimizer") }
func FuzzReduce(f *testing.F)    { fuzzElementKernels(f, "reduce") }
func FuzzEpilogue(f *testing.F)  { fuzzElementKernels(f, "epilogue") }

func fuzzElementKernels(f *testing.F, group string) {
	var list []elementKernel
	for _, k := range elementKernels() {
		if k.group == group {
			list = append(list, k)
		}
	}
	for i := range list {
		f.Add(uint8(i), uint8(3), uint8(17), []byte("\x00\x00\x80\x3f\x00\x00\x00\x80\x00\x00\xc0\x7f\x01\x00\x00\x00"))
	}
	// Products of two of these floats are too small for float32 and round to -0,
	// which a masked-out +0 must not turn into +0.
	f.Add(uint8(1), uint8(0), uint8('a'), []byte("000\x800000"))
	f.Fuzz(func(t *testing.T, which, rows, cols uint8, data []byte) {
		k := list[int(which)%len(list)]
		lines := int(rows)%4 + 1
		if k.vector {
			lines = 1
		}
		m := make([]Matrix, k.matrices)
		for i := range m {
			m[i] = fuzzMatrix(lines, int(cols), i, data)
		}
		want := k.runCopy(&handles[Generic], m)
		for _, h := range tiers(t)[1:] {
			got := k.runCopy(h, m)
			require.NoError(t, want.same(&got), "%v %s", h.ISA(), k.name)
		}
	})
}

// fuzzMatrix repeats the floats of data, another part of them for each matrix.
func fuzzMatrix(rows, cols, number int, data []byte) Matrix {
	m := NewMatrix(rows, cols)
	if len(data) < 4 {
		return m
	}
	for i := range m.Data {
		at := (i + 7*number) % (len(data) / 4) * 4
		m.Data[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[at:]))
	}
	return m
}
