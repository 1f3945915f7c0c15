package main

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
)

func sgd(e *emit.Emitter) {
	e.BeginCall("sgd", "sgdBlock", "runs an sgdBlock.")
	f := e.Fields()
	m := newMover(e, f)
	w, g := e.Matrix(f, "w"), e.Matrix(f, "g")
	e.IfPresent(f, "v", func(velocity bool) {
		if !velocity {
			e.Line(f, func(l emit.Lanes) { m.step(e, l, l.Load(g), target{place: w}) })
			e.End()
			return
		}
		v := e.Matrix(f, "v")
		e.IfTrue(f, "nesterov", func(nesterov bool) {
			e.Line(f, func(l emit.Lanes) { m.step(e, l, l.Load(g), target{place: w, velocity: &v, nesterov: nesterov}) })
			e.End()
		})
	})
}

func adam(e *emit.Emitter) {
	e.BeginCall("adam", "adamBlock", "runs an adamBlock.")
	f := e.Fields()
	w, m, v, g := e.Matrix(f, "w"), e.Matrix(f, "m"), e.Matrix(f, "v"), e.Matrix(f, "g")
	beta1, rest1 := e.BroadcastField(f, "Beta1"), e.BroadcastField(f, "Rest1")
	beta2, rest2 := e.BroadcastField(f, "Beta2"), e.BroadcastField(f, "Rest2")
	correction1, correction2 := e.BroadcastField(f, "Correction1"), e.BroadcastField(f, "Correction2")
	epsilon, decay, minusRate := e.BroadcastField(f, "Epsilon"), e.BroadcastField(f, "Decay"), e.BroadcastField(f, "minusRate")
	e.Line(f, func(l emit.Lanes) {
		gradient := l.Load(g)
		first, second := l.Load(m), l.Load(v)
		e.Horner(first, beta1, e.Mul(gradient, rest1))
		e.Horner(second, beta2, e.Mul(e.Mul(gradient, rest2), gradient))
		l.Store(first, m)
		l.Store(second, v)
		root := e.Mul(second, correction2)
		e.VSQRTPS(root, root)
		step := e.Div(e.Mul(first, correction1), e.Add(root, epsilon))
		x := l.Load(w)
		e.Accumulate(step, decay, x)
		e.Accumulate(x, minusRate, step)
		l.Store(x, w)
	})
	e.End()
}
