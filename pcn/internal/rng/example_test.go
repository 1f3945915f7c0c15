package rng_test

import (
	"fmt"

	"github.com/gopcn/gopcn/pcn/internal/rng"
)

func ExampleRand_Seed() {
	var r rng.Rand
	for epoch := range uint64(2) {
		r.Seed(1, rng.Order, epoch)
		fmt.Println(r.IntN(100), r.IntN(100))
	}
	r.Seed(1, rng.Order, 0)
	fmt.Println(r.IntN(100), r.IntN(100))
	// Output:
	// 89 23
	// 15 96
	// 89 23
}
