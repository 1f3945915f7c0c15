package pcn

import "slices"

// A span is a range of rows or columns of the number-th matrix of a list.
type span struct{ number, lo, hi int }

// shares splits matrices among workers so that each has about the same work:
// matrix i has extent[i] rows, cut only at multiples of unit, and a row of it
// costs cost[i]. A worker has at most one span of a matrix, so that its
// products are as large as can be.
//
// The dearest units are dealt out first, each to the worker that has least;
// what counts is how many units of a matrix a worker gets, so that they can
// be neighbours.
func shares(extent, cost []int, unit, workers int) [][]span {
	order := make([]int, len(extent))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cost[b] - cost[a] })

	load := make([]int, workers)
	result := make([][]span, workers)
	for _, i := range order {
		count := make([]int, workers)
		for lo := 0; lo < extent[i]; lo += unit {
			least := 0
			for w := range load {
				if load[w] < load[least] {
					least = w
				}
			}
			count[least]++
			load[least] += cost[i] * min(unit, extent[i]-lo)
		}
		lo := 0
		for w, c := range count {
			if c > 0 {
				hi := min(lo+c*unit, extent[i])
				result[w] = append(result[w], span{i, lo, hi})
				lo = hi
			}
		}
	}
	return result
}
