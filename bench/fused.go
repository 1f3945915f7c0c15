package main

import (
	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/tune/measure"
)

// fusedActivations are those that libraries fuse too.
var fusedActivations = []kernels.Activation{kernels.ReLU, kernels.Tanh, kernels.GELU}

// fused are products with each kind of epilogue, W packed, beside the same in
// two passes: the product and then what the epilogue does. Layers, u = f(x W^T +
// b), come with each activation.
func fused(h *kernels.Handle, m *measure.Meter, s *settings, group func([]job) error) error {
	shapes, err := s.productShapes()
	if err != nil {
		return err
	}
	for _, shape := range shapes {
		p := measure.NewProduct(kernels.NT, shape.m, shape.k, shape.n)
		var jobs []job
		for _, pair := range fusedPairs(shape.m, shape.n) {
			var parts, unfused []func()
			lo := 0
			for _, part := range p.Parts(m.Pool().Size()) {
				e := pair.epilogue
				if part.N == p.N {
					e = epilogueRows(e, lo, lo+part.M)
					lo += part.M
				} else {
					e = epilogueColumns(e, lo, lo+part.N)
					lo += part.N
				}
				start := kernels.Epilogue{Bias: e.Bias}
				product := part.Packed(h, &start)
				parts = append(parts, part.Packed(h, &e).Run)
				unfused = append(unfused, func() {
					product.Run()
					h.Apply(part.Result(), &e)
				})
			}
			jobs = append(jobs, job{
				row: row{
					Kernel: pair.kernel, Op: p.Op.String(), Act: pair.act(), Shape: shape.String(), Packed: true,
					ISA: h.ISA().String(), Workers: m.Pool().Size(),
				},
				run: m.Parallel(parts...), unfused: m.Parallel(unfused...), flops: p.FLOPs(),
			})
		}
		if err := group(jobs); err != nil {
			return err
		}
	}
	return nil
}

// A fusedPair is an epilogue to be measured fused and apart.
type fusedPair struct {
	kernel   string
	epilogue kernels.Epilogue
}

// act is the name of the activation, if there is one.
func (p *fusedPair) act() string {
	if p.epilogue.Kind == kernels.LatentUpdate {
		return ""
	}
	return p.epilogue.Act.String()
}

// fusedPairs are the epilogues of a product of m x n as a relaxation uses them:
// the prediction of a layer, its error with and without the slope, and the
// update of its latents, whose activation is another product's business.
func fusedPairs(m, n int) []fusedPair {
	bias := kernels.NewVector(n)
	next := func() kernels.Matrix {
		x := kernels.NewMatrix(m, n)
		measure.Randomise(x.Data)
		return x
	}
	latent, velocity, err, slope := next(), next(), next(), next()
	var list []fusedPair
	for _, act := range fusedActivations {
		list = append(list, fusedPair{"fused", kernels.Epilogue{Kind: kernels.Activate, Act: act, Bias: bias}})
	}
	list = append(list, fusedPair{"fused slope", kernels.Epilogue{Kind: kernels.Activate, Act: kernels.GELU, Bias: bias, Slope: slope}})
	for _, act := range fusedActivations {
		list = append(list, fusedPair{"fused error", kernels.Epilogue{
			Kind: kernels.PredictionError, Act: act, Bias: bias, Coeff: 1, Latent: latent, ErrorSlope: slope,
		}})
	}
	return append(list, fusedPair{"fused latents", kernels.Epilogue{
		Kind: kernels.LatentUpdate, Latent: latent, Error: err, Velocity: velocity, Momentum: 0.1, Nesterov: true,
	}})
}

// matrices are those of an epilogue.
func matrices(e *kernels.Epilogue) []*kernels.Matrix {
	return []*kernels.Matrix{&e.Slope, &e.Latent, &e.ErrorSlope, &e.Error, &e.Prior, &e.Velocity}
}

// epilogueRows is the epilogue of rows lo to hi-1.
func epilogueRows(e kernels.Epilogue, lo, hi int) kernels.Epilogue {
	for _, x := range matrices(&e) {
		if x.Data != nil {
			*x = x.RowRange(lo, hi)
		}
	}
	return e
}

// epilogueColumns is the epilogue of columns lo to hi-1.
func epilogueColumns(e kernels.Epilogue, lo, hi int) kernels.Epilogue {
	for _, x := range matrices(&e) {
		if x.Data != nil {
			*x = measure.Columns(*x, lo, hi)
		}
	}
	if e.Bias != nil {
		e.Bias = e.Bias[lo:hi]
	}
	return e
}
