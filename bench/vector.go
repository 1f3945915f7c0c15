package main

import (
	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/tune/measure"
)

// vectorJob is element-wise work on vectors, a set for each worker: n elements,
// of which so many streams are read or written. Several workers go over their
// vectors many times, so that it is not their hand-over that is measured.
func vectorJob[V any](h *kernels.Handle, m *measure.Meter, n, streams int, list []V, run func(*kernels.Handle, V)) job {
	workers, passes := len(list), 1
	if workers > 1 {
		passes = 1 + (1<<18)/n
	}
	var parts []func()
	for _, v := range list {
		parts = append(parts, func() {
			for range passes {
				run(h, v)
			}
		})
	}
	elements := float64(n) * float64(passes) * float64(workers)
	return job{
		row: row{ISA: h.ISA().String(), Workers: workers},
		run: m.Parallel(parts...), elements: elements, bytes: 4 * float64(streams) * elements,
		portable: func(generic *kernels.Handle) measure.Contestant {
			return measure.Contestant{Run: func() { run(generic, list[0]) }, FLOPs: float64(n)}
		},
	}
}

// name says what the row is about and what bounds it, in GB/s.
func (r *row) name(kernel, op, shape string, limit float64) {
	r.Kernel, r.Op, r.Shape, r.LimitGB = kernel, op, shape, limit
}
