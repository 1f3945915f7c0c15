package kernels

import "math"

// fma returns a*b + c rounded once to float32, as the hardware instruction
// does.
//
// The product of two float32 is exact in float64, so only the sum rounds
// before the conversion to float32 rounds again. Two roundings differ from one
// only if the first lands on the midpoint of two float32 values, or where
// float32 is subnormal and its midpoints lie elsewhere. There the sum is
// rounded to odd instead, by its exact error, which makes the second rounding
// right (Boldo and Melquiond, "Emulation of FMA and correctly rounded sums:
// proved algorithms using rounding to odd", IEEE Transactions on Computers 57,
// 2008).
func fma(a, b, c float32) float32 {
	p := float64(a) * float64(b)
	s := float64(p) + float64(c)
	if u := math.Float64bits(s); u&dropped != midpoint && u&exponent >= normal {
		return float32(s)
	}
	return fmaHard(p, float64(c), s)
}

// fmaRow computes z[j] = fma(a, b[j], z[j]): the loop of portable products,
// where a call for each element would take half of the time.
func fmaRow(z []float32, a float32, b []float32) {
	wide := float64(a)
	b = b[:len(z)]
	for j, c := range z {
		p := wide * float64(b[j])
		s := float64(p) + float64(c)
		if u := math.Float64bits(s); u&dropped != midpoint && u&exponent >= normal {
			z[j] = float32(s)
		} else {
			z[j] = fmaHard(p, float64(c), s)
		}
	}
}

const (
	dropped  = 1<<29 - 1          // mantissa bits of float64 that float32 does not have
	midpoint = 1 << 28            // their value halfway between two float32
	exponent = 0x7ff << 52        // where float64 keeps its exponent
	normal   = (1023 - 126) << 52 // that of the least normal float32
)

// fmaHard rounds p + d, whose nearest float64 is s, where s may mislead.
//
//go:noinline
func fmaHard(p, d, s float64) float32 {
	if s == 0 {
		return float32(s)
	}
	u := math.Float64bits(s)
	dd := float64(s - p)
	e := float64(float64(p-float64(s-dd)) + float64(d-dd))
	if e != 0 && u&1 == 0 {
		if (e > 0) == (s > 0) {
			u++
		} else {
			u--
		}
	}
	return float32(math.Float64frombits(u))
}
