package pcn

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Every row goes to exactly one worker, cut at whole units, and the work is
// even.
func TestShares(t *testing.T) {
	for _, c := range []struct {
		extent, cost  []int
		unit, workers int
		spread        float64 // largest load over the mean
	}{
		{[]int{128, 128, 128, 10}, []int{784, 128, 128, 128}, 16, 2, 1.02},
		{[]int{128, 128, 128, 10}, []int{784, 128, 128, 128}, 32, 2, 1.03},
		{[]int{128, 128, 128, 10}, []int{784, 128, 128, 128}, 16, 3, 1.15},
		{[]int{5}, []int{7}, 16, 4, 4},
		{nil, nil, 16, 2, 1},
	} {
		got := shares(c.extent, c.cost, c.unit, c.workers)
		require.Len(t, got, c.workers)
		total, most := 0, 0
		seen := make([][]bool, len(c.extent))
		for i, n := range c.extent {
			seen[i] = make([]bool, n)
			total += n * c.cost[i]
		}
		for _, spans := range got {
			load := 0
			for _, s := range spans {
				require.Zero(t, s.lo%c.unit)
				require.True(t, s.hi%c.unit == 0 || s.hi == c.extent[s.number])
				load += (s.hi - s.lo) * c.cost[s.number]
				for i := s.lo; i < s.hi; i++ {
					require.False(t, seen[s.number][i])
					seen[s.number][i] = true
				}
			}
			most = max(most, load)
		}
		for _, rows := range seen {
			require.NotContains(t, rows, false)
		}
		require.LessOrEqual(t, float64(most), c.spread*float64(total)/float64(c.workers)+0.5)
	}
}
