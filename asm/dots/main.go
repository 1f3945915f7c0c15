// Command dots generates the kernels of products whose B runs along k in memory:
// dots<mr>x<columns><target> computes the dot products of mr rows of A with so
// many rows of B. Neighbouring elements of a vector are neighbouring rows of B,
// so that each is one chain; four terms of them at a time are transposed in
// registers, which costs less than a copy of B as long as there are few rows of A.
//
// For more rows dotsPack<mr>x<columns><target> computes the first ones and leaves
// the transposed terms in a panel for the others: shuffles and stores take ports
// that multiply-adds leave idle.
package main

import (
	"fmt"

	"github.com/gopcn/gopcn/asm/internal/emit"
)

// mostRows is the most rows of A: ten chains, four transposed terms and two
// temporaries fill the 16 registers of AVX2.
const mostRows = 10

// leastPacking is the fewest rows that pack: the larger half of those that are one
// too many for products without a panel.
const leastPacking = mostRows/2 + 1

// panel is the vectors of a row of a panel.
const panel = 2

func main() {
	emit.Family("dots", func(e *emit.Emitter) {
		for mr := 1; mr <= mostRows; mr++ {
			d := dots{Emitter: e, mr: mr, groups: groupsOf(e, mr)}
			e.BeginCall(fmt.Sprintf("dots%dx%d", mr, d.groups*e.Lanes), "dotsCall",
				fmt.Sprintf("runs a dotsCall of %d rows of A and %d rows of B at a time.", mr, d.groups*e.Lanes))
			d.describe()
		}
		for mr := leastPacking; mr <= mostRows; mr++ {
			d := dots{Emitter: e, mr: mr, groups: 1, packs: true}
			e.BeginCall(fmt.Sprintf("dotsPack%dx%d", mr, e.Lanes), "dotsCall",
				fmt.Sprintf("runs a dotsCall of %d rows of A, whose elements lie side by side, and %d rows of B at a time, and packs B.", mr, e.Lanes))
			d.describe()
		}
	})
}

// groupsOf is how many vectors of B's rows go side by side, so that few rows of
// A make enough chains. AVX-512 has no registers left to point to more.
func groupsOf(e *emit.Emitter, mr int) int {
	switch {
	case mr == 1 && !e.Wide():
		return 4
	case mr == 1, mr <= 5 && !e.Wide():
		return 2
	}
	return 1
}
