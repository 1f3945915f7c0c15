package pcn

import "github.com/gopcn/gopcn/kernels"

// reset starts a relaxation: latents at their forward values, velocities at 0.
// The output's latents are the clamp's business.
func (l *lane) reset() {
	nodes := l.t.nodes
	for i := range nodes[:len(nodes)-1] {
		l.copy(nodes[i].h, nodes[i].h0)
		clear(l.flat(nodes[i].velocity))
	}
}

// step makes one relaxation step: first the errors of all nodes, then all
// latents move at once.
func (l *lane) step(p *stepPlan) {
	l.errors(p.errors)
	for _, i := range p.backs {
		n := &l.t.nodes[i]
		l.epilogue = kernels.Epilogue{}
		l.product(l.rows(n.back), l.rows(n.first().delta), &n.first().dense.feedback)
	}
	for i := range p.moves {
		l.move(&p.moves[i])
	}
}

func (l *lane) errors(list []errorPlan) {
	for i := range list {
		l.error(&list[i])
	}
}

// error computes e = coeff (h - u) of a node, u = f(sources), and if the plan
// asks for it the error at the input of each stage's activation.
func (l *lane) error(p *errorPlan) {
	n := &l.t.nodes[p.node]
	last := n.last()
	t := &n.tapes[current]
	switch {
	case p.reuse:
		t = &n.tapes[initial]
		l.errorOf(n, p, n.h0, t)
	case n.u.Data != nil:
		in := l.inner(n, t, l.input(n, current), p.delta)
		l.apply(last, n.u, t.slope[len(n.stages)-1], in)
		l.errorOf(n, p, n.u, t)
	default:
		in := l.inner(n, t, l.input(n, current), p.delta)
		l.epilogue = kernels.Epilogue{
			Kind: kernels.PredictionError, Act: last.act, Coeff: p.coeff, Latent: l.rows(n.h),
		}
		if p.delta && last.sloped() {
			l.epilogue.ErrorSlope = l.rows(last.delta)
		}
		if last.dense != nil {
			l.epilogue.Bias = last.dense.bias()
			l.product(l.rows(n.e), l.rows(in), &last.dense.forward)
		} else {
			l.copy(n.e, in)
			l.k.Apply(l.rows(n.e), &l.epilogue)
		}
	}
	if p.delta {
		l.deltas(n, t)
	}
}

// errorOf computes the error against a prediction u that is there already,
// with the slopes of tape t.
func (l *lane) errorOf(n *nodeState, p *errorPlan, u kernels.Matrix, t *tape) {
	if n.u.Data != nil {
		l.k.CrossEntropyError(l.rows(n.e), l.rows(u), l.rows(n.h), p.coeff)
	} else {
		l.copy(n.e, u)
		l.epilogue = kernels.Epilogue{Kind: kernels.PredictionError, Coeff: p.coeff, Latent: l.rows(n.h)}
		l.k.Apply(l.rows(n.e), &l.epilogue)
	}
	if p.delta && n.last().sloped() {
		l.mul(n.last().delta, n.e, t.slope[len(n.stages)-1])
	}
}

// deltas takes the error back from the last stage to the first.
func (l *lane) deltas(n *nodeState, t *tape) {
	for k := len(n.stages) - 1; k > 0; k-- {
		s, below := &n.stages[k], &n.stages[k-1]
		from := s.delta
		if s.dense != nil {
			l.epilogue = kernels.Epilogue{}
			l.product(l.rows(below.delta), l.rows(s.delta), &s.dense.feedback)
			from = below.delta
		}
		l.mul(below.delta, from, t.slope[k-1])
	}
}

// move moves the latents of a node by its error and its children's feedback.
func (l *lane) move(p *movePlan) {
	n := &l.t.nodes[p.node]
	if p.keep {
		l.copy(n.old, n.h)
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
	l.epilogue = e
	switch {
	case p.fused:
		child := l.t.nodes[p.last].first()
		l.product(kernels.Matrix{}, l.rows(child.delta), &child.dense.feedback)
	case p.last >= 0:
		l.k.Apply(l.rows(l.t.nodes[p.last].back), &l.epilogue)
	default:
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
		l.k.Add(l.flat(n.prior), sum, l.flat(l.t.nodes[c].back))
		sum = l.flat(n.prior)
	}
	return l.rows(n.prior)
}
