package kernels

import (
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

type countTask struct {
	ran     []atomic.Int64
	workers int
}

func (c *countTask) Run(worker, workers int) {
	c.ran[worker].Add(1)
	if worker == 0 {
		c.workers = workers
	}
}

func TestPoolRunsEveryWorkerOnce(t *testing.T) {
	for _, size := range []int{1, 2, 3, 7, 2*runtime.GOMAXPROCS(0) + 1} {
		p := NewPool(size)
		require.Equal(t, size, p.Size())
		task := &countTask{ran: make([]atomic.Int64, size)}
		for range 200 {
			p.Run(task)
		}
		for i := range task.ran {
			require.EqualValues(t, 200, task.ran[i].Load())
		}
		require.Equal(t, size, task.workers)
		p.Close()
		p.Close()
		require.PanicsWithValue(t, "kernels: Run on a closed Pool", func() { p.Run(task) })
	}
}

// TestPoolWakesParkedWorkers leaves the workers idle until they must have
// parked.
func TestPoolWakesParkedWorkers(t *testing.T) {
	p := NewPool(3)
	defer p.Close()
	task := &countTask{ran: make([]atomic.Int64, 3)}
	for range 5 {
		p.Run(task)
		for parked := 0; parked < 2; {
			runtime.Gosched()
			parked = 0
			for i := 1; i < 3; i++ {
				if p.waiters[i].parked.Load() {
					parked++
				}
			}
		}
	}
	require.EqualValues(t, 5, task.ran[2].Load())
}

func TestPoolCloseEndsGoroutines(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 10 {
		NewPool(4).Close()
	}
	require.LessOrEqual(t, runtime.NumGoroutine(), before)
}

func TestPoolRunAllocatesNothing(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	task := &countTask{ran: make([]atomic.Int64, 2)}
	require.Zero(t, testing.AllocsPerRun(100, func() { p.Run(task) }))
}
