package main

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/gopcn/gopcn/asm/internal/exp"
	"github.com/mmcloughlin/avo/reg"
)

const (
	geluErfMost = 13

	erfC0 = 0.3310000002384186
	erfC1 = 0.12226893752813339
	erfC2 = 0.20386114716529846
	erfC3 = -0.09001579880714417
	erfC4 = 0.3741203844547272
	erfC5 = -0.11023472994565964

	inverseSqrt2Pi = 0.398942280401432677940

	keepGELUErf = 6
)

var geluErfConstants = append([]float32{-geluErfMost, geluErfMost, 1, erfC5, erfC0},
	append(exp.Constants, magnitude, erfC4, erfC3, erfC2, erfC1, inverseSqrt2Pi)...)

func geluErf(e *emit.Emitter, x reg.VecVirtual, value, slope bool) (y, s reg.VecVirtual) {
	b := e.Max(e.ValReg(-geluErfMost), x)
	a := e.Min(e.ValReg(geluErfMost), b)
	u := e.Div(e.ValReg(1), e.Fma(e.Val(erfC0), e.And(a, e.Val(magnitude)), e.Val(1)))
	w := e.Mul(e.Mul(a, e.Val(0.5)), a)
	t, _ := exp.Reduce(e, w, shift, false)
	power := exp.PowerOf2(e, t)
	density := exp.Expm1Neg(e, w)
	e.Horner(density, power, power)
	c := e.Fma(e.Val(erfC5), u, e.Val(erfC4))
	for _, coefficient := range []float32{erfC3, erfC2, erfC1} {
		e.Horner(c, u, e.Val(coefficient))
	}
	below := e.Mul(c, e.Mul(u, density))
	above := e.Sub(e.ValReg(1), below)
	phi := e.Negative(x).Select(below, above)
	if value {
		y = e.Mul(b, phi)
	}
	if slope {
		s = e.Mul(density, e.Val(inverseSqrt2Pi))
		e.Horner(s, a, phi)
	}
	return y, s
}
