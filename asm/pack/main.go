// Command pack generates the packing of B into panels, and of a transposed A into
// strips. One set of AVX2 functions serves both tiers: moving data gains nothing
// from wider registers.
package main

import "github.com/gopcn/gopcn/asm/internal/emit"

func main() {
	emit.Family("pack", func(e *emit.Emitter) {
		transpose(e)
		copyRuns(e, 2)
		copyRuns(e, 4)
		copyRuns(e, 8)
		copyStrip(e, 1)
		copyStrip(e, 2)
		copyFourStrips(e)
	}, emit.AVX2)
}
