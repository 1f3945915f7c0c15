//go:build amd64 && !purego

package kernels

// packPanel writes one panel with vectors as far as they reach and leaves the
// edges to portable Go.
func (h *Handle) packPanel(dst, src []float32, ld int, transposed bool, k, cols int) {
	nr := h.g.nr
	switch {
	case h.isa == Generic:
		packPanelGeneric(dst, src, ld, transposed, k, cols, nr)
	case transposed:
		packTransposed(dst, src, ld, k, cols, nr)
	case cols == nr && nr == 16:
		packRows16AVX2(k, &dst[0], &src[0], ld)
	case cols == nr && nr == 32:
		packRows32AVX2(k, &dst[0], &src[0], ld)
	default:
		packPanelGeneric(dst, src, ld, false, k, cols, nr)
	}
}

// packTransposed writes a panel from rows that run along k, eight at a time.
func packTransposed(dst, src []float32, ld, k, cols, nr int) {
	whole := k &^ 7
	j := 0
	if whole > 0 {
		for ; j+8 <= cols; j += 8 {
			packColumns8AVX2(whole/8, &dst[j], nr, &src[j*ld], ld)
		}
	}
	from := 0
	if j == nr {
		from = whole // the other rows are complete
	}
	for i := from; i < k; i++ {
		row := dst[i*nr : (i+1)*nr]
		first := j
		if i >= whole {
			first = 0
		}
		for c := first; c < cols; c++ {
			row[c] = src[c*ld+i]
		}
		clear(row[cols:])
	}
}

// packRuns writes a panel from runs of rows that lie ld apart in src.
func (h *Handle) packRuns(dst, src []float32, runs []chainPart, ld, cols int) {
	nr := h.g.nr
	switch {
	case h.isa == Generic || cols < nr:
		h.packRunsOneByOne(dst, src, runs, ld, cols)
	case nr == 16:
		packRuns16AVX2(len(runs), &runs[0].a, &dst[0], &src[0], ld)
	default:
		packRuns32AVX2(len(runs), &runs[0].a, &dst[0], &src[0], ld)
	}
}

// packWide writes a panel of twice the usual width.
func (h *Handle) packWide(dst, src []float32, ld, k, cols int) {
	switch wide := 2 * h.PanelColumns(); {
	case h.isa == Generic || cols < wide:
		packPanelGeneric(dst, src, ld, false, k, cols, wide)
	case wide == 32:
		packRows32AVX2(k, &dst[0], &src[0], ld)
	default:
		packRows64AVX2(k, &dst[0], &src[0], ld)
	}
}
