package pcn

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// A barrier is where workers that run at the same time wait for each other. It
// can be used any number of times.
type barrier struct {
	arrived atomic.Int64
	round   atomic.Uint64
	lock    sync.Mutex
	wake    sync.Cond
}

// barrierSpins bounds how long a worker looks before it sleeps, about half a
// millisecond: waking it takes up to a fifth of that.
const barrierSpins = 1 << 16

// wait returns when so many workers have called it.
func (b *barrier) wait(workers int) {
	round := b.round.Load()
	if b.arrived.Add(1) == int64(workers) {
		b.arrived.Store(0)
		b.lock.Lock()
		b.round.Add(1)
		b.lock.Unlock()
		b.wake.Broadcast()
		return
	}
	if runtime.GOOS != "js" && runtime.GOMAXPROCS(0) >= workers {
		for i := range barrierSpins {
			if b.round.Load() != round {
				return
			}
			if i&63 == 63 {
				runtime.Gosched()
			}
		}
	}
	b.lock.Lock()
	for b.round.Load() == round {
		b.wake.Wait()
	}
	b.lock.Unlock()
}
