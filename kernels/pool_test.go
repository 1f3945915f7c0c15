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

// Close returns when the workers have done their last, which is a moment before
// the runtime stops counting them.
func TestPoolCloseEndsGoroutines(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 10 {
		NewPool(4).Close()
	}
	for tries := 0; runtime.NumGoroutine() > before && tries < 1e6; tries++ {
		runtime.Gosched()
	}
	require.LessOrEqual(t, runtime.NumGoroutine(), before)
}

func TestPoolRunAllocatesNothing(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	task := &countTask{ran: make([]atomic.Int64, 2)}
	require.Zero(t, testing.AllocsPerRun(100, func() { p.Run(task) }))
}

// A caller that is held up between posting a task and waking who sleeps may wake
// a worker that has finished that task meanwhile and sleeps again. It must not
// take this for the next task, or it would run the old one twice.
func TestPoolLateWake(t *testing.T) {
	p := &Pool{size: 2, waiters: make([]poolWaiter, 2)}
	w := &p.waiters[1]
	w.wake = make(chan struct{}, 1)
	p.started.Store(1)
	returned := make(chan uint64, 1)
	go func() {
		p.await(w, 2)
		returned <- p.started.Load()
	}()
	wake := func() {
		for !w.parked.CompareAndSwap(true, false) {
			require.Empty(t, returned, "there is no second task yet")
			runtime.Gosched()
		}
		w.wake <- struct{}{}
	}
	wake() // late, for the first task
	for !w.parked.Load() {
		require.Empty(t, returned, "there is no second task yet")
		runtime.Gosched()
	}
	p.started.Add(1)
	wake()
	require.EqualValues(t, 2, <-returned)
}
