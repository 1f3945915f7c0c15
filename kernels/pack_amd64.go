//go:build amd64 && !purego

package kernels

// packPanel writes one panel: k rows of nr elements, those from column cols on
// zero. The source is k x cols, or cols x k if transposed.
func (h *Handle) packPanel(dst, src []float32, ld int, transposed bool, k, cols int) {
	nr := h.g.nr
	if h.isa == Generic {
		packPanelGeneric(dst, src, ld, transposed, k, cols, nr)
		return
	}
	for l := 0; l < k; l += packRowsOfCall {
		rows := min(packRowsOfCall, k-l)
		if transposed {
			packTransposed(dst[l*nr:], src[l:], ld, rows, cols, nr)
			continue
		}
		whole := [1]chainPart{{a: l * ld, k: rows}}
		packRunsAVX2(dst[l*nr:], src, whole[:], ld, cols, nr)
	}
}

// packTransposed writes a panel from rows that run along k, eight at a time.
func packTransposed(dst, src []float32, ld, k, cols, nr int) {
	for j := 0; j < cols; j += 8 {
		packColumns8AVX2(k, min(8, cols-j), &dst[j], nr, &src[j*ld], ld)
	}
	for j := (cols + 7) &^ 7; j < nr; j += 8 {
		for i := range k {
			clear(dst[i*nr+j : i*nr+j+8])
		}
	}
}

// packRuns writes a panel from runs of rows that lie ld apart in src.
func (h *Handle) packRuns(dst, src []float32, runs []chainPart, ld, cols int) {
	if h.isa == Generic {
		h.packRunsOneByOne(dst, src, runs, ld, cols)
		return
	}
	packRunsAVX2(dst, src, runs, ld, cols, h.g.nr)
}

// packWide writes a panel of another width: 16, 32 or 64.
func (h *Handle) packWide(dst, src []float32, ld, k, cols, wide int) {
	if h.isa == Generic {
		packPanelGeneric(dst, src, ld, false, k, cols, wide)
		return
	}
	whole := [1]chainPart{{k: k}}
	packRunsAVX2(dst, src, whole[:], ld, cols, wide)
}

// packRunsAVX2 writes a panel of 16, 32 or 64 columns.
func packRunsAVX2(dst, src []float32, runs []chainPart, ld, cols, width int) {
	switch width {
	case 16:
		packRuns16AVX2(len(runs), &runs[0].a, &dst[0], &src[0], ld, cols)
	case 32:
		packRuns32AVX2(len(runs), &runs[0].a, &dst[0], &src[0], ld, cols)
	default:
		packRuns64AVX2(len(runs), &runs[0].a, &dst[0], &src[0], ld, cols)
	}
}

// packStrip writes the elements of a transposed A that a strip of mr rows meets,
// term by term without gaps. It may write up to 15 floats more.
func (h *Handle) packStrip(dst, src []float32, ld, k, mr int) {
	switch {
	case h.isa == Generic:
		packStripGeneric(dst, src, ld, k, mr)
	case mr <= 8:
		packStrip8AVX2(k, &dst[0], &src[0], ld, mr)
	default:
		packStrip16AVX2(k, &dst[0], &src[0], ld, mr)
	}
}

// packFourStrips is packStrip for four strips of up to eight rows beside each other,
// whose places in dst are step apart.
func (h *Handle) packFourStrips(dst []float32, step int, src []float32, ld, k, mr int) {
	if h.isa == Generic {
		packFourStripsGeneric(dst, step, src, ld, k, mr)
		return
	}
	packFourStrips8AVX2(k, &dst[0], step, &src[0], ld, mr)
}

// transposeEight writes eight rows of src to columns of dst that lie side by
// side.
func (h *Handle) transposeEight(dst []float32, ds int, src []float32, ss, rows int) {
	if h.isa == Generic {
		transposeEightGeneric(dst, ds, src, ss, rows)
		return
	}
	packColumns8AVX2(rows, 8, &dst[0], ds, &src[0], ss)
}
