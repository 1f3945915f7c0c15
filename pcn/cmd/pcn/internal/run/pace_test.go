package run

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPaceByBatches(t *testing.T) {
	p := newPace(3)
	var due []int
	for batch := 1; batch <= 12; batch++ {
		if p.due(batch%5 == 0) { // epochs of five
			due = append(due, batch)
			p.saved(time.Now())
		}
	}
	require.Equal(t, []int{3, 5, 8, 10}, due)
}

func TestPaceByTime(t *testing.T) {
	clock := time.Unix(1000, 0)
	p := newPace(0)
	p.now = func() time.Time { return clock }
	p.last = clock
	pass := func(d time.Duration) { clock = clock.Add(d) }

	pass(saveInterval - 1)
	require.False(t, p.due(false))
	require.True(t, p.due(true), "an epoch ends")
	pass(1)
	require.True(t, p.due(false))

	// Saving takes two seconds, and so once in forty is often enough.
	began := clock
	pass(2 * time.Second)
	p.saved(began)
	pass(39 * time.Second)
	require.False(t, p.due(false))
	require.False(t, p.due(true))
	pass(time.Second)
	require.True(t, p.due(true))
	require.True(t, p.due(false))
}
