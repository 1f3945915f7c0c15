// Command update generates the kernels that move latents and weights by their
// gradients.
package main

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	emit.Family("update", func(e *emit.Emitter) {
		latentUpdate(e)
		sgd(e)
		adam(e)
	})
}

// mover is the end that latents and SGD share: velocity, momentum, step.
type mover struct {
	momentum, minusRate reg.VecVirtual
}

func newMover(e *emit.Emitter, f emit.Fields) mover {
	return mover{e.BroadcastField(f, "momentum"), e.BroadcastField(f, "minusRate")}
}

// A target is what moves. Velocity and start may be absent; with start it moves
// from there, and from rest.
type target struct {
	place           emit.Matrix
	velocity, start *emit.Matrix
	nesterov        bool
}

// step moves the elements of a target by the gradient g.
func (m mover) step(e *emit.Emitter, l emit.Lanes, g reg.VecVirtual, t target) {
	from, speed := &t.place, t.velocity
	if t.start != nil {
		from, speed = t.start, nil
	}
	d := g
	if t.velocity != nil {
		d = l.LoadOrZero(speed)
		e.Horner(d, m.momentum, g)
		l.Store(d, *t.velocity)
		if t.nesterov {
			e.Horner(d, m.momentum, g)
		}
	}
	x := l.Load(*from)
	e.Accumulate(x, m.minusRate, d)
	l.Store(x, t.place)
}
