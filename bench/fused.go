package main

import (
	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/tune/measure"
)

// fusedActivations are those that libraries fuse too.
var fusedActivations = []kernels.Activation{kernels.ReLU, kernels.Tanh, kernels.GELU}

// fused measures a layer, u = f(x W^T + b) with W packed, for each activation.
func fused(h *kernels.Handle, meter *measure.Meter, s *settings) ([]row, error) {
	shapes, err := s.productShapes()
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, shape := range shapes {
		var contestants []measure.Contestant
		for _, act := range fusedActivations {
			e := &kernels.Epilogue{Kind: kernels.Activate, Act: act, Bias: kernels.NewVector(shape.n)}
			contestants = append(contestants, productOf(h, kernels.NT, shape, true, e))
			rows = append(rows, row{Kernel: "fused", Op: kernels.NT.String(), Act: act.String(), Shape: shape.String(), Packed: true, ISA: h.ISA().String(), Workers: 1})
		}
		for i, r := range meter.Rounds(s.rounds, s.time, contestants...) {
			row := &rows[len(rows)-len(contestants)+i]
			row.GFLOPS, row.Peak, row.Ratio, row.Spread, row.Kept = r.GFLOPS, r.Peak, r.Ratio, r.Spread, r.Kept
		}
	}
	return rows, nil
}
