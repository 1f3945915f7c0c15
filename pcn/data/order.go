package data

import (
	"math"

	"github.com/gopcn/gopcn/pcn/internal/rng"
)

// Order fills order with a random permutation of 0 to len(order)-1: the
// sequence in which an epoch visits the images of a set. It is a pure function
// of the length, the seed and the epoch, and the permutations of neighbouring
// seeds or epochs are unrelated. It allocates nothing, and panics if the length
// exceeds the range of int32.
//
// The shuffle is Fisher and Yates's, from the last place down, each place
// taking an unbiased draw from those not yet settled. The numbers come from
// the PCG of math/rand/v2, whose 128 bits of state are hashed from the seed,
// the purpose "order" and the epoch.
func Order(order []int32, seed uint64, epoch int) {
	if len(order) > math.MaxInt32 {
		panic("data: Order: more places than int32 can number")
	}
	for i := range order {
		order[i] = int32(i)
	}
	var r rng.Rand
	r.Seed(seed, rng.Order, uint64(epoch))
	for i := len(order) - 1; i > 0; i-- {
		j := r.IntN(i + 1)
		order[i], order[j] = order[j], order[i]
	}
}
