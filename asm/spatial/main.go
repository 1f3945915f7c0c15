// Command spatial generates the kernels of max-pools.
package main

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
)

func main() {
	emit.Family("spatial", func(e *emit.Emitter) {
		maxPool(e)
		unpool(e)
		poolError(e)
	})
}
