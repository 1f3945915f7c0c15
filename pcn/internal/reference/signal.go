package reference

import "math"

// SignalFactors says how strong the learning signal of each level is, compared
// with backprop's, on a chain with spiking precision, alpha = 0 and the forward
// update: the weight gradient of level l is backprop's times factor l.
//
// The Jacobians are the same in both, so the scalar chain h_l = h_{l-1} with a
// unit error at the output decides: its displacements after T steps are the
// factors.
func SignalFactors(levels, T int, rule LatentRule) []float64 {
	h, v := NewTensor(levels), NewTensor(levels) // displacements from h0
	out := levels - 1
	h.Data[out] = 1
	for t := range T {
		g := NewTensor(levels)
		if l := out - t; l >= 0 { // the one level with precision 1
			below := 0.0
			if l > 0 {
				below = h.Data[l-1]
			}
			e := h.Data[l] - below
			g.Data[l] += e
			if l > 0 {
				g.Data[l-1] -= e
			}
		}
		g.Data[out] = 0 // clamped
		rule.move(h, v, g)
		h.Data[out] = 1
	}
	return h.Data
}

// SignalLimit is what the factor of level N-1-k tends to for many steps,
//
//	a^(k-1) eta (1 - a) / (1 - m),   a = eta (1 + m) with Nesterov, else eta
//
// for k >= 1; the output's factor, k = 0, is 1.
func SignalLimit(k int, rule LatentRule) float64 {
	if k == 0 {
		return 1
	}
	a := rule.Rate
	if rule.Nesterov {
		a *= 1 + rule.Momentum
	}
	return math.Pow(a, float64(k-1)) * rule.Rate * (1 - a) / (1 - rule.Momentum)
}
