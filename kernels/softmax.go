package kernels

import "math"

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
	if src.Cols == 0 {
		return
	}
	for i := range src.Rows {
		x, y := src.Row(i), dst.Row(i)
		b := softmaxBlock{}
		b.max = h.maximum(x)
		b.total = h.sumExp(x, b.max)
		for lo := 0; lo < len(x); lo += blockFloats {
			hi := min(lo+blockFloats, len(x))
			b.n, b.dst, b.u = hi-lo, y[lo:hi], x[lo:hi]
			h.softmax(&b)
		}
	}
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
	if u.Cols == 0 {
		return
	}
	for i := range u.Rows {
		x, y, z := u.Row(i), target.Row(i), e.Row(i)
		b := softmaxBlock{coeff: coeff}
		b.max = h.maximum(x)
		b.total = h.sumExp(x, b.max)
		b.targets = h.Sum(y)
		for lo := 0; lo < len(x); lo += blockFloats {
			hi := min(lo+blockFloats, len(x))
			b.n, b.dst, b.u, b.target = hi-lo, z[lo:hi], x[lo:hi], y[lo:hi]
			h.softmax(&b)
		}
	}
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
		d := h.dotShifted(y, x, m)
		loss += float32(float64(float64(s)*logOf(float64(t))) - float64(d))
	}
	return loss
}

var argSrc = messagesFor("src")

// maximum returns the largest element of a row that has at least one. Which of
// +0 and -0 it gives, and what it gives for a row with NaN, shows in no result:
// NaN enters the sum of the exponentials anyway.
func (h *Handle) maximum(x []float32) float32 {
	m := x[0]
	for lo := 0; lo < len(x); lo += blockFloats {
		m = h.rowMax(m, x[lo:min(lo+blockFloats, len(x))])
	}
	return m
}

func (h *Handle) sumExp(x []float32, m float32) (total float32) {
	var c chains
	for lo := 0; lo < len(x); lo += blockFloats {
		total = h.expSum(&c, x[lo:min(lo+blockFloats, len(x))], m)
	}
	return total
}

func (h *Handle) dotShifted(y, x []float32, m float32) (total float32) {
	var c chains
	for lo := 0; lo < len(x); lo += blockFloats {
		hi := min(lo+blockFloats, len(x))
		total = h.shiftedDot(&c, y[lo:hi], x[lo:hi], m)
	}
	return total
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

func rowMaxGeneric(m float32, x []float32) float32 {
	for _, v := range x {
		m = maxOf(m, v)
	}
	return m
}

func expSumGeneric(c *chains, x []float32, m float32) float32 {
	for i, v := range x {
		c[i%len(c)] += exp(v - m)
	}
	t := *c
	return t.total()
}

func shiftedDotGeneric(c *chains, y, x []float32, m float32) float32 {
	for i, v := range x {
		c[i%len(c)] = fma(y[i], v-m, c[i%len(c)])
	}
	t := *c
	return t.total()
}

// logOf returns the natural logarithm of a positive normal x, +Inf or NaN,
// within 1e-15 relative or absolute, whichever is more. Every operation rounds
// to float64, so the result is the same on every machine (that of package math
// is not): x = 2^k f with f in [sqrt(1/2), sqrt(2)), s = (f-1)/(f+1), and
//
//	log x = k ln 2 + 2 s (1 + s^2/3 + s^4/5 + ... + s^20/21)
//
// by Horner's rule.
func logOf(x float64) float64 {
	if !(x < math.Inf(1)) {
		return x
	}
	const fraction = 1<<52 - 1
	u := math.Float64bits(x)
	k := int(u>>52) - 1023
	f := math.Float64frombits(u&fraction | 1023<<52)
	if f > math.Sqrt2 {
		f *= 0.5
		k++
	}
	s := (f - 1) / (f + 1)
	s2 := float64(s * s)
	p := 0.0
	for d := 21; d > 1; d -= 2 {
		p = float64((p + 1/float64(d)) * s2)
	}
	return float64(float64(k)*ln2) + float64(2*s*(1+p))
}
