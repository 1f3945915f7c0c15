// Command gemm generates the micro-kernels of the matrix product: for every
// tile of mr rows and nv vectors up to the target's largest one function,
// gemm<mr>x<columns><target>.
//
// The largest tile is what the registers hold: 6x16 is 12 ymm accumulators, 2
// vectors of B and 2 broadcasts of A; 12x32 is 24 zmm accumulators and 2 vectors
// of B, where A is broadcast by the multiply-add itself. Smaller tiles serve the
// edges. Few rows leave too few chains to fill the pipelines; they have tiles of
// two panels besides, and a single row one of four.
package main

import (
	"fmt"

	"github.com/gopcn/gopcn/asm/internal/emit"
)

func main() {
	emit.Family("gemm", func(e *emit.Emitter) {
		most := 6
		if e.Wide() {
			most = 12
		}
		for mr := 1; mr <= most; mr++ {
			for _, nv := range vectors(mr) {
				t := tile{Emitter: e, mr: mr, nv: nv}
				e.BeginCall(fmt.Sprintf("gemm%dx%d", mr, nv*e.Lanes), "tileCall",
					fmt.Sprintf("runs a tileCall of %d rows and up to %d columns.", mr, nv*e.Lanes))
				t.describe()
			}
		}
	})
}

// panel is the vectors of a panel of B.
const panel = 2

// vectors are the widths of the tiles of so many rows.
func vectors(mr int) []int {
	switch {
	case mr == 1:
		return []int{1, panel, 2 * panel, 4 * panel}
	case mr <= 3:
		return []int{1, panel, 2 * panel}
	}
	return []int{1, panel}
}
