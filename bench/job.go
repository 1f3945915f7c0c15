package main

import (
	"time"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/tune/measure"
)

// A job is work that becomes a row.
type job struct {
	row row // its names
	run func()

	// What a run counts: floating-point operations, or else elements and the
	// bytes that they move.
	flops, elements, bytes float64

	// unfused does the same in two passes; nil if there is nothing to compare.
	unfused func()

	// portable is the same, or a part of it, in portable Go.
	portable func(h *kernels.Handle) measure.Contestant
}

// A jobList hands out jobs in groups, whose operands are in memory at the same
// time.
type jobList func(h *kernels.Handle, m *measure.Meter, s *settings, group func([]job) error) error

// count is what rates are made of.
func (j *job) count() float64 {
	if j.flops > 0 {
		return j.flops
	}
	return j.elements
}

// race measures a group of jobs in turn, each beside its unfused form.
func race(m *measure.Meter, s *settings, jobs []job) []row {
	var list []measure.Contestant
	for i := range jobs {
		list = append(list, measure.Contestant{Run: jobs[i].run, FLOPs: jobs[i].count()})
		if jobs[i].unfused != nil {
			list = append(list, measure.Contestant{Run: jobs[i].unfused, FLOPs: jobs[i].count()})
		}
	}
	results := m.Rounds(s.rounds, s.time, list...)
	var rows []row
	for i := range jobs {
		j, r := &jobs[i], results[0]
		results = results[1:]
		j.fill(r)
		if j.unfused != nil {
			if results[0].Ratio > 0 {
				j.row.Unfused = r.Ratio / results[0].Ratio
			}
			results = results[1:]
		}
		if s.portable && j.portable != nil && j.row.ISA != kernels.Generic.String() {
			if share := portableShare(m, j); share > 0 {
				j.row.Portable = r.Ratio / share
			}
		}
		rows = append(rows, j.row)
	}
	return rows
}

// fill takes over what was measured. The limit of work that is not counted in
// operations is the bandwidth of where its operands are.
func (j *job) fill(r measure.Result) {
	j.row.Peak, j.row.Kept = r.Peak, r.Kept
	if r.Kept == 0 {
		return
	}
	if j.flops > 0 {
		j.row.GFLOPS, j.row.Ratio, j.row.Spread = r.GFLOPS, r.Ratio, r.Spread
		return
	}
	j.row.NS = r.Seconds / j.elements * 1e9
	j.row.GBPerSecond = j.bytes / r.Seconds / 1e9
	if j.row.LimitGB > 0 {
		j.row.Ratio = j.row.GBPerSecond / j.row.LimitGB
		j.row.Spread = j.row.Ratio * r.Spread / r.Ratio
	}
}

// portableShare is the rate of the portable form on one thread for each worker,
// as a share of the same peak as the job's: the best of some short looks, since
// whatever else runs makes it slower.
func portableShare(m *measure.Meter, j *job) float64 {
	generic, err := kernels.For(kernels.Generic)
	if err != nil {
		return 0
	}
	c := j.portable(generic)
	share := 0.0
	for look := 0; look < 5 || look < 20 && share == 0; look++ {
		share = max(share, m.Turns(1, c)[0])
	}
	return share * float64(j.row.Workers) // all of which could do so
}

// portableFLOPs is about what portable Go does in two milliseconds.
const portableFLOPs = 1e6

// limits adds what this machine can do at best: the peak of its multiply-adds,
// what is left of it on a thread where operands must be transposed, and its
// bandwidths.
func limits(h *kernels.Handle, workers int, t *table) {
	m := measure.NewMeter(h.ISA(), workers)
	defer m.Close()
	best := 0.0
	for end := time.Now().Add(50 * time.Millisecond); time.Now().Before(end); {
		best = max(best, m.Burst())
	}
	t.add(row{Kernel: "peak", Op: "multiply-add", ISA: h.ISA().String(), Workers: workers, GFLOPS: best, Peak: best, Ratio: 1})
	if mix, ok := m.Transposing(); ok && workers == 1 {
		r := m.Rounds(5, 10*time.Millisecond, mix)[0]
		t.add(row{
			Kernel: "peak", Op: "transposing", ISA: h.ISA().String(), Workers: 1,
			GFLOPS: r.GFLOPS, Peak: r.Peak, Ratio: r.Ratio, Spread: r.Spread,
		})
	}
	for _, l := range levels(workers) {
		b := bandwidth(m, l.bytes)
		for _, direction := range []struct {
			op   string
			rate float64
		}{{"read", b.Read}, {"copy", b.Copy}, {"rewrite", b.Rewrite}} {
			t.add(row{Kernel: "bandwidth", Op: direction.op, Shape: l.name, ISA: h.ISA().String(), Workers: workers, GBPerSecond: direction.rate})
		}
	}
	t.end()
}
