package kernels

// packRowsOfCall bounds the rows of a panel that one assembly call writes.
const packRowsOfCall = 4096

// packPanels packs columns lo to hi-1 of a whole operand into its panels.
func (h *Handle) packPanels(dst []float32, transposed bool, b Matrix, lo, hi int) {
	nr := h.g.nr
	k := b.Rows
	if transposed {
		k = b.Cols
	}
	if k == 0 {
		return
	}
	for j := lo; j < hi; j += nr {
		src := b.Data[j:]
		if transposed {
			src = b.Data[j*b.Stride:]
		}
		h.packPanel(dst[j*k:], src, b.Stride, transposed, k, min(nr, hi-j))
	}
}

// packPanelGeneric writes one panel: k rows of nr elements, those from column
// cols on zero. The source is k x cols, or cols x k if transposed.
func packPanelGeneric(dst, src []float32, ld int, transposed bool, k, cols, nr int) {
	for i := range k {
		row := dst[i*nr : (i+1)*nr]
		if transposed {
			for j := range cols {
				row[j] = src[j*ld+i]
			}
		} else {
			copy(row, src[i*ld:i*ld+cols])
		}
		clear(row[cols:])
	}
}

// packRunsOneByOne is packRuns by way of packPanel.
func (h *Handle) packRunsOneByOne(dst, src []float32, runs []chainPart, ld, cols int) {
	for _, run := range runs {
		h.packPanel(dst, src[run.a:], ld, false, run.k, cols)
		dst = dst[run.k*h.PanelColumns():]
	}
}

func transposeEightGeneric(dst []float32, ds int, src []float32, ss, rows int) {
	for i := range rows {
		for j := range 8 {
			dst[i*ds+j] = src[j*ss+i]
		}
	}
}

func packStripGeneric(dst, src []float32, ld, k, mr int) {
	for l := range k {
		copy(dst[l*mr:(l+1)*mr], src[l*ld:])
	}
}

func packFourStripsGeneric(dst []float32, step int, src []float32, ld, k, mr int) {
	for i := range 4 {
		packStripGeneric(dst[i*step:], src[i*mr:], ld, k, mr)
	}
}
