package pcn

import (
	"sync/atomic"

	"github.com/gopcn/gopcn/kernels"
)

// param is one parameter tensor with its gradient and moments, all laid out
// alike: a weight matrix is out x in, a vector 1 x out. The padding behind the
// columns is zero and stays so, so that a range of rows may be treated as one
// vector.
type param struct {
	name  string
	shape []int

	// planes is the number of channels that lie side by side in a row of value
	// for each pixel. Outside, a row has channel after channel; see [param.set].
	planes int

	value kernels.Matrix
	grad  kernels.Matrix
	other kernels.Matrix // gradient of the second relaxation, with centred nudging

	first, second kernels.Matrix // SGD: velocity, none. Adam: m, v.
	steps         int            // optimiser steps that entered the moments
	frozen        bool           // does not learn

	nonzero atomic.Bool // the gradient has a value other than 0
	adam    kernels.AdamStep
}

// newParams makes the parameters of a network out of tensors in canonical order.
func newParams(net *Network, tensors []Tensor) []*param {
	var list []*param
	add := func(planes int) { list = append(list, newParam(tensors[len(list)], planes)) }
	net.walk(func(_ string, op Op, _ Shape, planes int) {
		if op.kind == OpBatchNorm {
			add(1)
			add(1)
			return
		}
		add(planes)
		if op.bias {
			add(1)
		}
	})
	return list
}

// newParam makes a parameter with its value alone.
func newParam(t Tensor, planes int) *param {
	rows, cols := 1, t.Shape[0]
	if len(t.Shape) > 1 {
		rows, cols = t.Shape[0], len(t.Data)/t.Shape[0]
	}
	p := &param{name: t.Name, shape: t.Shape, planes: planes, value: kernels.NewMatrix(rows, cols)}
	p.set(p.value, t.Data)
	return p
}

// learn makes room for what moves a parameter, which depends on optimiser and
// nudging.
func (p *param) learn(cfg *Config) {
	rows, cols := p.value.Rows, p.value.Cols
	p.grad = kernels.NewMatrix(rows, cols)
	if cfg.Nudge == NudgeCentred && cfg.Rule == PC {
		p.other = kernels.NewMatrix(rows, cols)
	}
	if cfg.Optimizer.Kind != SGD {
		p.second = kernels.NewMatrix(rows, cols)
	}
	if cfg.Optimizer.Kind != SGD || cfg.Optimizer.Momentum != 0 {
		p.first = kernels.NewMatrix(rows, cols)
	}
}

// set copies packed values into a matrix of the parameter. Inside, the channels
// of a pixel are neighbours, as they are in latents: a row counts kernel row,
// kernel column, channel, or height, width, channel behind a Flatten. Outside,
// the channel comes first.
func (p *param) set(m kernels.Matrix, data []float32) {
	for i := range m.Rows {
		toPixels(m.Row(i), data[i*m.Cols:(i+1)*m.Cols], p.planes)
	}
}

// toPixels reorders channel after channel to pixel after pixel.
func toPixels(dst, src []float32, channels int) {
	pixels := len(src) / channels
	for c := range channels {
		for i, v := range src[c*pixels : (c+1)*pixels] {
			dst[i*channels+c] = v
		}
	}
}

// toPlanes is the way back.
func toPlanes(dst, src []float32, channels int) {
	pixels := len(src) / channels
	for c := range channels {
		for i := range pixels {
			dst[c*pixels+i] = src[i*channels+c]
		}
	}
}

// tensor copies a matrix of the parameter out.
func (p *param) tensor(m kernels.Matrix) Tensor {
	t := newTensor(p.name, p.shape...)
	if len(m.Data) > 0 {
		for i := range m.Rows {
			toPlanes(t.Data[i*m.Cols:(i+1)*m.Cols], m.Row(i), p.planes)
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
