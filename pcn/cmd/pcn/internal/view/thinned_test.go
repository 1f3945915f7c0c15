package view

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func sum(a, b int) int { return a + b }

func values(l *thinned[int]) []int {
	var list []int
	for _, e := range l.entries {
		list = append(list, e.value)
	}
	return list
}

func TestThinnedListIsBoundedAndLosesNothing(t *testing.T) {
	for _, most := range []int{2, 3, 8, 100} {
		l := newThinned(most, sum)
		for n := 1; n <= 1000; n++ {
			l.add(1, n)
			require.LessOrEqual(t, len(l.entries), most)
			total := 0
			for i, e := range l.entries {
				require.Equal(t, e.stands, e.value)
				if i < len(l.entries)-1 {
					require.Equal(t, l.stride, e.stands, "evenly spaced")
				}
				total += e.value
			}
			require.Equal(t, n, total)
		}
	}
}

func TestThinnedListKeepsAllWhileThereIsRoom(t *testing.T) {
	l := newThinned(4, later[int])
	for n := range 4 {
		l.add(n, n+1)
	}
	require.Equal(t, []int{0, 1, 2, 3}, values(l))
	l.add(4, 5)
	require.Equal(t, []int{1, 3, 4}, values(l))
	l.add(5, 6)
	require.Equal(t, []int{1, 3, 5}, values(l))
}

// A reader that is told what is new, now and then, has what the list has.
func TestSinceBringsReadersUpToDate(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	l := newThinned(16, sum)
	var read []any
	seen := 0
	for version := 1; version <= 2000; version++ {
		for range random.IntN(3) {
			l.add(random.IntN(100), version)
		}
		if random.IntN(4) > 0 {
			continue
		}
		from, news := l.since(seen)
		require.LessOrEqual(t, from, len(read))
		read, seen = append(read[:from:from], news...), version
		require.Len(t, read, len(l.entries))
		for i, v := range values(l) {
			require.Equal(t, v, read[i])
		}
		_, news = l.since(seen)
		require.Empty(t, news)
	}
}
