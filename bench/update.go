package main

import (
	"fmt"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/tune/measure"
)

// updateVectors are what an update reads and writes, a worker's own: weights,
// gradient and moments, or latents, errors, velocities and feedback.
type updateVectors struct{ a, b, c, d kernels.Matrix }

func newUpdateVectors(n int) *updateVectors {
	v := &updateVectors{}
	for _, x := range []*kernels.Matrix{&v.a, &v.b, &v.c, &v.d} {
		*x = kernels.Matrix{Rows: 1, Cols: n, Stride: n, Data: kernels.NewVector(n)}
		measure.Randomise(x.Data)
	}
	for i := range v.d.Data { // second moments
		v.d.Data[i] *= v.d.Data[i]
	}
	return v
}

// updates are what moves weights and latents, in vectors that fit L1, L2, and
// no cache. They are bound by the memory that they go through.
func updates(h *kernels.Handle, m *measure.Meter, _ *settings, group func([]job) error) error {
	workers := m.Pool().Size()
	for _, n := range []int{1 << 10, 1 << 14, max(1<<20, 1<<23/workers)} {
		list := make([]*updateVectors, workers)
		for i := range list {
			list[i] = newUpdateVectors(n)
		}
		var jobs []job
		for _, u := range updateKinds {
			b := bandwidth(m, 4*n*(u.read+u.rewritten))
			streams := u.read + 2*u.rewritten
			limit := float64(streams) / (float64(u.read)/b.Read + 2*float64(u.rewritten)/b.Rewrite)
			j := vectorJob(h, m, n, streams, list, u.run)
			j.row.name("update", u.name, fmt.Sprint(n), limit)
			jobs = append(jobs, j)
		}
		if err := group(jobs); err != nil {
			return err
		}
	}
	return nil
}

// Rates of 0 keep the numbers finite for ever.
var (
	adamStep     = kernels.NewAdamStep(0, 0.9, 0.999, 1e-8, 0, 1)
	sgdStep      = kernels.SGDStep{}
	momentumStep = kernels.SGDStep{Momentum: 0.9, Nesterov: true}
)

// updateKinds have vectors that they read and others that they rewrite.
var updateKinds = []struct {
	name            string
	read, rewritten int
	run             func(*kernels.Handle, *updateVectors)
}{
	{"adamw", 1, 3, func(h *kernels.Handle, v *updateVectors) { h.AdamW(v.a.Data, v.c.Data, v.d.Data, v.b.Data, &adamStep) }},
	{"sgd", 1, 1, func(h *kernels.Handle, v *updateVectors) { h.SGD(v.a.Data, nil, v.b.Data, &sgdStep) }},
	{"sgd momentum", 1, 2, func(h *kernels.Handle, v *updateVectors) { h.SGD(v.a.Data, v.c.Data, v.b.Data, &momentumStep) }},
	{"latents", 2, 2, func(h *kernels.Handle, v *updateVectors) {
		e := kernels.Epilogue{Kind: kernels.LatentUpdate, Latent: v.a, Error: v.b, Velocity: v.c, Momentum: 0.1, Nesterov: true}
		h.Apply(v.d, &e)
	}},
	{"axpy", 1, 1, func(h *kernels.Handle, v *updateVectors) { h.Axpy(v.a.Data, 0, v.b.Data) }},
}
