//go:build darwin || linux

package kernels

import (
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"syscall"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// guarded returns n floats that end (or start) exactly where a page begins (or
// ends) that faults when it is touched.
func guarded(t testing.TB, n int, atEnd bool) []float32 {
	t.Helper()
	page := syscall.Getpagesize()
	inner := (4*n + page - 1) / page * page
	memory, err := syscall.Mmap(-1, 0, inner+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	require.NoError(t, err)
	t.Cleanup(func() { _ = syscall.Munmap(memory) })
	require.NoError(t, syscall.Mprotect(memory[:page], syscall.PROT_NONE))
	require.NoError(t, syscall.Mprotect(memory[page+inner:], syscall.PROT_NONE))
	if n == 0 {
		return nil
	}
	start := page
	if atEnd {
		start += inner - 4*n
	}
	return unsafe.Slice((*float32)(unsafe.Pointer(&memory[start])), n)
}

// Kernels stay within their slices, at both ends.
func TestElementKernelsStayInside(t *testing.T) {
	const rows = 3
	for _, cols := range []int{1, 2, 5, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 80} {
		stride := cols + 3
		for _, atEnd := range []bool{false, true} {
			memory := make([][]float32, 6)
			for i := range memory {
				memory[i] = guarded(t, (rows-1)*stride+cols, atEnd)
				fill(rand.New(rand.NewPCG(17, uint64(i))), memory[i])
			}
			for _, k := range elementKernels() {
				m := make([]Matrix, k.matrices)
				for i := range m {
					m[i] = Matrix{Rows: rows, Cols: cols, Data: memory[i], Stride: stride}
					if k.vector {
						m[i] = m[i].RowRange(0, 1)
						if atEnd {
							m[i].Data = memory[i][(rows-1)*stride:]
						}
					}
				}
				for _, h := range tiers(t) {
					if fault := faultOf(func() { k.run(h, m) }); fault != nil {
						t.Fatalf("%v %s, %d columns, at the end %v: %v", h.ISA(), k.name, cols, atEnd, fault)
					}
				}
			}
		}
	}
}

// The guards must catch a step over either end.
func TestGuardsNegativeControl(t *testing.T) {
	for _, atEnd := range []bool{false, true} {
		x := guarded(t, 16, atEnd)
		outside := unsafe.Add(unsafe.Pointer(&x[0]), -4)
		if atEnd {
			outside = unsafe.Add(unsafe.Pointer(&x[15]), 4)
		}
		require.Error(t, faultOf(func() { sink = *(*float32)(outside) }), "at the end %v", atEnd)
	}
}

var sink float32

// faultOf runs f and turns a memory fault into an error.
func faultOf(f func()) (fault error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			fault = fmt.Errorf("%v", r)
		}
	}()
	f()
	return nil
}
