package kernels

// Softmax computes the softmax of each row of src:
//
//	m    = maximum of the row
//	t    = sum of exp(src - m) in 64 chains
//	dst  = exp(src - m) / t
//
// A row that holds NaN or +Inf, or nothing but -Inf, becomes NaN. Dst may be
// src.
func (h *Handle) Softmax(dst, src Matrix) {
	src.check(&argSrc)
	dst.checkShape(src.Rows, src.Cols, &argDst)
	dst.checkOverlay(&src, &argDst)
	h.softmaxOf(&dst, &src, &Matrix{}, 0)
}

// CrossEntropyError computes the error of a cross-entropy output, the negative
// gradient of [Handle.CrossEntropy] in u, times coeff. For each row
//
//	m = maximum of the row of u
//	t = sum of exp(u - m), s = sum of h, each in 64 chains
//	p = exp(u - m) / t
//	e = coeff fma(-p, s, h)
//
// E may be u or h.
func (h *Handle) CrossEntropyError(e, u, target Matrix, coeff float32) {
	u.check(&argU)
	target.checkShape(u.Rows, u.Cols, &argH)
	e.checkShape(u.Rows, u.Cols, &argE)
	e.checkOverlay(&u, &argE)
	e.checkOverlay(&target, &argE)
	h.softmaxOf(&e, &u, &target, coeff)
}

// softmaxOf computes the softmax of u, or with a target the error of a
// cross-entropy output.
func (h *Handle) softmaxOf(dst, u, target *Matrix, coeff float32) {
	switch {
	case u.Rows == 0 || u.Cols == 0:
	case u.Cols <= h.narrow():
		const rowCost = 64 // in elements of other kernels
		most := rowsOfCall(rowCost)
		for i := 0; i < u.Rows; i += most {
			h.softmaxRows(&softmaxRowsBlock{
				rows: min(most, u.Rows-i), cols: u.Cols,
				dst: dst.from(i, 0), dstStride: dst.Stride,
				u: u.from(i, 0), uStride: u.Stride,
				target: target.from(i, 0), targetStride: target.Stride,
				coeff: coeff,
			})
		}
	default:
		for i := range u.Rows {
			h.softmaxRow(dst.Row(i), u.Row(i), target.from(i, 0), coeff)
		}
	}
}

// softmaxRow is softmaxOf for one row; target may be nil.
func (h *Handle) softmaxRow(dst, u, target []float32, coeff float32) {
	b := softmaxBlock{coeff: coeff}
	b.max = h.maximum(u)
	b.total = h.sumExp(u, b.max)
	if target != nil {
		b.targets = h.Sum(target[:len(u)])
	}
	for lo := 0; lo < len(u); lo += blockFloats {
		hi := min(lo+blockFloats, len(u))
		b.n, b.dst, b.u = hi-lo, dst[lo:hi], u[lo:hi]
		if target != nil {
			b.target = target[lo:hi]
		}
		h.softmax(&b)
	}
}

// softmaxRowsBlock is softmaxOf for rows of a few columns. Only assembly treats
// them apart: its registers hold whole rows.
type softmaxRowsBlock struct {
	rows, cols   int
	dst          []float32
	dstStride    int
	u            []float32
	uStride      int
	target       []float32
	targetStride int
	coeff        float32
}

// CrossEntropy returns -sum h log_softmax(u). For each row
//
//	m = maximum of the row of u
//	t = sum of exp(u - m), s = sum of h, d = sum of h (u - m), each in 64 chains
//	loss = s log t - d in float64, rounded to float32
//
// and the losses of the rows are added in ascending order from +0.
func (h *Handle) CrossEntropy(u, target Matrix) float32 {
	u.check(&argU)
	target.checkShape(u.Rows, u.Cols, &argH)
	var loss float32
	if u.Cols == 0 {
		return loss
	}
	for i := range u.Rows {
		x, y := u.Row(i), target.Row(i)
		m := h.maximum(x)
		t := h.sumExp(x, m)
		s := h.Sum(y)
		d := h.dotShifted(x, m, y)
		loss += float32(float64(float64(s)*logOf(float64(t))) - float64(d))
	}
	return loss
}

var argSrc = messagesFor("src")

// maximum returns the largest element of a row that has at least one. Which of
// +0 and -0 it gives, and what it gives for a row with NaN, shows in no result:
// NaN enters the sum of the exponentials anyway.
func (h *Handle) maximum(x []float32) float32 {
	b := reduceBlock{total: x[0]}
	for lo := 0; lo < len(x); lo += blockFloats {
		b.slice(x, nil, lo)
		h.largest(&b)
	}
	return b.total
}

func (h *Handle) sumExp(x []float32, m float32) float32 {
	b := reduceBlock{shift: m}
	for lo := 0; lo < len(x); lo += blockFloats {
		b.slice(x, nil, lo)
		h.expSum(&b)
	}
	return b.total
}

// dotShifted returns the sum of (x - m) y.
func (h *Handle) dotShifted(x []float32, m float32, y []float32) float32 {
	b := reduceBlock{shift: m}
	for lo := 0; lo < len(x); lo += blockFloats {
		b.slice(x, y, lo)
		h.shiftedDot(&b)
	}
	return b.total
}

// softmaxBlock computes dst = exp(u - max) / total, or with targets the error
// of a cross-entropy output.
type softmaxBlock struct {
	n              int
	dst, u, target []float32
	max, total     float32
	targets, coeff float32
}

func (b *softmaxBlock) generic() {
	for i, u := range b.u {
		p := exp(u-b.max) / b.total
		if b.target != nil {
			p = float32(b.coeff * fma(-p, b.targets, b.target[i]))
		}
		b.dst[i] = p
	}
}

func (b *softmaxBlock) fits() {
	fits(b.dst, 1, 0, b.n)
	fits(b.u, 1, 0, b.n)
	fits(b.target, 1, 0, b.n)
}

// largestGeneric leaves the larger of total and the elements.
func (b *reduceBlock) largestGeneric() {
	for _, x := range b.x {
		b.total = maxOf(b.total, x)
	}
}

func (b *reduceBlock) expSumGeneric() {
	for i, x := range b.x {
		b.chains[i%len(b.chains)] += exp(x - b.shift)
	}
	b.total = b.chains.sum()
}

func (b *reduceBlock) shiftedDotGeneric() {
	for i, x := range b.x {
		c := &b.chains[i%len(b.chains)]
		*c = fma(x-b.shift, b.y[i], *c)
	}
	b.total = b.chains.sum()
}
