package main

import (
	"math/rand/v2"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/tune/measure"
)

// elements is a vector that stays in L1 with its results.
const elements = 2048

// activations measures value, slope and both of every activation, in ns an
// element at the fastest clock seen.
func activations(h *kernels.Handle, meter *measure.Meter, s *settings) ([]row, error) {
	src, value, slope := kernels.NewVector(elements), kernels.NewVector(elements), kernels.NewVector(elements)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range src {
		src[i] = 4 * float32(r.NormFloat64())
	}
	var rows []row
	var contestants []measure.Contestant
	add := func(kernel, op string, run func()) {
		contestants = append(contestants, measure.Contestant{Run: run})
		rows = append(rows, row{Kernel: kernel, Op: op, Shape: "2048", ISA: h.ISA().String(), Workers: 1})
	}
	add("exp", "value", func() { h.Exp(value, src) })
	for _, act := range kernels.Activations() {
		add(act.String(), "value", func() { h.Activate(act, value, nil, src) })
		add(act.String(), "slope", func() { h.Activate(act, nil, slope, src) })
		add(act.String(), "both", func() { h.Activate(act, value, slope, src) })
	}
	for i, r := range meter.Rounds(s.rounds, s.time, contestants...) {
		rows[i].NS = r.Seconds / elements * 1e9
		rows[i].Peak, rows[i].Kept = r.Peak, r.Kept
	}
	return rows, nil
}
