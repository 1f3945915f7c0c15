//go:build darwin || linux

package kernels

import (
	"math/rand/v2"
	"testing"
	"unsafe"
)

// guardedBytes is guarded for bytes.
func guardedBytes(t testing.TB, n int, atEnd bool) []uint8 {
	t.Helper()
	floats := guarded(t, (n+3)/4, atEnd)
	if floats == nil {
		return nil
	}
	start := unsafe.Pointer(&floats[0])
	if atEnd {
		start = unsafe.Add(start, 4*len(floats)-n)
	}
	return unsafe.Slice((*uint8)(start), n)
}

// Kernels stay within their slices, at both ends.
func TestSpatialKernelsStayInside(t *testing.T) {
	r := rand.New(rand.NewPCG(61, 62))
	const most = 16 << 10
	for _, atEnd := range []bool{false, true} {
		memory := make([][]float32, 10)
		for i := range memory {
			memory[i] = guarded(t, most, atEnd)
			fill(r, memory[i])
		}
		winners := guardedBytes(t, most, atEnd)
		for channels := 1; channels <= 70; channels++ {
			if testing.Short() && channels > 20 && channels%16 > 1 {
				continue
			}
			for _, k := range spatialKernels() {
				shape := PoolShape{2 + channels%2, 4 + channels%3, channels}
				c := &spatialCase{shape: shape}
				for i := range k.kinds {
					rows, cols := shape.size(k.kinds[i], 2)
					stride := cols + 3
					data := memory[i][:(rows-1)*stride+cols]
					if atEnd {
						data = memory[i][most-len(data):]
					}
					c.m = append(c.m, Matrix{Rows: rows, Cols: cols, Data: data, Stride: stride})
				}
				rows, cols := shape.size('p', 2)
				c.winners = Winners{Rows: rows, Cols: cols, Data: winners[:cols+1+cols], Stride: cols + 1}
				if atEnd {
					c.winners.Data = winners[most-len(c.winners.Data):]
				}
				for _, h := range tiers(t) {
					if fault := faultOf(func() { k.run(h, c) }); fault != nil {
						t.Fatalf("%v %s, %v, at the end %v: %v", h.ISA(), k.name, shape, atEnd, fault)
					}
				}
			}
		}
	}
}
