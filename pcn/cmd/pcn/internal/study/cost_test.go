package study

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

func TestChooseJobs(t *testing.T) {
	equal := func(n int) []float64 {
		list := make([]float64, n)
		for i := range list {
			list[i] = 3
		}
		return list
	}
	require.Equal(t, 1, chooseJobs(nil, 4))
	require.Equal(t, 1, chooseJobs(equal(1), 4), "one cell takes all cores")
	require.Equal(t, 2, chooseJobs(equal(2), 2))
	require.Equal(t, 1, chooseJobs(equal(3), 2), "the third would wait for a core, and one core for it")
	require.Equal(t, 2, chooseJobs(equal(50), 2))
	require.Equal(t, 8, chooseJobs(equal(64), 8))
	require.Equal(t, 1, chooseJobs([]float64{1, 1, 1, 100}, 2), "a long one at the end")
	require.Equal(t, 1, chooseJobs(equal(9), 1))
}

func TestAbout(t *testing.T) {
	for want, d := range map[string]time.Duration{
		"0 s": 0, "99 s": 99 * time.Second, "2 min": 100 * time.Second, "99 min": 99*time.Minute + 20*time.Second,
		"1 h 40 min": 100 * time.Minute, "12 h 05 min": 12*time.Hour + 5*time.Minute,
	} {
		require.Equal(t, want, about(d))
	}
}

// What takes longer costs more.
func TestCosts(t *testing.T) {
	estimates := costs{}
	cost := func(change func(*Depth)) float64 {
		d := tiny(t)
		d.Depths, d.Methods, d.Seeds = []int{3}, []Method{"s+fu"}, 1
		change(d)
		task := cellsOf(t, d)[0].Task
		require.NoError(t, task.Load(new(run.Shelf)))
		c, err := estimates.of(task)
		require.NoError(t, err)
		return c
	}
	plain := cost(func(*Depth) {})
	require.Equal(t, plain, cost(func(d *Depth) { d.Base.Seed = 5 }))
	require.InDelta(t, 2*plain, cost(func(d *Depth) { d.Base.Epochs = 4 }), plain/1000)
	require.Greater(t, cost(func(d *Depth) { d.Depths = []int{9} }), 2*plain)
	require.Less(t, cost(func(d *Depth) { d.Methods = []Method{"bp"} }), plain)
	require.Greater(t, cost(func(d *Depth) { d.Methods = []Method{"ipc"} }), plain)
}
