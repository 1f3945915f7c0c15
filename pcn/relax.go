package pcn

import "github.com/gopcn/gopcn/kernels"

// reset starts a relaxation: latents at their forward values, at rest. Nothing is
// copied, the first move starts from there. The output's latents are the clamp's
// business.
func (l *lane) reset() {
	for i := range l.nodes[:len(l.nodes)-1] {
		l.h[i] = l.nodes[i].h0
	}
}

// step makes one relaxation step: first the errors of all nodes, then all
// latents move at once.
func (l *lane) step(p *stepPlan) {
	l.errors(p.errors)
	l.moveStatistics(p.norms)
	for _, i := range p.backs {
		n := &l.t.nodes[i]
		l.epilogue = kernels.Epilogue{}
		l.feedback(n.first().layer, l.rows(n.back), l.rows(n.first().delta))
	}
	for i := range p.moves {
		l.move(&p.moves[i])
	}
}

func (l *lane) errors(list []errorPlan) {
	l.pass++
	for i := range list {
		l.error(&list[i])
	}
}

// error computes e = coeff (h - u) of a node, u = f(sources), and if the plan
// asks for it the error at the layer of each stage.
func (l *lane) error(p *errorPlan) {
	n := &l.t.nodes[p.node]
	last := len(n.stages) - 1
	which, fused := current, false
	switch s := n.last(); {
	case p.reuse:
		which = initial
		fused = l.initialError(p)
	case n.u.Data != nil:
		in := l.inner(n, current, l.input(n, current), p.delta)
		l.apply(n, last, current, n.u, in, p.delta)
		l.outputError(p, n.u)
	case s.pool == averagePool || s.pool == maxPool && !p.delta:
		in := l.inner(n, current, l.input(n, current), p.delta)
		l.apply(n, last, current, n.e, in, p.delta)
		l.compare(p, kernels.Identity, n.e, kernels.Matrix{})
	default:
		in := l.inner(n, current, l.input(n, current), p.delta)
		l.fusedError(p, in)
		fused = true
	}
	if p.delta {
		l.deltas(n, which, p.to, fused)
	}
}

// fusedError computes the error of a node in the same pass as its prediction,
// from the input of the last stage, and with a delta the error behind the
// stage's activation.
func (l *lane) fusedError(p *errorPlan, in kernels.Matrix) {
	n, h := &l.t.nodes[p.node], l.h[p.node]
	s := n.last()
	var slope kernels.Matrix
	if p.delta && s.sloped() {
		slope = s.delta
	}
	in, use := l.normalised(n, len(n.stages)-1, current, in)
	switch {
	case s.pool == maxPool:
		l.tally.passes++
		for lo := l.lo; lo < l.hi; lo += poolRows {
			hi := min(lo+poolRows, l.hi)
			wide := part(slope, lo, hi)
			active := l.activate(s, wide, part(in, lo, hi), use)
			l.k.PoolError(s.pooled, p.coeff, part(n.e, lo, hi), part(s.delta, lo, hi), part(h, lo, hi), active, wide)
		}
	case use != nil:
		l.tally.passes++
		l.k.NormaliseError(s.act, p.coeff, l.rows(n.e), l.rows(slope), l.rows(h), l.rows(in), use)
	case s.layer == nil:
		l.compare(p, s.act, in, slope)
	default:
		l.epilogue = kernels.Epilogue{
			Kind: kernels.PredictionError, Act: s.act, Coeff: p.coeff, Bias: s.layer.bias(),
			Latent: l.rows(h), ErrorSlope: l.rows(slope),
		}
		l.predict(s.layer, l.rows(n.e), l.rows(in))
	}
}

// initialError computes the error of a node against its forward value. With a
// delta it reports whether the error behind the last stage's activation, whose
// slope was kept then, is there too.
func (l *lane) initialError(p *errorPlan) bool {
	n := &l.t.nodes[p.node]
	if n.u.Data != nil {
		l.outputError(p, n.h0)
		return false
	}
	last := len(n.stages) - 1
	s, t := &n.stages[last], &n.tapes[initial]
	if !p.delta || !s.sloped() || s.pool == averagePool {
		l.compare(p, kernels.Identity, n.h0, kernels.Matrix{})
		return false
	}
	product := s.delta
	if s.pool == maxPool {
		product = s.product
	}
	l.tally.passes++
	rows := max(1, compareFloats/n.h0.Stride)
	for lo := l.lo; lo < l.hi; lo += rows {
		hi := min(lo+rows, l.hi)
		e := rowsOf(n.e, lo, hi)
		copy(e, rowsOf(n.h0, lo, hi))
		l.k.LatentError(e, rowsOf(product, lo, hi), rowsOf(l.h[p.node], lo, hi), e, rowsOf(t.slope[last], lo, hi), p.coeff)
	}
	if s.pool == maxPool {
		l.unpool(s, t, last, product)
	}
	return true
}

// outputError computes the error of an output with cross-entropy.
func (l *lane) outputError(p *errorPlan, u kernels.Matrix) {
	l.tally.passes++
	l.k.CrossEntropyError(l.rows(l.t.nodes[p.node].e), l.rows(u), l.rows(l.h[p.node]), p.coeff)
}

// compareFloats is how much of a prediction is copied and compared at a time, so
// that it is still in the cache. Where memory is the limit the copy costs nothing:
// it writes whole lines, which an error written elsewhere would read first.
const compareFloats = 1 << 13

// compare computes e = coeff (h - f(z)), and e f'(z) where slope is present, from
// z, which may be e itself.
func (l *lane) compare(p *errorPlan, f kernels.Activation, z, slope kernels.Matrix) {
	n, h := &l.t.nodes[p.node], l.h[p.node]
	l.tally.passes++
	rows := max(1, compareFloats/z.Stride)
	for lo := l.lo; lo < l.hi; lo += rows {
		hi := min(lo+rows, l.hi)
		e := part(n.e, lo, hi)
		if &z.Data[0] != &n.e.Data[0] {
			copy(flat(e), flat(part(z, lo, hi)))
		}
		l.epilogue = kernels.Epilogue{
			Kind: kernels.PredictionError, Act: f, Coeff: p.coeff, Latent: part(h, lo, hi), ErrorSlope: part(slope, lo, hi),
		}
		l.k.Apply(e, &l.epilogue)
	}
}

// move moves the latents of a node by its error and its children's feedback.
func (l *lane) move(p *movePlan) {
	n := &l.t.nodes[p.node]
	if p.keep {
		l.copy(n.old, l.h[p.node])
	}
	e := kernels.Epilogue{
		Kind:     kernels.LatentUpdate,
		Latent:   l.rows(n.h),
		Velocity: l.rows(n.velocity),
		Prior:    l.prior(n, p.prior),
		Rate:     l.t.cfg.LatentRate,
		Momentum: l.t.cfg.Momentum,
		Nesterov: l.t.cfg.Nesterov,
	}
	if p.own {
		e.Error = l.rows(n.e)
	}
	if p.first {
		e.Start = l.rows(n.h0)
		l.h[p.node] = n.h
	}
	l.epilogue = e
	switch {
	case p.fused:
		child := l.t.nodes[p.last].first()
		l.feedback(child.layer, kernels.Matrix{}, l.rows(child.delta))
	case p.last >= 0:
		l.tally.passes++
		l.k.Apply(l.rows(l.t.nodes[p.last].back), &l.epilogue)
	default:
		l.tally.passes++
		l.k.Apply(l.rows(l.t.zeros(n.width)), &l.epilogue)
	}
}

// prior sums the feedback of children in ascending order; absent for none.
func (l *lane) prior(n *nodeState, children []int) kernels.Matrix {
	switch len(children) {
	case 0:
		return kernels.Matrix{}
	case 1:
		return l.rows(l.t.nodes[children[0]].back)
	}
	sum := l.flat(l.t.nodes[children[0]].back)
	for _, c := range children[1:] {
		l.tally.passes++
		l.k.Add(l.flat(n.prior), sum, l.flat(l.t.nodes[c].back))
		sum = l.flat(n.prior)
	}
	return l.rows(n.prior)
}
