package kernels

import "unsafe"

// NewVector allocates n zero floats that start at a multiple of 64 bytes.
func NewVector(n int) []float32 {
	if n == 0 {
		return nil
	}
	raw := make([]float32, n+15)
	skip := 0
	if r := uintptr(unsafe.Pointer(&raw[0])) % 64; r != 0 {
		skip = int(64-r) / 4
	}
	return raw[skip : skip+n : skip+n]
}

// A Workspace is the scratch memory of one goroutine's products: room for the
// packed panels of one block and for the strips that epilogues work on. Its
// size does not depend on the products.
type Workspace struct {
	panels []float32 // packed blocks of B, or copies of A whose stride aliases
	strip  []float32 // results that only an epilogue reads
}

// NewWorkspace allocates a workspace (about 3.2 MiB) for any product of any
// handle.
func NewWorkspace() *Workspace {
	return &Workspace{panels: NewVector(workspacePanels), strip: NewVector(workspaceStrip)}
}

// overlaps reports whether the memory of x and y meets, and whether they are
// the same elements.
func overlaps(x, y []float32) (meet, same bool) {
	if len(x) == 0 || len(y) == 0 {
		return false, false
	}
	x0, y0 := uintptr(unsafe.Pointer(&x[0])), uintptr(unsafe.Pointer(&y[0]))
	x1, y1 := x0+4*uintptr(len(x)), y0+4*uintptr(len(y))
	return x0 < y1 && y0 < x1, x0 == y0 && len(x) == len(y)
}
