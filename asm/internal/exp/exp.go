// Package exp emits the exponential function that activations and softmax
// share. kernels/exp.go explains it and holds the same constants.
package exp

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const (
	c2 = 0.4999999701976776
	c3 = 0.1666654646396637
	c4 = 0.04166744649410248
	c5 = 0.008366248570382595
	c6 = 0.0013869678368791938

	Log2E = 1.44269504088896340736
	ln2   = 0.693147180559945309417
	Ln2Hi = 0.693147182464599609375
	Ln2Lo = ln2 - Ln2Hi

	// RoundShift plus ExponentBias leaves the exponent of a power of two in the
	// low bits of a sum.
	RoundShift   = 12582912
	ExponentBias = 127
)

// Constants are those of Reduce and Expm1Neg, the ones worth a register first,
// without the shift of Reduce.
var Constants = []float32{-c3, -c5, -Log2E, c2, c4, c6, Ln2Hi}

// Reduce writes exp(-x) as 2^n exp(-r). It returns t, n + shift rounded, and n,
// and turns x into r. Precise takes ln 2 in two parts.
func Reduce(e *emit.Emitter, x reg.VecVirtual, shift float32, precise bool) (t, n reg.VecVirtual) {
	t = e.Fma(e.Val(-Log2E), x, e.Val(shift))
	n = e.Sub(t, e.Val(shift))
	e.Accumulate(x, n, e.Val(Ln2Hi))
	if precise {
		e.Accumulate(x, n, e.Val(Ln2Lo))
	}
	return t, n
}

// Expm1Neg returns exp(-r) - 1.
func Expm1Neg(e *emit.Emitter, r reg.VecVirtual) reg.VecVirtual {
	r2 := e.Mul(r, r)
	low := e.Fma(e.Val(-c3), r, e.Val(c2))
	high := e.Fma(e.Val(-c5), r, e.Val(c4))
	e.Accumulate(high, r2, e.Val(c6))
	e.Horner(high, r2, low)
	e.VFMSUB213PS(r, r2, high)
	return high
}

// ConstantsOfHalves are Constants for ReduceHalf and HalfExpm1Neg.
var ConstantsOfHalves = []float32{-4 * c3, -16 * c5, -2 * Log2E, 2 * c2, 8 * c4, 32 * c6, Ln2Hi / 2}

// ReduceHalf is Reduce of twice x without the doubling: it turns x into r/2. Scaling
// by powers of two changes no digit.
func ReduceHalf(e *emit.Emitter, x reg.VecVirtual, shift float32) (t reg.VecVirtual) {
	t = e.Fma(e.Val(-2*Log2E), x, e.Val(shift))
	e.Accumulate(x, e.Sub(t, e.Val(shift)), e.Val(Ln2Hi/2))
	return t
}

// HalfExpm1Neg returns (exp(-r) - 1) / 2 of r/2.
func HalfExpm1Neg(e *emit.Emitter, half reg.VecVirtual) reg.VecVirtual {
	square := e.Mul(half, half)
	low := e.Fma(e.Val(-4*c3), half, e.Val(2*c2))
	high := e.Fma(e.Val(-16*c5), half, e.Val(8*c4))
	e.Accumulate(high, square, e.Val(32*c6))
	e.Horner(high, square, low)
	e.VFMSUB213PS(half, square, high)
	return high
}

// Twice is what Double adds to the bits of a power of two.
const Twice = 1.0 / (1 << 126)

// Double returns twice a power of two, without a port of the additions.
func Double(e *emit.Emitter, power reg.VecVirtual) reg.VecVirtual {
	v := e.Vec()
	e.VPADDD(e.Val(Twice), power, v)
	return v
}

// PowerOf2 returns 2^k for a t that holds k + 127 in its low bits.
func PowerOf2(e *emit.Emitter, t reg.VecVirtual) reg.VecVirtual {
	v := e.Vec()
	e.VPSLLD(operand.U8(23), t, v)
	return v
}

const (
	least = -104
	most  = 89
)

// Keep keeps the constants of Exp.
func Keep(e *emit.Emitter, count int) {
	e.Keep(count, append([]float32{least, most, Log2E}, Constants...)...)
}

// Exp returns exp(x).
func Exp(e *emit.Emitter, x reg.VecVirtual) reg.VecVirtual {
	const shift = RoundShift + 2*ExponentBias
	x = e.Min(e.ValReg(most), e.Max(e.ValReg(least), x))
	t := e.Fma(e.Val(Log2E), x, e.Val(shift))
	n := e.Sub(t, e.Val(shift))
	r := e.Copy(n)
	e.VFMSUB132PS(e.Val(Ln2Hi), x, r)
	e.Accumulate(r, n, e.Val(Ln2Lo))
	p := e.Add(Expm1Neg(e, r), e.Val(1))
	if e.Wide() {
		e.VSCALEFPS(n, p, p)
		return p
	}
	half, rest := e.Vec(), e.Vec()
	e.VPSRLD(operand.U8(1), t, half)
	e.VPSUBD(half, t, rest)
	p = e.Mul(p, PowerOf2(e, half))
	return e.Mul(p, PowerOf2(e, rest))
}
