// Command batchnorm generates the kernels of batch normalisation.
package main

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	emit.Family("batchnorm", func(e *emit.Emitter) {
		squares(e)
		gradients(e)
		normalise(e)
		feedback(e)
	})
}

func normalise(e *emit.Emitter) {
	e.BeginCall("normalise", "normaliseBlock", "runs a normaliseBlock.")
	f := e.Fields()
	dst, x := e.Matrix(f, "dst"), e.Matrix(f, "x")
	mean, inv, gamma, beta := e.Matrix(f, "mean"), e.Matrix(f, "inv"), e.Matrix(f, "gamma"), e.Matrix(f, "beta")
	e.Block(f, []emit.Matrix{dst, x}, func(l emit.Lanes) {
		xhat := e.Mul(e.Sub(l.Load(x), l.Load(mean)), l.Load(inv))
		y := l.Load(beta)
		e.Accumulate(y, xhat, l.Load(gamma))
		l.Store(y, dst)
	})
	e.End()
}

func feedback(e *emit.Emitter) {
	e.BeginCall("normaliseFeedback", "feedbackBlock", "runs a feedbackBlock.")
	f := e.Fields()
	dst, dy, x := e.Matrix(f, "dst"), e.Matrix(f, "dy"), e.Matrix(f, "x")
	mean, inv := e.Matrix(f, "mean"), e.Matrix(f, "inv")
	offset, slope, gain := e.Matrix(f, "offset"), e.Matrix(f, "slope"), e.Matrix(f, "gain")
	e.Block(f, []emit.Matrix{dst, dy, x}, func(l emit.Lanes) {
		xhat := e.Mul(e.Sub(l.Load(x), l.Load(mean)), l.Load(inv))
		t := e.Sub(l.Load(dy), l.Load(offset))
		e.Deduct(t, xhat, l.Load(slope))
		l.Store(e.Mul(t, l.Load(gain)), dst)
	})
	e.End()
}

// squares adds (x - mean)^2.
func squares(e *emit.Emitter) {
	e.BeginCall("addSquares", "channelSums", "adds squares to the chains of channelSums.")
	s := newSums(e, "x")
	s.run(4, []string{"products"}, []string{"mean"}, func(acc, channel, x []reg.VecVirtual) {
		d := e.Sub(x[0], channel[0])
		e.Accumulate(acc[0], d, d)
	})
}

// gradients adds dy and dy xhat.
func gradients(e *emit.Emitter) {
	e.BeginCall("addGradients", "channelSums", "adds gradients to the chains of channelSums.")
	s := newSums(e, "x", "dy")
	s.run(2, []string{"sums", "products"}, []string{"mean", "inv"}, func(acc, channel, x []reg.VecVirtual) {
		xhat := e.Mul(e.Sub(x[0], channel[0]), channel[1])
		e.VADDPS(x[1], acc[0], acc[0])
		e.Accumulate(acc[1], xhat, x[1])
	})
}
