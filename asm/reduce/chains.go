package main

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const chains = 64

// chainLoop adds terms to the 64 chains, which live in registers: eight ymm or
// four zmm.
type chainLoop struct {
	*emit.Emitter
	fields emit.Fields
	base   map[string]reg.GPVirtual
	shift  reg.VecVirtual
	offset int // of the register of elements at hand, in bytes
	tail   *emit.Tail
}

// load returns elements of x or y; those behind the end are +0.
func (c *chainLoop) load(name string) reg.VecVirtual {
	m := operand.Mem{Base: c.base[name], Disp: c.offset}
	if c.tail == nil {
		return c.Copy(m)
	}
	v := c.Vec()
	c.LoadTail(*c.tail, m, v)
	return v
}

// reduce emits a function that adds a term for each element to the chains of a
// reduceBlock. Chains without an element are left alone: adding +0 would change
// one that has become -0 by a product too small for float32.
func reduce(e *emit.Emitter, name string, term func(c *chainLoop, sum reg.VecVirtual)) {
	e.BeginCall(name, "reduceBlock", "adds the elements of a reduceBlock.")
	f := e.Fields()
	c := &chainLoop{Emitter: e, fields: f, base: map[string]reg.GPVirtual{}}
	for _, vector := range []string{"x", "y"} {
		c.base[vector] = e.GP64()
		e.MOVQ(f.At(vector), c.base[vector])
	}
	c.shift = e.BroadcastField(f, "shift")
	rest := e.GP64()
	e.MOVQ(f.At("n"), rest)
	sums := loadChains(e, f)

	e.CMPQ(rest, operand.U8(chains))
	e.JB(operand.LabelRef("rest"))
	e.Label("chains")
	for i, sum := range sums {
		c.offset = i * e.Bytes()
		term(c, sum)
	}
	c.advance(chains)
	e.SUBQ(operand.U8(chains), rest)
	e.CMPQ(rest, operand.U8(chains))
	e.JAE(operand.LabelRef("chains"))

	e.Label("rest")
	c.offset = 0
	for _, sum := range sums {
		edge, next := e.NewLabel("edge"), e.NewLabel("next")
		e.CMPQ(rest, operand.U8(e.Lanes))
		e.JB(operand.LabelRef(edge))
		term(c, sum)
		c.advance(e.Lanes)
		e.SUBQ(operand.U8(e.Lanes), rest)
		e.JMP(operand.LabelRef(next))

		e.Label(edge)
		e.TESTQ(rest, rest)
		e.JZ(operand.LabelRef("end"))
		tail := e.Tail(rest)
		c.tail = &tail
		last := e.Copy(sum)
		term(c, last)
		e.MoveTail(tail, last, sum)
		c.tail = nil
		e.JMP(operand.LabelRef("end"))
		e.Label(next)
	}
	e.Label("end")
	storeTotal(e, f, sums)
	e.End()
}

func (c *chainLoop) advance(elements int) {
	for _, vector := range []string{"x", "y"} {
		c.ADDQ(operand.U32(4*elements), c.base[vector])
	}
}

func loadChains(e *emit.Emitter, f emit.Fields) []reg.VecVirtual {
	sums := e.Vecs(chains / e.Lanes)
	for i, sum := range sums {
		e.VMOVUPS(f.At("chains").Offset(i*e.Bytes()), sum)
	}
	return sums
}

// storeTotal stores the chains and their total: the upper half is added to the
// lower half until one is left.
func storeTotal(e *emit.Emitter, f emit.Fields, sums []reg.VecVirtual) {
	for i, sum := range sums {
		e.VMOVUPS(sum, f.At("chains").Offset(i*e.Bytes()))
	}
	for half := len(sums) / 2; half > 0; half /= 2 {
		for i := range half {
			e.VADDPS(sums[i+half], sums[i], sums[i])
		}
	}
	fold(e, sums[0], e.VADDPS, e.VADDSS)
	e.VMOVSS(sums[0].AsX(), f.At("total"))
}

// fold halves a register to one element, which it leaves in the lowest lane.
func fold(e *emit.Emitter, v reg.VecVirtual, packed, single func(...operand.Op)) {
	if e.Wide() {
		upper := e.YMM()
		e.VEXTRACTF64X4(operand.U8(1), v, upper)
		packed(upper, v.AsY(), v.AsY())
	}
	x, upper := v.AsX(), e.XMM()
	if e.Wide() { // this one may name registers above 15
		e.VEXTRACTF32X4(operand.U8(1), v.AsY(), upper)
	} else {
		e.VEXTRACTF128(operand.U8(1), v.AsY(), upper)
	}
	packed(upper, x, x)
	e.VMOVHLPS(x, x, upper)
	packed(upper, x, x)
	e.VMOVSHDUP(x, upper)
	single(upper, x, x)
}
