//go:build !amd64 || purego

package kernels

func (h *Handle) packPanel(dst, src []float32, ld int, transposed bool, k, cols int) {
	packPanelGeneric(dst, src, ld, transposed, k, cols, h.g.nr)
}

func (h *Handle) packRuns(dst, src []float32, runs []chainPart, ld, cols int) {
	h.packRunsOneByOne(dst, src, runs, ld, cols)
}

func (h *Handle) packWide(dst, src []float32, ld, k, cols, wide int) {
	packPanelGeneric(dst, src, ld, false, k, cols, wide)
}

func (h *Handle) transposeEight(dst []float32, ds int, src []float32, ss, rows int) {
	transposeEightGeneric(dst, ds, src, ss, rows)
}

func (h *Handle) packFourStrips(dst []float32, step int, src []float32, ld, k, mr int) {
	packFourStripsGeneric(dst, step, src, ld, k, mr)
}

func (h *Handle) packStrip(dst, src []float32, ld, k, mr int) { packStripGeneric(dst, src, ld, k, mr) }
