//go:build !amd64 || purego

package kernels

// Without assembly every handle is that of portable Go.

func (h *Handle) tile(t *tileCall) { t.generic() }

func (h *Handle) packPanel(dst, src []float32, ld int, transposed bool, k, cols int) {
	packPanelGeneric(dst, src, ld, transposed, k, cols, geometries[Generic].nr)
}
