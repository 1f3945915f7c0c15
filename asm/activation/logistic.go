package main

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/gopcn/gopcn/asm/internal/exp"
	"github.com/mmcloughlin/avo/reg"
)

const shift = exp.RoundShift + exp.ExponentBias

const (
	tanhMost = 9.25
	keepTanh = 7
)

var tanhConstants = append([]float32{tanhMost, 1, magnitude, exp.Twice}, exp.ConstantsOfHalves...)

func tanh(e *emit.Emitter, x reg.VecVirtual, value, slope bool) (y, s reg.VecVirtual) {
	a := e.Min(e.ValReg(tanhMost), e.And(x, e.Val(magnitude)))
	t := exp.ReduceHalf(e, a, shift)
	power := exp.PowerOf2(e, t)
	above, below := e.Sub(e.ValReg(1), power), e.Add(power, e.Val(1))
	power = exp.Double(e, power)
	q := exp.HalfExpm1Neg(e, a)
	e.Deduct(above, power, q)
	e.Accumulate(below, power, q)
	y = e.Div(above, below)
	e.OrSign(y, x, e.ValReg(magnitude))
	if slope {
		s = e.Copy(y)
		e.VFNMADD213PS(e.Val(1), y, s)
	}
	return y, s
}

const (
	sigmoidScale = 25
	sigmoidLeast = -104
	sigmoidMost  = 60
	sigmoidK     = 1.0 / (1 << sigmoidScale)
	keepSigmoid  = 9
)

var sigmoidConstants = append([]float32{sigmoidLeast, sigmoidMost, sigmoidK}, exp.Constants...)

func sigmoid(e *emit.Emitter, x reg.VecVirtual, value, slope bool) (y, s reg.VecVirtual) {
	a := e.Min(e.ValReg(sigmoidMost), e.Max(e.ValReg(sigmoidLeast), x))
	t, _ := exp.Reduce(e, a, shift-sigmoidScale, true)
	power := exp.PowerOf2(e, t)
	q := exp.Expm1Neg(e, a)
	e.Horner(q, power, e.Val(sigmoidK))
	y = e.Div(e.ValReg(sigmoidK), e.Add(q, power))
	if slope {
		s = e.Copy(y)
		e.VFNMADD213PS(y, y, s)
	}
	return y, s
}

const (
	siluLeast = -88.25
	siluMost  = 87
	keepSiLU  = 7
)

var siluConstants = append([]float32{siluLeast, siluMost, 1}, exp.Constants...)

func silu(e *emit.Emitter, x reg.VecVirtual, value, slope bool) (y, s reg.VecVirtual) {
	b := e.Max(e.ValReg(siluLeast), x)
	a := e.Min(e.ValReg(siluMost), b)
	r := e.Copy(a)
	t, _ := exp.Reduce(e, r, shift, true)
	power := exp.PowerOf2(e, t)
	q := exp.Expm1Neg(e, r)
	d := e.Add(e.Fma(q, power, e.Val(1)), power)
	if value {
		y = e.Div(b, d)
	}
	if slope {
		s = e.Div(e.ValReg(1), d)
		p := e.Mul(a, s)
		e.Horner(p, complement(e, q, power, s), s)
		s = p
	}
	return y, s
}

// complement returns 1 - s of s = 1/(1+E), which is E s, from E = power (1+q);
// it changes q.
func complement(e *emit.Emitter, q, power, s reg.VecVirtual) reg.VecVirtual {
	e.Horner(q, power, power)
	return e.Mul(q, s)
}

const (
	geluLinear = 2 * 0.797884560802865355880
	geluCubic  = 0.044715 * geluLinear
	geluMost   = 10
	keepGELU   = 7
)

var geluConstants = append([]float32{-geluMost, geluMost, 1}, append(exp.Constants, geluCubic, geluLinear)...)

func gelu(e *emit.Emitter, x reg.VecVirtual, value, slope bool) (y, s reg.VecVirtual) {
	b := e.Max(e.ValReg(-geluMost), x)
	a := e.Min(e.ValReg(geluMost), b)
	a2 := e.Mul(a, a)
	w := e.Mul(e.Fma(e.Val(geluCubic), a2, e.Val(geluLinear)), a)
	t, _ := exp.Reduce(e, w, shift, false)
	power := exp.PowerOf2(e, t)
	q := exp.Expm1Neg(e, w)
	s = e.Div(e.ValReg(1), e.Add(e.Fma(q, power, e.Val(1)), power))
	if value {
		y = e.Mul(b, s)
	}
	if slope {
		p := e.Mul(e.Mul(a, s), complement(e, q, power, s))
		e.Horner(p, e.Fma(e.Val(3*geluCubic), a2, e.Val(geluLinear)), s)
		s = p
	}
	return y, s
}
