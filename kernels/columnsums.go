package kernels

// ColumnSums computes dst[j] = scale times the sum of column j of a. A column
// is one chain over the rows, ascending from +0, cut at multiples of 8192 rows
// like the chains of a product; the later segments start from +0 and are added
// in ascending order. Dst must not overlap a.
func (h *Handle) ColumnSums(dst []float32, a Matrix, scale float32) {
	a.check(&argA)
	checkLength(dst, a.Cols, &vecDst)
	checkApart(dst, a.used(), &vecDst)
	clear(dst)
	for j := 0; j < a.Cols; j += columnBlock {
		sums := dst[j:min(j+columnBlock, a.Cols)]
		h.sumSegment(sums, &a, 0, j)
		for i := segment; i < a.Rows; i += segment {
			var t [columnBlock]float32
			later := t[:len(sums)]
			h.sumSegment(later, &a, i, j)
			h.Axpy(sums, 1, later)
		}
	}
	if scale != 1 {
		h.Scale(dst, scale)
	}
}

// columnBlock is how many columns one call sums: eight ymm or four zmm.
const columnBlock = 64

// sumSegment adds the rows of one segment to sums.
func (h *Handle) sumSegment(sums []float32, a *Matrix, i, j int) {
	end := min(i+segment, a.Rows)
	const most = blockFloats / columnBlock * 4
	for ; i < end; i += most {
		h.addRows(&rowsBlock{rows: min(most, end-i), cols: len(sums), src: a.Data[i*a.Stride+j:], srcStride: a.Stride, sums: sums})
	}
}

// rowsBlock adds the rows of src to sums.
type rowsBlock struct {
	rows, cols int
	src        []float32
	srcStride  int
	sums       []float32
}

func (b *rowsBlock) fits() {
	fits(b.src, b.rows, b.srcStride, b.cols)
	fits(b.sums, 1, 0, b.cols)
}

func (b *rowsBlock) generic() {
	for i := range b.rows {
		for j, x := range row(b.src, i, b.srcStride, b.cols) {
			b.sums[j] += x
		}
	}
}
