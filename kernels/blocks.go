package kernels

// Rectangular blocks with a row stride, as the products hand them over.

// addBlock computes z += t on a block.
func (h *Handle) addBlock(z []float32, zs int, t []float32, ts, rows, cols int) {
	for i := range rows {
		h.Axpy(z[i*zs:i*zs+cols], 1, t[i*ts:i*ts+cols])
	}
}

// scaleBlock computes z *= a on a block.
func (h *Handle) scaleBlock(z []float32, zs, rows, cols int, a float32) {
	for i := range rows {
		h.Scale(z[i*zs:i*zs+cols], a)
	}
}
