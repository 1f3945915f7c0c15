package main

import (
	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/tune/measure"
)

// together runs a product of its own on each worker.
type together []func()

func (t together) Run(worker, _ int) { t[worker]() }

// hot measures packed products from 128 on with every worker busy, each on
// operands of its own, as a share of the peak of all threads: what workers take
// from each other shows against the share of one.
func hot(h *kernels.Handle, s *settings) ([]row, error) {
	shapes, err := s.productShapes()
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, workers := range []int{1, s.workers} {
		meter := measure.NewMeter(h.ISA(), workers)
		var contestants []measure.Contestant
		first := len(rows)
		for _, shape := range shapes {
			if min(shape.m, shape.k, shape.n) < 128 {
				continue
			}
			var all together
			flops := 0.0
			for range workers {
				c := productOf(h, kernels.NN, shape, true, nil)
				all, flops = append(all, c.Run), flops+c.FLOPs
			}
			contestants = append(contestants, measure.Contestant{Run: func() { meter.Pool().Run(all) }, FLOPs: flops})
			rows = append(rows, row{Kernel: "hot", Op: kernels.NN.String(), Shape: shape.String(), Packed: true, ISA: h.ISA().String(), Workers: workers})
		}
		for i, r := range meter.Rounds(s.rounds, s.time, contestants...) {
			row := &rows[first+i]
			row.GFLOPS, row.Peak, row.Ratio, row.Spread, row.Kept = r.GFLOPS, r.Peak, r.Ratio, r.Spread, r.Kept
		}
		meter.Close()
	}
	return rows, nil
}
