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
	"slices"
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

// Result is one contestant's figure.
type Result struct {
	Ratio   float64 // rate over peak: the best round's median
	Spread  float64 // best round less worst
	GFLOPS  float64 // median rate of the best round
	Peak    float64 // median peak of the best round, GFLOP/s on all threads
	Seconds float64 // of one run, scaled to the fastest burst seen
	Kept    int     // pairs that count, of all rounds
	All     int
}

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

// A Contestant is work of known size.
type Contestant struct {
	Run   func()
	FLOPs float64 // floating-point operations of one run; 0 if only time counts
}

// Rounds lets all contestants run in turn, each for the given time a round, and
// returns their results.
func (m *Meter) Rounds(rounds int, each time.Duration, list ...Contestant) []Result {
	results := make([]Result, len(list))
	worst := make([]float64, len(list))
	for round := range rounds {
		for i, c := range list {
			r := m.round(c, each)
			if r.Kept == 0 {
				results[i].All += r.All
				continue
			}
			kept, all := results[i].Kept+r.Kept, results[i].All+r.All
			if results[i].Kept == 0 || r.Ratio > results[i].Ratio {
				results[i] = r
			}
			if worst[i] == 0 || round == 0 || r.Ratio < worst[i] {
				worst[i] = r.Ratio
			}
			results[i].Kept, results[i].All = kept, all
		}
	}
	for i := range results {
		results[i].Spread = results[i].Ratio - worst[i]
		if list[i].FLOPs == 0 {
			results[i].Ratio, results[i].Spread, results[i].GFLOPS = 0, 0, 0
		}
	}
	return results
}

// round measures one contestant. The ratio of work without FLOPs is that of one
// operation, so that rounds still compare.
func (m *Meter) round(c Contestant, each time.Duration) Result {
	flops := c.FLOPs
	if flops == 0 {
		flops = 1
	}
	c.Run()
	c.Run()
	start := time.Now()
	c.Run()
	repeat := max(1, int(200*time.Microsecond/max(time.Since(start), 1)))
	type pair struct{ ratio, rate, peak float64 }
	var pairs []pair
	all := 0
	before := m.Burst()
	for end := time.Now().Add(each); time.Now().Before(end) || all < 9; all++ {
		start := time.Now()
		for range repeat {
			c.Run()
		}
		took := time.Since(start).Seconds()
		after := m.Burst()
		if before < 1.03*after && after < 1.03*before {
			rate, peak := flops*float64(repeat)/took/1e9, (before+after)/2
			pairs = append(pairs, pair{rate / peak, rate, peak})
		}
		before = after
	}
	if len(pairs) == 0 {
		return Result{All: all}
	}
	median := func(f func(pair) float64) float64 {
		v := make([]float64, len(pairs))
		for i, p := range pairs {
			v[i] = f(p)
		}
		slices.Sort(v)
		return v[len(v)/2]
	}
	r := Result{
		Ratio:  median(func(p pair) float64 { return p.ratio }),
		GFLOPS: median(func(p pair) float64 { return p.rate }),
		Peak:   median(func(p pair) float64 { return p.peak }),
		Kept:   len(pairs),
		All:    all,
	}
	fastest := 0.0
	for _, p := range pairs {
		fastest = max(fastest, p.peak)
	}
	r.Seconds = flops / (r.Ratio * fastest) / 1e9
	return r
}
