package detmath

import "math"

// pi/2 in three parts, whose products with small integers FMA subtracts
// exactly enough.
const (
	halfPi1 = 1.57079632679489655800e+00
	halfPi2 = 6.12323399573676603587e-17
	halfPi3 = -1.49738490485916983e-33
)

// Cos returns the cosine of x with an error of about one unit in the last
// place for |x| up to 2^20, which is more than any schedule asks for; beyond,
// the error grows with x.
//
// x = q pi/2 + r with |r| <= pi/4; then cos x is one of cos r, -sin r, -cos r,
// sin r, each by its Taylor series.
func Cos(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return math.NaN()
	}
	q := math.Floor(math.FMA(x, 1/halfPi1, 0.5))
	r := math.FMA(-q, halfPi1, x)
	r = math.FMA(-q, halfPi2, r)
	r = math.FMA(-q, halfPi3, r)
	switch int64(q) & 3 {
	case 0:
		return cosTaylor(r)
	case 1:
		return -sinTaylor(r)
	case 2:
		return -cosTaylor(r)
	default:
		return sinTaylor(r)
	}
}

func cosTaylor(r float64) float64 {
	z := float64(r * r)
	p := 1.0
	for n := 18; n >= 4; n -= 2 {
		p = math.FMA(-float64(p*z), 1/float64(n*(n-1)), 1)
	}
	// 1 - z/2 p, the small term in one rounding.
	return math.FMA(-0.5*z, p, 1)
}

func sinTaylor(r float64) float64 {
	z := float64(r * r)
	p := 1.0
	for n := 19; n >= 5; n -= 2 {
		p = math.FMA(-float64(p*z), 1/float64(n*(n-1)), 1)
	}
	return math.FMA(-float64(r*z)/6, p, r)
}
