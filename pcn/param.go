package pcn

import (
	"sync/atomic"

	"github.com/gopcn/gopcn/kernels"
)

// param is one parameter tensor with its gradient and moments, all laid out
// alike: a weight matrix is out x in, a bias 1 x out. The padding behind the
// columns is zero and stays so, so that a range of rows may be treated as one
// vector.
type param struct {
	name  string
	shape []int

	value kernels.Matrix
	grad  kernels.Matrix
	other kernels.Matrix // gradient of the second relaxation, with centred nudging

	first, second kernels.Matrix // SGD: velocity, none. Adam: m, v.
	steps         int            // optimiser steps that entered the moments

	nonzero atomic.Bool // the gradient has a value other than 0
	adam    kernels.AdamStep
}

// newParam makes room for a parameter. Optimiser and nudging decide what it
// needs.
func newParam(t Tensor, cfg *Config) *param {
	rows, cols := 1, t.Shape[0]
	if len(t.Shape) == 2 {
		rows, cols = t.Shape[0], t.Shape[1]
	}
	p := &param{name: t.Name, shape: t.Shape}
	p.value, p.grad = kernels.NewMatrix(rows, cols), kernels.NewMatrix(rows, cols)
	if cfg.Nudge == NudgeCentred && cfg.Rule == PC {
		p.other = kernels.NewMatrix(rows, cols)
	}
	if cfg.Optimizer.Kind != SGD {
		p.second = kernels.NewMatrix(rows, cols)
	}
	if cfg.Optimizer.Kind != SGD || cfg.Optimizer.Momentum != 0 {
		p.first = kernels.NewMatrix(rows, cols)
	}
	p.set(p.value, t.Data)
	return p
}

// set copies packed values into a matrix of the parameter.
func (p *param) set(m kernels.Matrix, data []float32) {
	for i := range m.Rows {
		copy(m.Row(i), data[i*m.Cols:(i+1)*m.Cols])
	}
}

// tensor copies a matrix of the parameter out.
func (p *param) tensor(m kernels.Matrix) Tensor {
	t := newTensor(p.name, p.shape...)
	if len(m.Data) > 0 {
		for i := range m.Rows {
			copy(t.Data[i*m.Cols:], m.Row(i))
		}
	}
	return t
}

// rowsOf returns rows lo to hi-1 of m, padding included, as one vector; nil of
// a matrix that is absent.
func rowsOf(m kernels.Matrix, lo, hi int) []float32 {
	if len(m.Data) == 0 {
		return nil
	}
	return m.Data[lo*m.Stride : hi*m.Stride]
}
