package main

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/gopcn/gopcn/asm/internal/exp"
	"github.com/mmcloughlin/avo/operand"
)

// largest emits the maximum of total and all elements, in any order.
func largest(e *emit.Emitter) {
	e.BeginCall("largest", "reduceBlock", "leaves the larger of total and the elements.")
	f := e.Fields()
	x := e.Matrix(f, "x")
	start := e.BroadcastField(f, "total")
	most := e.Copy(start)
	e.Line(f, func(l emit.Lanes) {
		e.VMAXPS(l.LoadOver(x, start), most, most)
	})
	fold(e, most, e.VMAXPS, e.VMAXSS)
	e.VMOVSS(most.AsX(), f.At("total"))
	e.End()
}

// expSum emits the sum of exp(x - shift). The exponential needs the registers,
// so the chains stay in memory.
func expSum(e *emit.Emitter) {
	e.BeginCall("expSum", "reduceBlock", "adds the exponentials of a reduceBlock.")
	f := e.Fields()
	x := e.Matrix(f, "x")
	shift := e.BroadcastField(f, "shift")
	exp.Keep(e, 7)
	slot, slots := e.GP64(), e.GP64()
	e.LEAQ(f.At("chains"), slots)
	e.Line(f, func(l emit.Lanes) {
		p := l.Clear(exp.Exp(e, e.Sub(l.Load(x), shift)))
		e.MOVQ(l.Offset(), slot)
		e.ANDQ(operand.U32(4*chains-1), slot)
		m := operand.Mem{Base: slots, Index: slot, Scale: 1}
		e.VADDPS(m, p, p)
		e.VMOVUPS(p, m)
	})
	storeTotal(e, f, loadChains(e, f))
	e.End()
}

// softmax emits exp(u - max) / total, and with targets the error of a
// cross-entropy output.
func softmax(e *emit.Emitter) {
	e.BeginCall("softmax", "softmaxBlock", "runs a softmaxBlock.")
	f := e.Fields()
	dst, u := e.Matrix(f, "dst"), e.Matrix(f, "u")
	most, total := e.BroadcastField(f, "max"), e.BroadcastField(f, "total")
	e.IfPresent(f, "target", func(withTarget bool) {
		exp.Keep(e, 4)
		if !withTarget {
			e.Line(f, func(l emit.Lanes) {
				l.Store(e.Div(exp.Exp(e, e.Sub(l.Load(u), most)), total), dst)
			})
			e.End()
			return
		}
		target := e.Matrix(f, "target")
		targets, coeff := e.BroadcastField(f, "targets"), e.BroadcastField(f, "coeff")
		e.Line(f, func(l emit.Lanes) {
			p := e.Div(exp.Exp(e, e.Sub(l.Load(u), most)), total)
			h := l.Load(target)
			e.Deduct(h, p, targets)
			l.Store(e.Mul(h, coeff), dst)
		})
		e.End()
	})
}
