package emit

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The helpers below read their operands in the order of the formula. Operands
// of type operand.Op may be memory.

// Add returns a + b.
func (e *Emitter) Add(a reg.VecVirtual, b operand.Op) reg.VecVirtual {
	v := e.Vec()
	e.VADDPS(b, a, v)
	return v
}

// Sub returns a - b.
func (e *Emitter) Sub(a reg.VecVirtual, b operand.Op) reg.VecVirtual {
	v := e.Vec()
	e.VSUBPS(b, a, v)
	return v
}

// Mul returns a b.
func (e *Emitter) Mul(a reg.VecVirtual, b operand.Op) reg.VecVirtual {
	v := e.Vec()
	e.VMULPS(b, a, v)
	return v
}

// Div returns a / b.
func (e *Emitter) Div(a reg.VecVirtual, b operand.Op) reg.VecVirtual {
	v := e.Vec()
	e.VDIVPS(b, a, v)
	return v
}

// Max returns a > b ? a : b, so b where one is NaN: maxOf of the kernels.
func (e *Emitter) Max(a reg.VecVirtual, b operand.Op) reg.VecVirtual {
	v := e.Vec()
	e.VMAXPS(b, a, v)
	return v
}

// Min returns a < b ? a : b, so b where one is NaN: minOf of the kernels.
func (e *Emitter) Min(a reg.VecVirtual, b operand.Op) reg.VecVirtual {
	v := e.Vec()
	e.VMINPS(b, a, v)
	return v
}

// Fma returns a b + c in a register of its own.
func (e *Emitter) Fma(a operand.Op, b reg.VecVirtual, c operand.Op) reg.VecVirtual {
	v := e.Copy(a)
	e.VFMADD213PS(c, b, v)
	return v
}

// Horner turns p into p x + c.
func (e *Emitter) Horner(p, x reg.VecVirtual, c operand.Op) { e.VFMADD213PS(c, x, p) }

// Accumulate turns sum into sum + a b.
func (e *Emitter) Accumulate(sum, a reg.VecVirtual, b operand.Op) { e.VFMADD231PS(b, a, sum) }

// Deduct turns sum into sum - a b.
func (e *Emitter) Deduct(sum, a reg.VecVirtual, b operand.Op) { e.VFNMADD231PS(b, a, sum) }

// And returns the common bits of a and b.
func (e *Emitter) And(a reg.VecVirtual, b operand.Op) reg.VecVirtual {
	v := e.Vec()
	e.VANDPS(b, a, v)
	return v
}

// Where is a set of lanes that a comparison has chosen.
type Where struct {
	e    *Emitter
	k    reg.Register
	mask reg.VecVirtual
}

// Predicates of Compare; each is false where an operand is NaN.
const (
	LessOrEqual    = 0x12
	GreaterOrEqual = 0x1d
	Greater        = 0x1e
)

// Compare chooses the lanes where a predicate b holds.
func (e *Emitter) Compare(a reg.VecVirtual, predicate uint8, b operand.Op) Where {
	if e.Wide() {
		k := e.K()
		e.VCMPPS(operand.U8(predicate), b, a, k)
		return Where{e: e, k: k}
	}
	v := e.Vec()
	e.VCMPPS(operand.U8(predicate), b, a, v)
	return Where{e: e, mask: v}
}

// Negative chooses the lanes of a whose sign bit is set.
func (e *Emitter) Negative(a reg.VecVirtual) Where {
	if e.Wide() {
		k := e.K()
		e.VPMOVD2M(a, k)
		return Where{e: e, k: k}
	}
	return Where{e: e, mask: a}
}

// Select returns yes in the chosen lanes and no in the others.
func (w Where) Select(yes operand.Op, no reg.VecVirtual) reg.VecVirtual {
	v := w.e.Vec()
	if w.e.Wide() {
		w.e.VBLENDMPS(yes, no, w.k, v)
	} else {
		w.e.VBLENDVPS(w.mask, yes, no, v)
	}
	return v
}

// SelectOrZero returns yes in the chosen lanes and +0 in the others.
func (w Where) SelectOrZero(yes reg.VecVirtual) reg.VecVirtual {
	v := w.e.Vec()
	if w.e.Wide() {
		w.e.VMOVAPS_Z(yes, w.k, v)
	} else {
		w.e.VANDPS(yes, w.mask, v)
	}
	return v
}

// OrSign gives y, whose sign bit is clear, the sign of x. Magnitude has all
// bits but the sign.
func (e *Emitter) OrSign(y, x, magnitude reg.VecVirtual) {
	if e.Wide() {
		e.VPTERNLOGD(operand.U8(0xf4), magnitude, x, y) // y | x &^ magnitude
		return
	}
	sign := e.Vec()
	e.VANDNPS(x, magnitude, sign)
	e.VORPS(sign, y, y)
}
