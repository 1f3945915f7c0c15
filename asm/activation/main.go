// Command activation generates the element-wise kernels that evaluate
// activations: on their own and as the ends of products. Each function holds a
// loop for every activation and chooses by the field act.
package main

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
)

func main() {
	emit.Family("activation", func(e *emit.Emitter) {
		activate(e, "activateValue", true, false)
		activate(e, "activateSlope", false, true)
		activate(e, "activateBoth", true, true)
		predictionError(e, "predictionError", false)
		predictionError(e, "predictionErrorSlope", true)
		exponential(e)
	})
}
