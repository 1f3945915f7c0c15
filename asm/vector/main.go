// Command vector generates the kernels of plain vector arithmetic.
package main

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
)

func main() {
	emit.Family("vector", func(e *emit.Emitter) {
		axpy(e)
		scale(e)
		add(e)
		mul(e)
		latentError(e)
	})
}

func axpy(e *emit.Emitter) {
	e.BeginCall("axpy", "vectorBlock", "computes dst = fma(a, x, dst).")
	f := e.Fields()
	dst, x, a := e.Matrix(f, "dst"), e.Matrix(f, "x"), e.BroadcastField(f, "a")
	e.Block(f, []emit.Matrix{dst, x}, func(l emit.Lanes) {
		sum := l.Load(dst)
		e.Accumulate(sum, a, l.Load(x))
		l.Store(sum, dst)
	})
	e.End()
}

func scale(e *emit.Emitter) {
	e.BeginCall("scale", "vectorBlock", "computes dst = dst a.")
	f := e.Fields()
	dst, a := e.Matrix(f, "dst"), e.BroadcastField(f, "a")
	e.Block(f, []emit.Matrix{dst}, func(l emit.Lanes) {
		l.Store(e.Mul(l.Load(dst), a), dst)
	})
	e.End()
}

func add(e *emit.Emitter) {
	e.BeginCall("add", "vectorBlock", "computes dst = x + y.")
	f := e.Fields()
	dst, x, y := e.Matrix(f, "dst"), e.Matrix(f, "x"), e.Matrix(f, "y")
	e.Block(f, []emit.Matrix{dst, x, y}, func(l emit.Lanes) {
		l.Store(e.Add(l.Load(x), l.Load(y)), dst)
	})
	e.End()
}

func mul(e *emit.Emitter) {
	e.BeginCall("mul", "vectorBlock", "computes dst = x y.")
	f := e.Fields()
	dst, x, y := e.Matrix(f, "dst"), e.Matrix(f, "x"), e.Matrix(f, "y")
	e.Block(f, []emit.Matrix{dst, x, y}, func(l emit.Lanes) {
		l.Store(e.Mul(l.Load(x), l.Load(y)), dst)
	})
	e.End()
}
