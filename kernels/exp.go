package kernels

import "math"

// The exponential function that all activations share. Every operation here
// and in activation_generic.go is one float32 operation with one rounding, and
// the assembly does the same operations in the same order.
//
// exp(-x) = 2^n exp(-r) with n = -x/ln 2 rounded to an integer and
// r = x + n ln 2, |r| <= ln(2)/2. On this interval
//
//	exp(-r) - 1 = -r + r^2 (c2 - c3 r + r^2 (c4 - c5 r + c6 r^2))
//
// where c2 to c6 minimise the largest relative error of exp(r) - 1 (Lawson's
// algorithm on 2001 Chebyshev points, coefficients rounded to float32 one after
// the other with the rest fitted again): 1.4e-8. c0 = c1 = 1 keeps small
// arguments exact.
const (
	expC2 = 0.4999999701976776
	expC3 = 0.1666654646396637
	expC4 = 0.04166744649410248
	expC5 = 0.008366248570382595
	expC6 = 0.0013869678368791938

	log2E = 1.44269504088896340736
	ln2   = 0.693147180559945309417
	ln2Hi = 0.693147182464599609375 // float32(ln 2)
	ln2Lo = ln2 - ln2Hi

	// roundShift is 1.5 2^23: added to |y| < 2^22 it leaves y rounded to the
	// nearest integer, ties to even, in the low bits of the sum. Adding a whole
	// number to it adds that to the bits.
	roundShift = 12582912

	exponentBias = 127
)

// expm1Neg returns exp(-r) - 1 for |r| <= ln(2)/2.
func expm1Neg(r float32) float32 {
	r2 := r * r
	low := fma(-expC3, r, expC2)
	high := fma(expC6, r2, fma(-expC5, r, expC4))
	return fma(fma(high, r2, low), r2, -r)
}

// powerOf2 returns 2^k for a sum t = roundShift + exponentBias + k, if that is
// a normal number.
func powerOf2(t float32) float32 {
	return math.Float32frombits(math.Float32bits(t) << 23)
}

// exp returns the exponential function. Results below the normal numbers are
// right too: exp(-Inf) = +0, exp(+Inf) = +Inf, exp(+-0) = 1.
func exp(x float32) float32 {
	const shift = roundShift + 2*exponentBias
	x = minOf(expMost, maxOf(expLeast, x))
	t := fma(x, log2E, shift)
	n := t - shift
	r := fma(n, ln2Lo, fma(n, ln2Hi, -x))
	p := expm1Neg(r) + 1
	// 2^n need not be a float32, so the two halves of n scale one after the
	// other: the first product is exact, the second rounds. (AVX-512 has an
	// instruction for both.)
	bits := math.Float32bits(t)
	half := bits >> 1
	a := math.Float32frombits(half << 23)
	b := math.Float32frombits((bits - half) << 23)
	return float32(float32(p*a) * b)
}

// Beyond these bounds exp is 0 or Inf.
const (
	expLeast = -104
	expMost  = 89
)
