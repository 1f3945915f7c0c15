package pcn

import (
	"math"

	"github.com/gopcn/gopcn/kernels"
)

// updater moves the weights: gradients, optimiser and packing, split over the
// rows of the weight matrices. A worker does all that concerns its rows; only
// the feedback packs, which need whole columns, wait for the others. Nobody has
// the rows of parameters that are frozen.
type updater struct {
	groups []group
	rows   [][]span // by worker, spans of groups: rows of W, or channels
	cols   [][]span // by worker, spans of groups with a feedback pack: its columns

	count int // optimiser steps made
	sgd   kernels.SGDStep
}

// A group is the parameters that are split together: those of a layer or those
// of a norm.
type group struct {
	layer  *layer // nil for a norm
	norm   *norm
	params []*param
}

func newUpdater(cfg *Config, nodes []nodeState, workers int) updater {
	var u updater
	var extent, cost, packExtent, packCost []int
	for i := range nodes {
		for k := range nodes[i].stages {
			s := &nodes[i].stages[k]
			if d := s.layer; d != nil {
				g := group{layer: d, params: []*param{d.w}}
				if d.b != nil {
					g.params = append(g.params, d.b)
				}
				u.groups = append(u.groups, g)
				rows, columns := d.w.value.Rows, 0
				if !d.feedback.absent() {
					columns = d.feedback.columns()
				}
				if d.w.frozen {
					rows, columns = 0, 0
				}
				extent, cost = append(extent, rows), append(cost, d.w.value.Cols*d.positions)
				packExtent = append(packExtent, columns)
				packCost = append(packCost, len(d.feedback.memory)/max(columns, 1))
			}
			if m := s.norm; m != nil {
				u.groups = append(u.groups, group{norm: m, params: []*param{m.gamma, m.beta}})
				channels := m.channels
				if m.gamma.frozen {
					channels = 0
				}
				extent, cost = append(extent, channels), append(cost, 1)
				packExtent, packCost = append(packExtent, 0), append(packCost, 0)
			}
		}
	}
	unit := cfg.Kernels.PanelColumns()
	u.rows = shares(extent, cost, unit, workers)
	u.cols = shares(packExtent, packCost, unit, workers)
	return u
}

// gradient computes the span's rows of a weight gradient, the energy's
// derivative divided by the batch size:
//
//	dW = scale delta^T input,  db = scale sum of delta
//
// with scale = -1/(batch b), each element one chain over the samples. The sums
// that are a norm's gradients are there.
func (l *lane) gradient(g *group, p *gradientPlan, s span, n int, scale float32, second bool) {
	if !p.active {
		for _, q := range g.params {
			clear(q.part(q.gradient(second), s))
		}
		return
	}
	if g.norm != nil {
		from := &l.t.lanes[0].norms[g.norm.number]
		for i, sums := range [...][]float32{from.products, from.sums} {
			dst := g.params[i].part(g.params[i].gradient(second), s)
			copy(dst, sums[s.lo:s.hi])
			l.k.Scale(dst, scale)
		}
		return
	}
	d := g.layer
	var b []float32
	if d.b != nil {
		b = d.b.gradient(second).Row(0)
	}
	l.weightGradient(d, d.w.gradient(second), b, p.delta.RowRange(0, n), p.input.RowRange(0, n), s.lo, s.hi, scale)
}

// gradient is where a gradient goes: that of the second relaxation of centred
// nudging has a place of its own.
func (p *param) gradient(second bool) kernels.Matrix {
	if second {
		return p.other
	}
	return p.grad
}

// average puts the mean of the two gradients of centred nudging in the first.
func (l *lane) average(g *group, s span) {
	for _, p := range g.params {
		sum, other := p.part(p.grad, s), p.part(p.other, s)
		l.k.Add(sum, sum, other)
		l.k.Scale(sum, 0.5)
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
func (g *group) note(s span) {
	for _, p := range g.params {
		if p.nonzero.Load() {
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
	g := &u.groups[s.number]
	for _, p := range g.params {
		l.optimiseParam(p, s, u)
	}
	if g.layer != nil && l.t.moves(g.layer.w) {
		g.layer.forward.refresh(l.k, s.lo, s.hi)
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
	for i := range u.groups {
		for _, p := range u.groups[i].params {
			if p.frozen || o.SkipZero == SkipFull && !p.nonzero.Load() {
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
