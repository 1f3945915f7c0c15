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
	const (
		dropped  = 1<<29 - 1  // mantissa bits that float32 does not have
		midpoint = 1 << 28    // their value halfway between two float32
		normal   = 1023 - 126 // float64 exponent of the least normal float32
	)
	p := float64(float64(a) * float64(b))
	d := float64(c)
	s := float64(p + d)
	u := math.Float64bits(s)
	if u&dropped != midpoint && u>>52&0x7ff >= normal {
		return float32(s)
	}
	if s == 0 {
		return float32(s)
	}
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
