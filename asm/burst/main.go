// Command burst generates the register-only multiply-adds that stand for the
// peak of a core.
package main

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/mmcloughlin/avo/operand"
)

// chains is enough to hide the latency of two multiply-adds a cycle.
const chains = 12

func main() {
	emit.Family("burst", func(e *emit.Emitter) {
		e.Begin("burst", "(n int)", "runs 12 n fused multiply-adds on registers that hold zeros.")
		n := e.LoadArg("n")
		x, acc := e.Vec(), e.Vecs(chains)
		e.Zero(x)
		for _, v := range acc {
			e.Zero(v)
		}
		e.Label("turn")
		for _, v := range acc {
			e.VFMADD231PS(x, x, v)
		}
		e.DECQ(n)
		e.JNZ(operand.LabelRef("turn"))
		e.End()
	})
}
