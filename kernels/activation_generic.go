package kernels

import "math"

// The activations in portable Go: the definition that the assembly repeats
// operation by operation. Each function returns the value and the slope.
// Arguments are clamped by minOf and maxOf, whose second operand may be NaN,
// so that NaN gives NaN.

// evaluate returns f(x) and f'(x).
func evaluate(act Activation, x float32) (y, slope float32) {
	switch act {
	case ReLU:
		return reluOf(x)
	case LeakyReLU:
		return leakyReLUOf(x)
	case Tanh:
		return tanhOf(x)
	case Sigmoid:
		return sigmoidOf(x)
	case GELU:
		return geluOf(x)
	case GELUErf:
		return geluErfOf(x)
	case SiLU:
		return siluOf(x)
	case HardTanh:
		return hardTanhOf(x)
	}
	return x, 1
}

func reluOf(x float32) (y, slope float32) {
	if x > 0 {
		slope = 1
	}
	return maxOf(0, x), slope
}

const leak = 0.01

func leakyReLUOf(x float32) (y, slope float32) {
	slope = leak
	if x >= 0 {
		slope = 1
	}
	return maxOf(float32(x*leak), x), slope
}

func hardTanhOf(x float32) (y, slope float32) {
	if abs(x) <= 1 {
		slope = 1
	}
	return minOf(1, maxOf(-1, x)), slope
}

const signBit = 1 << 31

func abs(x float32) float32 {
	return math.Float32frombits(math.Float32bits(x) &^ signBit)
}

// tanhOf goes through exp(-2|x|) = s (1 + q) with a power of two s, in a form
// that keeps all bits near 0: tanh |x| = (1 - s - s q) / (1 + s + s q). One
// part of ln 2 is enough for the reduction, because its error grows with n
// while s falls.
func tanhOf(x float32) (y, slope float32) {
	const shift = roundShift + exponentBias
	a := minOf(tanhMost, abs(x))
	a += a
	t := fma(a, -log2E, shift)
	n := t - shift
	s := powerOf2(t)
	q := expm1Neg(fma(n, ln2Hi, a))
	y = fma(-s, q, 1-s) / fma(s, q, 1+s) // not negative
	y = math.Float32frombits(math.Float32bits(y) | math.Float32bits(x)&signBit)
	return y, fma(-y, y, 1)
}

// tanhMost is large enough for a tanh of 1.
const tanhMost = 9.25

// sigmoidOf is k / (k + k exp(-x)). The factor k = 2^-25 keeps k exp(-x) within
// float32 wherever the result is more than 0, and the division rounds results
// below the normal numbers correctly.
func sigmoidOf(x float32) (y, slope float32) {
	const shift = roundShift + exponentBias - sigmoidScale
	const k = 1.0 / (1 << sigmoidScale)
	a := minOf(sigmoidMost, maxOf(sigmoidLeast, x))
	t := fma(a, -log2E, shift)
	n := t - shift
	q := expm1Neg(fma(n, ln2Lo, fma(n, ln2Hi, a)))
	power := powerOf2(t)
	y = k / (fma(q, power, k) + power)
	return y, fma(-y, y, y)
}

const (
	sigmoidScale = 25
	sigmoidLeast = -104 // sigmoid has become 0
	sigmoidMost  = 60   // and 1
)

// siluOf is x / (1 + E) with E = exp(-x). Below siluLeast, where E would
// overflow, it stays what it is there.
func siluOf(x float32) (y, slope float32) {
	const shift = roundShift + exponentBias
	b := maxOf(siluLeast, x)
	a := minOf(siluMost, b)
	t := fma(a, -log2E, shift)
	n := t - shift
	q := expm1Neg(fma(n, ln2Lo, fma(n, ln2Hi, a)))
	power := powerOf2(t)
	d := fma(q, power, 1) + power
	s := 1 / d
	rest := fma(q, power, power) * s // 1 - s
	return b / d, fma(float32(a*s), rest, s)
}

const (
	siluLeast = -88.25
	siluMost  = 87
)

// geluOf is x s, s = 1 / (1 + E), E = exp(-w), w = 2 sqrt(2/pi) (x + 0.044715
// x^3): the tanh form of GELU written with the logistic function. Its slope is
// s + x s (1 - s) w', and 1 - s = E s.
func geluOf(x float32) (y, slope float32) {
	const shift = roundShift + exponentBias
	b := maxOf(-geluMost, x)
	a := minOf(geluMost, b)
	a2 := a * a
	w := float32(fma(geluCubic, a2, geluLinear) * a)
	t := fma(w, -log2E, shift)
	n := t - shift
	q := expm1Neg(fma(n, ln2Hi, w))
	power := powerOf2(t)
	s := 1 / (fma(q, power, 1) + power)
	rest := fma(q, power, power) * s
	return float32(b * s), fma(float32(float32(a*s)*rest), fma(3*geluCubic, a2, geluLinear), s)
}

const (
	geluLinear = 2 * 0.797884560802865355880 // 2 sqrt(2/pi)
	geluCubic  = 0.044715 * geluLinear
	geluMost   = 10 // exp(-w) is still a normal number
)

// geluErfOf is x Phi(x), where Phi is the normal distribution. For a = |x|
//
//	Phi(-a) = exp(-a^2/2) u (c1 + c2 u + c3 u^2 + c4 u^3 + c5 u^4), u = 1/(1 + c0 a)
//
// (the form of Abramowitz and Stegun 7.1.26), where c0 to c5 minimise the
// largest absolute error on [0, 7]: 6.2e-8. The slope is Phi(x) + x phi(x).
func geluErfOf(x float32) (y, slope float32) {
	const shift = roundShift + exponentBias
	b := maxOf(-geluErfMost, x)
	a := minOf(geluErfMost, b)
	u := 1 / fma(erfC0, abs(a), 1)
	w := float32(a*0.5) * a
	t := fma(w, -log2E, shift)
	n := t - shift
	power := powerOf2(t)
	e := fma(expm1Neg(fma(n, ln2Hi, w)), power, power)
	c := fma(fma(fma(fma(erfC5, u, erfC4), u, erfC3), u, erfC2), u, erfC1)
	phi := c * float32(u*e)
	if math.Float32bits(x)&signBit == 0 {
		phi = 1 - phi
	}
	return float32(b * phi), fma(float32(e*inverseSqrt2Pi), a, phi)
}

const (
	geluErfMost = 13 // exp(-a^2/2) is still a normal number

	erfC0 = 0.3310000002384186
	erfC1 = 0.12226893752813339
	erfC2 = 0.20386114716529846
	erfC3 = -0.09001579880714417
	erfC4 = 0.3741203844547272
	erfC5 = -0.11023472994565964

	inverseSqrt2Pi = 0.398942280401432677940
)
