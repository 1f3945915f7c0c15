package detmath

import "math"

// ln2 in two parts: the upper one has zeros at its end, so that its product
// with a small integer is exact.
const (
	ln2Hi  = 6.93147180369123816490e-01
	ln2Lo  = 1.90821492927058770002e-10
	log2E  = 1.44269504088896338700e+00
	expMax = 709.782712893384 // beyond, the result is +Inf
	expMin = -745.2           // below, it is 0
)

// Exp returns e^x with an error below one unit in the last place.
//
// x = k ln 2 + r with |r| <= ln 2 / 2; e^r is its Taylor series up to r^13,
// whose remainder is below 2^-57.
func Exp(x float64) float64 {
	switch {
	case math.IsNaN(x):
		return x
	case x > expMax:
		return math.Inf(1)
	case x < expMin:
		return 0
	}
	k := math.Floor(math.FMA(x, log2E, 0.5))
	r := math.FMA(-k, ln2Hi, x)
	r = math.FMA(-k, ln2Lo, r)
	// Horner over 1/n!, the division being correctly rounded everywhere.
	p := 1.0
	for n := 13; n >= 2; n-- {
		p = math.FMA(float64(p*r), 1/float64(n), 1)
	}
	return scale(math.FMA(p, r, 1), int(k))
}

// scale returns x 2^k, rounded once where the result is subnormal.
func scale(x float64, k int) float64 {
	if k < -1021 {
		return x * pow2(k+64) * pow2(-64)
	}
	if k > 1023 {
		return x * pow2(k-1) * 2
	}
	return x * pow2(k)
}

// pow2 returns 2^k for -1022 <= k <= 1023.
func pow2(k int) float64 { return math.Float64frombits(uint64(k+1023) << 52) }
