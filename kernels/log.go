package kernels

import "math"

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
