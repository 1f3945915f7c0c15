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

// step moves the elements of target by the gradient g, with velocities if
// there are any.
func (m mover) step(e *emit.Emitter, l emit.Lanes, g reg.VecVirtual, velocity *emit.Matrix, nesterov bool, target emit.Matrix) {
	d := g
	if velocity != nil {
		d = l.Load(*velocity)
		e.Horner(d, m.momentum, g)
		l.Store(d, *velocity)
		if nesterov {
			e.Horner(d, m.momentum, g)
		}
	}
	x := l.Load(target)
	e.Accumulate(x, m.minusRate, d)
	l.Store(x, target)
}
