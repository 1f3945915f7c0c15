//go:build amd64 && !purego

package kernels

// The methods below choose a tier by direct calls: a call through a function
// variable would make the arguments escape to the heap.

func (h *Handle) tile(t *tileCall) { t.generic() }

func (h *Handle) packPanel(dst, src []float32, ld int, transposed bool, k, cols int) {
	packPanelGeneric(dst, src, ld, transposed, k, cols, geometryOf(h.isa).nr)
}
