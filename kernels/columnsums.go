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
		for i := 0; i < a.Rows; i += segment {
			var later [columnBlock]float32
			z := later[:len(sums)]
			if i == 0 {
				z = sums
			}
			h.sumRows(z, a.from(i, j), a.Stride, min(segment, a.Rows-i))
			if i > 0 {
				h.Add(sums, sums, z)
			}
		}
	}
	if scale != 1 {
		h.Scale(dst, scale)
	}
}

// columnBlock is how many columns one call sums: eight ymm or four zmm.
const columnBlock = 64

// sumRows adds so many rows of src, at most columnBlock wide, to sums. A call of
// a kernel takes microseconds, so that the scheduler need not wait for long.
func (h *Handle) sumRows(sums, src []float32, stride, rows int) {
	const most = blockFloats / columnBlock * 4
	for i := 0; i < rows; i += most {
		h.addRows(&rowsBlock{rows: min(most, rows-i), cols: len(sums), src: src[i*stride:], srcStride: stride, sums: sums})
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
