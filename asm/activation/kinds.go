package main

import (
	"fmt"

	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/gopcn/gopcn/asm/internal/exp"
	"github.com/mmcloughlin/avo/operand"
)

// activate emits value, slope or both of every activation.
func activate(e *emit.Emitter, name string, value, slope bool) {
	e.BeginCall(name, "activationBlock", "runs an activationBlock.")
	f := e.Fields()
	matrices := []emit.Matrix{e.Matrix(f, "src")}
	if value {
		matrices = append(matrices, e.Matrix(f, "dst"))
	}
	if slope {
		matrices = append(matrices, e.Matrix(f, "slope"))
	}
	eachFunction(e, f, 0, func(fn *function) {
		e.Block(f, matrices, func(l emit.Lanes) {
			y, s := fn.evaluate(e, l.Load(matrices[0]), value, slope)
			if value {
				l.Store(y, matrices[1])
			}
			if slope {
				l.Store(s, matrices[len(matrices)-1])
			}
		})
	})
}

// predictionError emits the weighted error of every activation, with or
// without its product with the slope.
func predictionError(e *emit.Emitter, name string, slope bool) {
	e.BeginCall(name, "errorBlock", "runs an errorBlock.")
	f := e.Fields()
	matrices := []emit.Matrix{e.Matrix(f, "z"), e.Matrix(f, "latent")}
	if slope {
		matrices = append(matrices, e.Matrix(f, "slope"))
	}
	coeff := e.Vec()
	e.VBROADCASTSS(f.At("coeff"), coeff)
	eachFunction(e, f, 2, func(fn *function) {
		e.Block(f, matrices, func(l emit.Lanes) {
			u, s := fn.evaluate(e, l.Load(matrices[0]), true, slope)
			d := e.Mul(e.Sub(l.Load(matrices[1]), u), coeff)
			l.Store(d, matrices[0])
			if slope {
				l.Store(e.Mul(d, s), matrices[2])
			}
		})
	})
}

// eachFunction emits a loop for every activation and the choice among them. The
// loop itself needs so many registers.
func eachFunction(e *emit.Emitter, f emit.Fields, registers int, loop func(*function)) {
	act := e.GP64()
	e.MOVBQZX(f.At("act"), act)
	for i, fn := range functions {
		label := fmt.Sprintf("not_%s", fn.name)
		if i < len(functions)-1 {
			e.CMPQ(act, operand.U8(i))
			e.JNE(operand.LabelRef(label))
		}
		e.Keep(max(fn.keep-registers, 1), fn.constants...)
		loop(&fn)
		e.End()
		if i < len(functions)-1 {
			e.Label(label)
		}
	}
}

// exponential emits dst = exp(src).
func exponential(e *emit.Emitter) {
	e.BeginCall("exp", "expBlock", "runs an expBlock.")
	f := e.Fields()
	src, dst := e.Matrix(f, "src"), e.Matrix(f, "dst")
	exp.Keep(e, 8)
	e.Block(f, []emit.Matrix{src, dst}, func(l emit.Lanes) {
		l.Store(exp.Exp(e, l.Load(src)), dst)
	})
	e.End()
}
