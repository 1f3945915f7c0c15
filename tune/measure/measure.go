// Package measure says how fast work runs as a share of what the cores could do
// at that very moment.
//
// On a shared machine the speed of a core changes within milliseconds, by up to
// two times. So a kernel runs for about 0.2 ms between two bursts of
// register-only multiply-adds on the same number of threads, and what counts is
// its rate over the mean rate of the two. Pairs whose bursts differ by more
// than 3 % are dropped. A round is the median of its ratios; neighbours that
// only fill the caches show in no burst, so of several rounds the best counts,
// and the distance to the worst is the spread.
package measure

import (
	"time"

	"github.com/gopcn/gopcn/kernels"
)

// A Meter measures one tier on a fixed number of threads.
type Meter struct {
	isa  kernels.ISA
	pool *kernels.Pool
	load burstTask
}

// NewMeter starts the threads. The peak is that of the tier's own registers.
func NewMeter(isa kernels.ISA, threads int) *Meter {
	m := &Meter{isa: isa, pool: kernels.NewPool(threads)}
	m.load = burstTask{isa: isa, rate: make([]float64, m.pool.Size())}
	return m
}

// Close ends the threads.
func (m *Meter) Close() { m.pool.Close() }

// Pool is where work of several threads runs, the threads of the bursts.
func (m *Meter) Pool() *kernels.Pool { return m.pool }

// Parallel makes one of parts that the meter's threads do at the same time, one
// each.
func (m *Meter) Parallel(parts ...func()) func() {
	if len(parts) == 1 {
		return parts[0]
	}
	return func() { m.pool.Run(together(parts)) }
}

// together is a task with a part for each worker.
type together []func()

func (t together) Run(worker, _ int) { t[worker]() }

// burstTurns is about 0.1 ms of multiply-adds.
const burstTurns = 25000

type burstTask struct {
	isa  kernels.ISA
	rate []float64
}

func (b *burstTask) Run(worker, _ int) {
	start := time.Now()
	flops := burst(b.isa, burstTurns)
	b.rate[worker] = flops / time.Since(start).Seconds() / 1e9
}

// Burst returns the peak of all threads now, in GFLOP/s.
func (m *Meter) Burst() float64 {
	m.pool.Run(&m.load)
	total := 0.0
	for _, r := range m.load.rate {
		total += r
	}
	return total
}

// transposed is what transposing reads: a block of 16 rows and 40 factors.
var transposed = kernels.NewVector(128)

// Transposing is a contestant that does what limits a product of ten columns
// whose vectors must be made of rows: four terms of a vector's rows are loaded
// and transposed for ten multiply-adds of each, always from the same place. Its
// share is the bound of that mix of instructions. The tier must have one: false
// for portable Go.
func (m *Meter) Transposing() (Contestant, bool) {
	const turns = 4000
	flops := transposing(m.isa, 1) * turns
	return Contestant{Run: func() { transposing(m.isa, turns) }, FLOPs: flops}, flops > 0
}
