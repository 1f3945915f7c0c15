package main

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/mmcloughlin/avo/reg"
)

// latentUpdate emits a loop for every set of matrices that may be absent.
func latentUpdate(e *emit.Emitter) {
	e.BeginCall("latentUpdate", "latentBlock", "runs a latentBlock.")
	f := e.Fields()
	m := newMover(e, f)
	e.IfPresent(f, "err", func(err bool) {
		e.IfPresent(f, "prior", func(prior bool) {
			e.IfPresent(f, "velocity", func(velocity bool) {
				if !velocity {
					latentLoop(e, f, m, err, prior, false, false)
					return
				}
				e.IfTrue(f, "nesterov", func(nesterov bool) {
					latentLoop(e, f, m, err, prior, true, nesterov)
				})
			})
		})
	})
}

func latentLoop(e *emit.Emitter, f emit.Fields, m mover, withErr, withPrior, withVelocity, nesterov bool) {
	z, latent := e.Matrix(f, "z"), e.Matrix(f, "latent")
	matrices := []emit.Matrix{z, latent}
	var err, prior, velocity emit.Matrix
	var moved *emit.Matrix
	if withErr {
		err = e.Matrix(f, "err")
		matrices = append(matrices, err)
	}
	if withPrior {
		prior = e.Matrix(f, "prior")
		matrices = append(matrices, prior)
	}
	if withVelocity {
		velocity = e.Matrix(f, "velocity")
		moved = &velocity
		matrices = append(matrices, velocity)
	}
	e.Block(f, matrices, func(l emit.Lanes) {
		feedback := l.Load(z)
		if withPrior {
			feedback = e.Add(l.Load(prior), feedback)
		}
		var own reg.VecVirtual
		if withErr {
			own = l.Load(err)
		} else {
			own = e.Vec()
			e.Zero(own)
		}
		m.step(e, l, e.Sub(own, feedback), moved, nesterov, latent)
	})
	e.End()
}
