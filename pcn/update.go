package pcn

import (
	"math"

	"github.com/gopcn/gopcn/kernels"
)

// updater moves the weights: gradients, optimiser and packing, split over the
// rows of the weight matrices. A worker does all that concerns its rows; only
// the feedback packs, which need whole columns, wait for the others.
type updater struct {
	denses []*dense
	rows   [][]span // by worker, spans of denses: rows of W
	below  []*dense // those with a feedback pack
	cols   [][]span // by worker, spans of below: columns

	count int // optimiser steps made
	adam  []kernels.AdamStep
	sgd   kernels.SGDStep
}

func newUpdater(cfg *Config, nodes []nodeState, workers int) updater {
	var u updater
	var extent, cost, packExtent, packCost []int
	for i := range nodes {
		for k := range nodes[i].stages {
			d := nodes[i].stages[k].dense
			if d == nil {
				continue
			}
			u.denses = append(u.denses, d)
			extent, cost = append(extent, d.w.value.Rows), append(cost, d.w.value.Cols)
			if !d.feedback.absent() {
				u.below = append(u.below, d)
				packExtent, packCost = append(packExtent, d.w.value.Cols), append(packCost, d.w.value.Rows)
			}
		}
	}
	unit := cfg.Kernels.PanelColumns()
	u.rows = shares(extent, cost, unit, workers)
	u.cols = shares(packExtent, packCost, unit, workers)
	u.adam = make([]kernels.AdamStep, len(u.denses))
	return u
}

// gradient computes the span's rows of a weight gradient, the energy's
// derivative divided by the batch size:
//
//	dW = scale delta^T input,  db = scale sum of delta
//
// with scale = -1/(batch b), each element one chain over the samples.
func (l *lane) gradient(g *gradientPlan, s span, n int, scale float32, second bool) {
	d := g.dense
	w := d.w.grad
	if second {
		w = d.w.other
	}
	var b []float32
	if d.b != nil {
		b = d.b.grad.Row(0)[s.lo:s.hi]
		if second {
			b = d.b.other.Row(0)[s.lo:s.hi]
		}
	}
	if !g.active {
		clear(rowsOf(w, s.lo, s.hi))
		clear(b)
		return
	}
	delta := g.delta.RowRange(0, n)
	delta.Data, delta.Cols = delta.Data[s.lo:], s.hi-s.lo
	l.epilogue = kernels.Epilogue{Scale: scale}
	l.k.MatMul(l.ws, kernels.TN, w.RowRange(s.lo, s.hi), delta, g.input.RowRange(0, n), &l.epilogue)
	if b != nil {
		l.k.ColumnSums(b, delta, scale)
	}
}

// average puts the mean of the two gradients of centred nudging in the first.
func (l *lane) average(d *dense, s span) {
	for _, p := range []*param{d.w, d.b} {
		if p == nil {
			continue
		}
		g, other := p.part(p.grad, s), p.part(p.other, s)
		l.k.Add(g, g, other)
		l.k.Scale(g, 0.5)
	}
}

// part is a span's share of a matrix of a parameter: rows of a weight matrix,
// columns of a bias.
func (p *param) part(m kernels.Matrix, s span) []float32 {
	switch {
	case len(m.Data) == 0:
		return nil
	case len(p.shape) == 1:
		return m.Data[s.lo:s.hi]
	}
	return rowsOf(m, s.lo, s.hi)
}

// note records whether the span's gradients hold anything but zeros.
func (d *dense) note(s span) {
	for _, p := range []*param{d.w, d.b} {
		if p == nil || p.nonzero.Load() {
			continue
		}
		for _, v := range p.part(p.grad, s) {
			if v != 0 {
				p.nonzero.Store(true)
				break
			}
		}
	}
}

// optimise moves the span's weights and packs them for predictions.
func (l *lane) optimise(u *updater, s span) {
	d := u.denses[s.number]
	l.optimiseParam(d.w, s, u)
	if d.b != nil {
		l.optimiseParam(d.b, s, u)
	}
	if l.t.moves(d.w) {
		d.forward.refresh(l.k, s.lo, s.hi)
	}
}

// moves reports whether the optimiser moves a parameter at all this time.
func (t *Trainer) moves(p *param) bool {
	return t.cfg.Optimizer.SkipZero == SkipOff || p.nonzero.Load()
}

func (l *lane) optimiseParam(p *param, s span, u *updater) {
	o := &l.t.cfg.Optimizer
	w, g := p.part(p.value, s), p.part(p.grad, s)
	m, v := p.part(p.first, s), p.part(p.second, s)
	if !l.t.moves(p) {
		if o.SkipZero == SkipUpdate {
			l.decay(m, v)
		}
		return
	}
	if o.Kind == SGD {
		l.k.SGD(w, m, g, &u.sgd)
		return
	}
	l.k.AdamW(w, m, v, g, &p.adam)
}

// decay is what a gradient of zero does to the moments.
func (l *lane) decay(m, v []float32) {
	o := &l.t.cfg.Optimizer
	if o.Kind == SGD {
		l.k.Scale(m, float32(o.Momentum))
		return
	}
	l.k.Scale(m, float32(o.Beta1))
	l.k.Scale(v, float32(o.Beta2))
}

// begin works out the scalars of the next optimiser step. Which tensors have a
// zero gradient must be known by then.
func (u *updater) begin(o *Optimizer) {
	rate := o.Rate.At(u.count)
	u.count++
	u.sgd = kernels.SGDStep{Rate: float32(rate), Momentum: float32(o.Momentum), Nesterov: o.Nesterov}
	decay := o.WeightDecay
	if o.Kind == Adam {
		decay = 0
	}
	for _, d := range u.denses {
		for _, p := range [...]*param{d.w, d.b} {
			if p == nil || o.SkipZero == SkipFull && !p.nonzero.Load() {
				continue
			}
			p.steps++
			if o.Kind != SGD {
				p.adam = kernels.NewAdamStep(rate, o.Beta1, o.Beta2, o.Eps, decay, p.steps)
			}
		}
	}
}

// gradientScale is -1/(batch b) in one rounding.
func gradientScale(batch int, b float64) float32 {
	s := float32(-1 / float64(float64(batch)*b))
	if math.IsInf(float64(s), 0) {
		panic("pcn: Beta is too small to divide by")
	}
	return s
}
