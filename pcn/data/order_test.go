package data

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func ordered(n int, seed uint64, epoch int) []int32 {
	order := make([]int32, n)
	Order(order, seed, epoch)
	return order
}

// The order of the samples is part of every run's result.
func TestOrderIsPinned(t *testing.T) {
	require.Equal(t, []int32{3, 6, 9, 7, 8, 5, 1, 2, 4, 0}, ordered(10, 0, 0))
	require.Equal(t, []int32{9, 1, 8, 6, 7, 0, 2, 3, 4, 5}, ordered(10, 0, 1))
	require.Equal(t, []int32{7, 3, 4, 9, 5, 0, 6, 1, 2, 8}, ordered(10, 1, 0))
}

func TestOrderIsAPermutation(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 1000, 60000} {
		order := ordered(n, 5, 2)
		require.Equal(t, order, ordered(n, 5, 2))
		slices.Sort(order)
		for i, v := range order {
			require.Equal(t, int32(i), v)
		}
	}
}

// What the slice held before leaves no trace.
func TestOrderOverwrites(t *testing.T) {
	order := ordered(100, 1, 1)
	Order(order, 3, 4)
	require.Equal(t, ordered(100, 3, 4), order)
}

// Over many epochs each of the 24 permutations of 4 comes up as often as any.
func TestOrderIsUniform(t *testing.T) {
	const epochs = 24000
	seen := map[[4]int32]int{}
	for epoch := range epochs {
		seen[[4]int32(ordered(4, 0, epoch))]++
	}
	require.Len(t, seen, 24)
	chi := 0.0
	for _, s := range seen {
		d := float64(s - epochs/24)
		chi += d * d / (epochs / 24)
	}
	// 23 degrees of freedom: mean 23, standard deviation 6.8.
	require.Less(t, chi, 55.0)
}

// Two unrelated permutations agree in one place on average.
func TestOrdersOfNeighboursAreUnrelated(t *testing.T) {
	base := ordered(10000, 7, 3)
	for _, c := range []struct {
		seed  uint64
		epoch int
	}{{7, 2}, {7, 4}, {6, 3}, {8, 3}, {3, 7}} {
		agree := 0
		for i, v := range ordered(10000, c.seed, c.epoch) {
			if v == base[i] {
				agree++
			}
		}
		require.Less(t, agree, 10, "seed %d, epoch %d", c.seed, c.epoch)
	}
}

func TestOrderDoesNotAllocate(t *testing.T) {
	order := make([]int32, 100)
	require.Zero(t, testing.AllocsPerRun(100, func() { Order(order, 1, 2) }))
}

func BenchmarkOrder60000(b *testing.B) {
	order := make([]int32, 60000)
	for i := 0; b.Loop(); i++ {
		Order(order, 0, i)
	}
}
