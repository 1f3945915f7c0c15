package main

import "github.com/gopcn/gopcn/asm/internal/emit"

func latentError(e *emit.Emitter) {
	e.BeginCall("latentError", "latentErrorBlock", "computes e = coeff (latent - u) and errorSlope = e slope.")
	f := e.Fields()
	err, product := e.Matrix(f, "e"), e.Matrix(f, "errorSlope")
	latent, u, slope := e.Matrix(f, "latent"), e.Matrix(f, "u"), e.Matrix(f, "slope")
	coeff := e.BroadcastField(f, "coeff")
	e.Line(f, func(l emit.Lanes) {
		d := e.Mul(e.Sub(l.Load(latent), l.Load(u)), coeff)
		l.Store(e.Mul(d, l.Load(slope)), product)
		l.Store(d, err)
	})
	e.End()
}
