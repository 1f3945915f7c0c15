package kernels

import "math"

var (
	vecW = vectorMessagesFor("w")
	vecM = vectorMessagesFor("m")
	vecV = vectorMessagesFor("v")
	vecG = vectorMessagesFor("g")
)

// SGDStep holds what one step of stochastic gradient descent needs.
type SGDStep struct {
	Rate     float32 // eta
	Momentum float32 // m, unused without velocities
	Nesterov bool
}

// SGD moves the weights w by the gradient g. For each element, each line one
// rounding:
//
//	v = fma(m, v, g)
//	d = fma(m, v, g) with Nesterov, else v
//	w = fma(-eta, d, w)
//
// Without velocities (v nil) d = g. The arguments must not overlap.
func (h *Handle) SGD(w, v, g []float32, step *SGDStep) {
	checkLength(g, len(w), &vecG)
	checkApart(w, g, &vecW)
	if v != nil {
		checkLength(v, len(w), &vecV)
		checkApart(v, w, &vecV)
		checkApart(v, g, &vecV)
	}
	for lo := 0; lo < len(w); lo += blockFloats {
		hi := min(lo+blockFloats, len(w))
		b := sgdBlock{n: hi - lo, w: w[lo:hi], g: g[lo:hi],
			minusRate: -step.Rate, momentum: step.Momentum, nesterov: step.Nesterov}
		if v != nil {
			b.v = v[lo:hi]
		}
		h.sgd(&b)
	}
}

// sgdBlock is one call of the SGD kernel.
type sgdBlock struct {
	n         int
	w, v, g   []float32
	minusRate float32
	momentum  float32
	nesterov  bool
}

func (b *sgdBlock) fits() {
	fits(b.w, 1, 0, b.n)
	fits(b.v, 1, 0, b.n)
	fits(b.g, 1, 0, b.n)
}

func (b *sgdBlock) generic() {
	for i, g := range b.g {
		d := g
		if b.v != nil {
			d = fma(b.momentum, b.v[i], g)
			b.v[i] = d
			if b.nesterov {
				d = fma(b.momentum, d, g)
			}
		}
		b.w[i] = fma(b.minusRate, d, b.w[i])
	}
}

// AdamStep holds the scalars of one Adam or AdamW step, as [Handle.AdamW] uses
// them. [NewAdamStep] computes them.
type AdamStep struct {
	Rate        float32 // eta
	Beta1       float32 // b1
	Rest1       float32 // 1 - b1
	Beta2       float32 // b2
	Rest2       float32 // 1 - b2
	Correction1 float32 // 1 / (1 - b1^t)
	Correction2 float32 // 1 / (1 - b2^t)
	Epsilon     float32
	Decay       float32 // weight decay; 0 makes AdamW plain Adam
}

// NewAdamStep returns the scalars of step number t (from 1) from float64
// parameters. Each is computed in float64 and rounded to float32 once; b^t is
// the product by repeated squaring, bits of t ascending.
func NewAdamStep(rate, beta1, beta2, epsilon, decay float64, t int) AdamStep {
	return AdamStep{
		Rate:        float32(rate),
		Beta1:       float32(beta1),
		Rest1:       float32(1 - beta1),
		Beta2:       float32(beta2),
		Rest2:       float32(1 - beta2),
		Correction1: float32(1 / (1 - power(beta1, t))),
		Correction2: float32(1 / (1 - power(beta2, t))),
		Epsilon:     float32(epsilon),
		Decay:       float32(decay),
	}
}

// power returns b^t for t >= 0.
func power(b float64, t int) float64 {
	p := 1.0
	for ; t > 0; t >>= 1 {
		if t&1 == 1 {
			p = float64(p * b)
		}
		b = float64(b * b)
	}
	return p
}

// AdamW moves the weights w by the gradient g with the moments m and v. For
// each element, each line one rounding:
//
//	p = (1-b1) g
//	m = fma(b1, m, p)
//	q = (1-b2) g
//	r = q g
//	v = fma(b2, v, r)
//	a = m c1              c1 = 1/(1-b1^t)
//	b = v c2              c2 = 1/(1-b2^t)
//	s = sqrt(b)
//	s = s + eps
//	a = a / s
//	d = fma(decay, w, a)
//	w = fma(-eta, d, w)
//
// The arguments must not overlap.
func (h *Handle) AdamW(w, m, v, g []float32, step *AdamStep) {
	checkLength(m, len(w), &vecM)
	checkLength(v, len(w), &vecV)
	checkLength(g, len(w), &vecG)
	checkApart(m, w, &vecM)
	checkApart(v, w, &vecV)
	checkApart(v, m, &vecV)
	checkApart(g, w, &vecG)
	checkApart(g, m, &vecG)
	checkApart(g, v, &vecG)
	for lo := 0; lo < len(w); lo += blockFloats {
		hi := min(lo+blockFloats, len(w))
		h.adam(&adamBlock{n: hi - lo, w: w[lo:hi], m: m[lo:hi], v: v[lo:hi], g: g[lo:hi], minusRate: -step.Rate, AdamStep: *step})
	}
}

// adamBlock is one call of the AdamW kernel.
type adamBlock struct {
	n          int
	w, m, v, g []float32
	minusRate  float32
	AdamStep
}

func (b *adamBlock) fits() {
	fits(b.w, 1, 0, b.n)
	fits(b.m, 1, 0, b.n)
	fits(b.v, 1, 0, b.n)
	fits(b.g, 1, 0, b.n)
}

func (b *adamBlock) generic() {
	for i, g := range b.g {
		w := b.w[i]
		m := fma(b.Beta1, b.m[i], float32(b.Rest1*g))
		v := fma(b.Beta2, b.v[i], float32(float32(b.Rest2*g)*g))
		b.m[i], b.v[i] = m, v
		root := float32(math.Sqrt(float64(float32(v*b.Correction2)))) + b.Epsilon
		d := fma(b.Decay, w, float32(m*b.Correction1)/root)
		b.w[i] = fma(b.minusRate, d, w)
	}
}
