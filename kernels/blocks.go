package kernels

// Rectangular blocks with a row stride, as the products hand them over.

// addBlock computes z += t on a block.
func (h *Handle) addBlock(z []float32, zs int, t []float32, ts, rows, cols int) {
	most := rowsOfCall(cols)
	for i := 0; i < rows; i += most {
		h.add(&vectorBlock{
			rows: min(most, rows-i), cols: cols,
			dst: z[i*zs:], dstStride: zs,
			x: z[i*zs:], xStride: zs,
			y: t[i*ts:], yStride: ts,
		})
	}
}

// scaleBlock computes z *= a on a block.
func (h *Handle) scaleBlock(z []float32, zs, rows, cols int, a float32) {
	most := rowsOfCall(cols)
	for i := 0; i < rows; i += most {
		h.scale(&vectorBlock{rows: min(most, rows-i), cols: cols, dst: z[i*zs:], dstStride: zs, a: a})
	}
}

// rowsOfCall is how many rows of so many columns (at least one) an assembly
// call may take.
func rowsOfCall(cols int) int { return max(1, blockFloats/cols) }
