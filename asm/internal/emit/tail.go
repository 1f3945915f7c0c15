package emit

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A Tail selects the first lanes of a register, for the columns that do not
// fill one: a k register on AVX-512, a vector of sign bits on AVX2.
// Lanes outside are neither read nor written in memory and load as +0.
type Tail struct {
	k    reg.Register
	mask reg.VecVirtual
}

// Tail builds the mask of the lanes below count, which must be 0 to Lanes. It
// changes count.
func (e *Emitter) Tail(count reg.GPVirtual) Tail {
	base := e.GP64()
	if e.Wide() {
		e.LEAQ(e.bitTable(), base)
		k := e.K()
		e.KMOVW(operand.Mem{Base: base, Index: count, Scale: 2}, k)
		return Tail{k: k}
	}
	e.LEAQ(e.maskTable(), base)
	e.NEGQ(count)
	mask := e.Vec()
	e.VMOVUPS(operand.Mem{Base: base, Index: count, Scale: 4, Disp: 4 * e.Lanes}, mask)
	return Tail{mask: mask}
}

// LoadTail loads the selected lanes, the others become +0.
func (e *Emitter) LoadTail(t Tail, m operand.Op, v reg.VecVirtual) {
	if e.Wide() {
		e.VMOVUPS_Z(m, t.k, v)
		return
	}
	e.VMASKMOVPS(m, t.mask, v)
}

// LoadTailOver loads the selected lanes and takes the others from v.
func (e *Emitter) LoadTailOver(t Tail, m operand.Op, v reg.VecVirtual) reg.VecVirtual {
	x := e.Vec()
	if e.Wide() {
		e.VMOVUPS(v, x)
		e.VMOVUPS(m, t.k, x)
		return x
	}
	e.VMASKMOVPS(m, t.mask, x)
	e.VBLENDVPS(t.mask, x, v, x)
	return x
}

// ClearTail returns v with +0 in the lanes that are not selected.
func (e *Emitter) ClearTail(t Tail, v reg.VecVirtual) reg.VecVirtual {
	x := e.Vec()
	if e.Wide() {
		e.VMOVAPS_Z(v, t.k, x)
	} else {
		e.VANDPS(v, t.mask, x)
	}
	return x
}

// MoveTail copies the selected lanes of from to v, which keeps the others.
func (e *Emitter) MoveTail(t Tail, from, v reg.VecVirtual) {
	if e.Wide() {
		e.VMOVAPS(from, t.k, v)
	} else {
		e.VBLENDVPS(t.mask, from, v, v)
	}
}

// StoreTail stores the selected lanes.
func (e *Emitter) StoreTail(t Tail, v reg.VecVirtual, m operand.Op) {
	if e.Wide() {
		e.VMOVUPS(v, t.k, m)
		return
	}
	e.VMASKMOVPS(v, t.mask, m)
}

// maskTable is Lanes words of ones, then as many zeros: the mask of c lanes
// starts c words before the zeros.
func (e *Emitter) maskTable() operand.Mem {
	if e.masks == nil {
		m := e.StaticGlobal("tailMasks")
		e.DataAttributes(rodata)
		for i := range 2 * e.Lanes {
			word := operand.U32(0xffffffff)
			if i >= e.Lanes {
				word = 0
			}
			e.AddDatum(4*i, word)
		}
		e.masks = &m
	}
	return *e.masks
}

// bitTable holds (1<<c)-1 for c from 0 to Lanes.
func (e *Emitter) bitTable() operand.Mem {
	if e.masks == nil {
		m := e.StaticGlobal("tailBits")
		e.DataAttributes(rodata)
		for c := range e.Lanes + 1 {
			e.AddDatum(2*c, operand.U16(1<<c-1))
		}
		e.masks = &m
	}
	return *e.masks
}
