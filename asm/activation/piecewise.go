package main

import (
	"math"

	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/mmcloughlin/avo/reg"
)

func identity(e *emit.Emitter, x reg.VecVirtual, value, slope bool) (y, s reg.VecVirtual) {
	if slope {
		s = e.ValReg(1)
	}
	return x, s
}

func relu(e *emit.Emitter, x reg.VecVirtual, value, slope bool) (y, s reg.VecVirtual) {
	zero := e.ValReg(0)
	if slope {
		s = e.Compare(x, emit.Greater, zero).SelectOrZero(e.ValReg(1))
	}
	if value {
		y = e.Max(zero, x)
	}
	return y, s
}

const leak = 0.01

func leakyReLU(e *emit.Emitter, x reg.VecVirtual, value, slope bool) (y, s reg.VecVirtual) {
	if slope {
		s = e.Compare(x, emit.GreaterOrEqual, e.Val(0)).Select(e.ValReg(1), e.ValReg(leak))
	}
	if value {
		y = e.Max(e.Mul(x, e.Val(leak)), x)
	}
	return y, s
}

func hardTanh(e *emit.Emitter, x reg.VecVirtual, value, slope bool) (y, s reg.VecVirtual) {
	one := e.ValReg(1)
	if slope {
		s = e.Compare(e.And(x, e.Val(magnitude)), emit.LessOrEqual, one).SelectOrZero(one)
	}
	if value {
		y = e.Min(one, e.Max(e.ValReg(-1), x))
	}
	return y, s
}

// magnitude has all bits but the sign.
var magnitude = math.Float32frombits(1<<31 - 1)
