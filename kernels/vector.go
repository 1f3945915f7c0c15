package kernels

var (
	vecX = vectorMessagesFor("x")
	vecY = vectorMessagesFor("y")
)

// Axpy computes y = fma(a, x, y) for each element: y + a x, rounded once. X may
// be y.
func (h *Handle) Axpy(y []float32, a float32, x []float32) {
	checkLength(x, len(y), &vecX)
	checkOverlay(y, x, &vecY)
	for lo := 0; lo < len(y); lo += blockFloats {
		hi := min(lo+blockFloats, len(y))
		h.axpy(&vectorBlock{rows: 1, cols: hi - lo, dst: y[lo:hi], x: x[lo:hi], a: a})
	}
}

// Scale multiplies each element of x by a.
func (h *Handle) Scale(x []float32, a float32) {
	for lo := 0; lo < len(x); lo += blockFloats {
		hi := min(lo+blockFloats, len(x))
		h.scale(&vectorBlock{rows: 1, cols: hi - lo, dst: x[lo:hi], a: a})
	}
}

// Add computes dst = x + y for each element. Dst may be x or y.
func (h *Handle) Add(dst, x, y []float32) {
	checkBinary(dst, x, y)
	for lo := 0; lo < len(dst); lo += blockFloats {
		hi := min(lo+blockFloats, len(dst))
		h.add(&vectorBlock{rows: 1, cols: hi - lo, dst: dst[lo:hi], x: x[lo:hi], y: y[lo:hi]})
	}
}

// Mul computes dst = x y for each element. Dst may be x or y.
func (h *Handle) Mul(dst, x, y []float32) {
	checkBinary(dst, x, y)
	for lo := 0; lo < len(dst); lo += blockFloats {
		hi := min(lo+blockFloats, len(dst))
		h.mul(&vectorBlock{rows: 1, cols: hi - lo, dst: dst[lo:hi], x: x[lo:hi], y: y[lo:hi]})
	}
}

func checkBinary(dst, x, y []float32) {
	checkLength(x, len(dst), &vecX)
	checkLength(y, len(dst), &vecY)
	checkOverlay(dst, x, &vecDst)
	checkOverlay(dst, y, &vecDst)
}

// vectorBlock is one call of a vector kernel; see elementblock.go.
type vectorBlock struct {
	rows, cols int
	dst        []float32
	dstStride  int
	x          []float32
	xStride    int
	y          []float32
	yStride    int
	a          float32
}

func (b *vectorBlock) fits() {
	fits(b.dst, b.rows, b.dstStride, b.cols)
	fits(b.x, b.rows, b.xStride, b.cols)
	fits(b.y, b.rows, b.yStride, b.cols)
}

func (b *vectorBlock) axpyGeneric() {
	for i := range b.rows {
		dst := row(b.dst, i, b.dstStride, b.cols)
		for j, x := range row(b.x, i, b.xStride, b.cols) {
			dst[j] = fma(b.a, x, dst[j])
		}
	}
}

func (b *vectorBlock) scaleGeneric() {
	for i := range b.rows {
		dst := row(b.dst, i, b.dstStride, b.cols)
		for j := range dst {
			dst[j] *= b.a
		}
	}
}

func (b *vectorBlock) addGeneric() {
	for i := range b.rows {
		dst, y := row(b.dst, i, b.dstStride, b.cols), row(b.y, i, b.yStride, b.cols)
		for j, x := range row(b.x, i, b.xStride, b.cols) {
			dst[j] = x + y[j]
		}
	}
}

func (b *vectorBlock) mulGeneric() {
	for i := range b.rows {
		dst, y := row(b.dst, i, b.dstStride, b.cols), row(b.y, i, b.yStride, b.cols)
		for j, x := range row(b.x, i, b.xStride, b.cols) {
			dst[j] = x * y[j]
		}
	}
}
