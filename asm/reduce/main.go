// Command reduce generates sums over vectors and rows, and softmax, which needs
// them.
package main

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	emit.Family("reduce", func(e *emit.Emitter) {
		reduce(e, "sum", func(c *chainLoop, sum reg.VecVirtual) {
			e.VADDPS(c.load("x"), sum, sum)
		})
		reduce(e, "dot", func(c *chainLoop, sum reg.VecVirtual) {
			e.Accumulate(sum, c.load("x"), c.load("y"))
		})
		reduce(e, "squares", func(c *chainLoop, sum reg.VecVirtual) {
			d := e.Sub(c.load("x"), c.load("y"))
			e.Accumulate(sum, d, d)
		})
		reduce(e, "shiftedDot", func(c *chainLoop, sum reg.VecVirtual) {
			e.Accumulate(sum, e.Sub(c.load("x"), c.shift), c.load("y"))
		})
		expSum(e)
		largest(e)
		addRows(e)
		softmax(e)
		softmaxRows(e)
	})
}
