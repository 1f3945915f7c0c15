package kernels

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// A Task is work that a [Pool] splits among its workers.
type Task interface {
	// Run does the share of worker number worker of workers.
	Run(worker, workers int)
}

// A Pool is a fixed set of workers that wait for tasks. Nothing in this module
// starts a goroutine except NewPool, and Close ends them. A Pool serves one
// goroutine at a time.
type Pool struct {
	size    int
	spins   int
	task    Task
	started atomic.Uint64 // number of the task handed out last
	pending atomic.Int64  // workers that have not finished it
	waiters []poolWaiter
	closed  bool
	done    sync.WaitGroup
}

// poolWaiter is where one worker sleeps; padded so that workers do not share a
// cache line.
type poolWaiter struct {
	wake   chan struct{}
	parked atomic.Bool
	_      [48]byte
}

// NewPool is [Handle.NewPool] of the default handle.
func NewPool(size int) *Pool { return Default().NewPool(size) }

// NewPool starts a pool of so many workers, the caller of Run being one of
// them; size < 1 means GOMAXPROCS. Idle workers spin as long as the handle's
// profile says; at GOMAXPROCS 1, and so on wasm, there is nobody to wait for.
func (h *Handle) NewPool(size int) *Pool {
	if size < 1 {
		size = runtime.GOMAXPROCS(0)
	}
	p := &Pool{size: size, waiters: make([]poolWaiter, size)}
	if runtime.GOMAXPROCS(0) > 1 {
		p.spins = h.profile.Spins
	}
	for i := 1; i < size; i++ {
		p.waiters[i].wake = make(chan struct{}, 1)
		p.done.Add(1)
		go p.work(i)
	}
	return p
}

// Size returns the number of workers, the caller included.
func (p *Pool) Size() int { return p.size }

// Run hands t to every worker and returns when all have finished. It does not
// allocate. It panics on a closed pool.
func (p *Pool) Run(t Task) {
	if p.closed {
		panic("kernels: Run on a closed Pool")
	}
	if p.size == 1 {
		t.Run(0, 1)
		return
	}
	p.post(t)
	t.Run(0, p.size)
	for i := 0; p.pending.Load() > 0; i++ {
		pause(i)
	}
}

// Close ends the workers and waits for them. A second Close does nothing.
func (p *Pool) Close() {
	if p.closed {
		return
	}
	p.closed = true
	if p.size > 1 {
		p.post(nil)
	}
	p.done.Wait()
}

func (p *Pool) post(t Task) {
	p.task = t
	p.pending.Store(int64(p.size - 1))
	p.started.Add(1)
	for i := 1; i < p.size; i++ {
		if w := &p.waiters[i]; w.parked.CompareAndSwap(true, false) {
			w.wake <- struct{}{}
		}
	}
}

func (p *Pool) work(i int) {
	defer p.done.Done()
	w := &p.waiters[i]
	for seen := uint64(1); ; seen++ {
		p.await(w, seen)
		t := p.task
		if t == nil {
			return
		}
		t.Run(i, p.size)
		p.pending.Add(-1)
	}
}

// await returns when task number seen has been posted. A worker announces that
// it parks and then looks once more: either it sees the task, or post sees the
// announcement. Being woken is not proof of a new task: where post was held up
// before it looked at this worker, the worker may have finished that task and
// parked again in the meantime.
func (p *Pool) await(w *poolWaiter, seen uint64) {
	for {
		for i := range p.spins {
			if p.started.Load() >= seen {
				return
			}
			pause(i)
		}
		w.parked.Store(true)
		if p.started.Load() >= seen && w.parked.CompareAndSwap(true, false) {
			return
		}
		<-w.wake
		if p.started.Load() >= seen {
			return
		}
	}
}

// pause lets other goroutines run every so often, so that spinning cannot
// starve the worker it waits for.
func pause(i int) {
	if i&63 == 63 {
		runtime.Gosched()
	}
}
