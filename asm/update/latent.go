package main

import "github.com/gopcn/gopcn/asm/internal/emit"

// latentUpdate emits a loop for every set of matrices that may be absent.
func latentUpdate(e *emit.Emitter) {
	e.BeginCall("latentUpdate", "latentBlock", "runs a latentBlock.")
	f := e.Fields()
	m := newMover(e, f)
	e.IfPresent(f, "err", func(err bool) {
		e.IfPresent(f, "prior", func(prior bool) {
			e.IfPresent(f, "velocity", func(velocity bool) {
				e.IfPresent(f, "start", func(start bool) {
					if !velocity {
						latentLoop(e, f, m, latentCase{err, prior, false, start, false})
						return
					}
					e.IfTrue(f, "nesterov", func(nesterov bool) {
						latentLoop(e, f, m, latentCase{err, prior, true, start, nesterov})
					})
				})
			})
		})
	})
}

// latentCase is a set of matrices that a latent update has.
type latentCase struct{ err, prior, velocity, start, nesterov bool }

func latentLoop(e *emit.Emitter, f emit.Fields, m mover, has latentCase) {
	z := e.Matrix(f, "z")
	matrices := []emit.Matrix{z}
	matrix := func(present bool, name string) *emit.Matrix {
		if !present {
			return nil
		}
		x := e.Matrix(f, name)
		matrices = append(matrices, x)
		return &x
	}
	err, prior := matrix(has.err, "err"), matrix(has.prior, "prior")
	moving := target{
		place: *matrix(true, "latent"), velocity: matrix(has.velocity, "velocity"),
		start: matrix(has.start, "start"), nesterov: has.nesterov,
	}
	e.Block(f, matrices, func(l emit.Lanes) {
		feedback := l.Load(z)
		if has.prior {
			feedback = e.Add(l.Load(*prior), feedback)
		}
		own := l.LoadOrZero(err)
		m.step(e, l, e.Sub(own, feedback), moving)
	})
	e.End()
}
