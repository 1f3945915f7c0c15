package main

import (
	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/tune/measure"
)

// hot measures packed products from 128 on with every worker busy, each on
// operands of its own, as a share of the peak of all threads: what workers take
// from each other shows against the share of one.
func hot(h *kernels.Handle, s *settings, t *table) error {
	shapes, err := s.productShapes()
	if err != nil {
		return err
	}
	for _, workers := range []int{1, s.workersOr(0)} {
		m := measure.NewMeter(h.ISA(), workers)
		defer m.Close()
		var jobs []job
		for _, shape := range shapes {
			if min(shape.m, shape.k, shape.n) < 128 {
				continue
			}
			j := job{row: row{Kernel: "hot", Op: kernels.NN.String(), Shape: shape.String(), Packed: true, ISA: h.ISA().String(), Workers: workers}}
			var parts []func()
			for range workers {
				c := measure.NewProduct(kernels.NN, shape.m, shape.k, shape.n).Packed(h, nil)
				parts, j.flops = append(parts, c.Run), j.flops+c.FLOPs
			}
			j.run = m.Parallel(parts...)
			jobs = append(jobs, j)
		}
		for _, r := range race(m, s, jobs) {
			t.add(r)
		}
	}
	return t.err
}
