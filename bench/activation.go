package main

import (
	"math/rand/v2"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/tune/measure"
)

// elements is a vector that stays in L1 with its results.
const elements = 2048

// activations are value, slope and both of every activation, in ns an element
// at the fastest clock seen. Each worker has vectors of its own.
func activations(h *kernels.Handle, m *measure.Meter, _ *settings, group func([]job) error) error {
	limit := bandwidth(m, 3*4*elements).Copy // one source, two results
	list := make([]*activationVectors, m.Pool().Size())
	for i := range list {
		list[i] = newActivationVectors()
	}
	var jobs []job
	add := func(name, op string, streams int, run func(h *kernels.Handle, v *activationVectors)) {
		jobs = append(jobs, vectorJob(h, m, elements, streams, list, run))
		jobs[len(jobs)-1].row.name(name, op, "2048", limit)
	}
	add("exp", "value", 2, func(h *kernels.Handle, v *activationVectors) { h.Exp(v.value, v.src) })
	for _, act := range kernels.Activations() {
		add(act.String(), "value", 2, func(h *kernels.Handle, v *activationVectors) { h.Activate(act, v.value, nil, v.src) })
		add(act.String(), "slope", 2, func(h *kernels.Handle, v *activationVectors) { h.Activate(act, nil, v.slope, v.src) })
		add(act.String(), "both", 3, func(h *kernels.Handle, v *activationVectors) { h.Activate(act, v.value, v.slope, v.src) })
	}
	return group(jobs)
}

// activationVectors are a worker's.
type activationVectors struct{ src, value, slope []float32 }

func newActivationVectors() *activationVectors {
	v := &activationVectors{kernels.NewVector(elements), kernels.NewVector(elements), kernels.NewVector(elements)}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range v.src {
		v.src[i] = 4 * float32(r.NormFloat64())
	}
	return v
}
