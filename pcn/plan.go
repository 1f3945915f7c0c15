package pcn

import (
	"slices"

	"github.com/gopcn/gopcn/kernels"
)

// A plan says, for every relaxation step and for the weight update, which
// nodes do what. It is worked out once, because it does not depend on the data:
// where no latent and no weight has moved yet, errors are exactly zero and
// predictions are exactly what they were in the forward initialisation.
type plan struct {
	steps    []stepPlan
	settled  []errorPlan // unit precision, at the relaxed latents: energies, settled update
	final    updatePlan  // incremental updates have one only behind a norm, besides those of the steps
	unfrozen []normPlan  // all norms, by the forward initialisation, where it moves running statistics
	back     []backPlan  // backpropagation, from the output down
}

// A backPlan is a node's error in backpropagation.
type backPlan struct {
	node  int
	feeds bool // a source wants it
	to    int  // the last of the stages it is taken back through
}

// A stepPlan is one relaxation step: all errors, then all latents at once.
type stepPlan struct {
	start  int // lowest level of the wavefront
	errors []errorPlan
	backs  []int // nodes whose feedback is a product of its own
	moves  []movePlan
	norms  []normPlan // norms that the step evaluates, if their running statistics move
	update updatePlan // incremental updates only
}

// An errorPlan is the error e = coeff (h - u) of a node.
type errorPlan struct {
	node  int
	coeff float32 // precision x node weight
	reuse bool    // u is h0, and the initial tape that of the prediction
	delta bool    // the error is taken back through the node's stages
	to    int     // the last of them
}

// A movePlan moves the latents of a node by its error and its children's
// feedback.
type movePlan struct {
	node  int
	first bool  // it has not moved yet
	own   bool  // its own error takes part
	prior []int // children whose feedback comes first
	last  int   // child whose feedback comes last, -1 for none
	fused bool  // the feedback of last is a product that moves the latents
	keep  bool  // the latents are kept as they were, for the weight gradient
}

// An updatePlan is a weight gradient.
type updatePlan struct {
	errors    []errorPlan    // to be computed first; none where the step's serve
	gradients []gradientPlan // of every layer and norm, in canonical order
	norms     []normPlan     // whose running statistics move
}

// A gradientPlan is dW = -delta^T input / batch, db = -sum of delta / batch of a
// layer. The gradients of a norm are by-products of its error.
type gradientPlan struct {
	delta, input kernels.Matrix
	active       bool // otherwise the gradient is exactly zero
}

// A normPlan says which tape has the batch statistics of a norm.
type normPlan struct {
	norm *norm
	tape int
}

// shortcuts are what makes a plan fast. Tests switch them off to show that
// they change nothing.
type shortcuts struct {
	skip  bool // leave out errors that are exactly zero
	reuse bool // take h0 for predictions that equal it
	fuse  bool // move latents in the epilogue of the feedback
	front bool // leave out levels below the wavefront
}

var allShortcuts = shortcuts{skip: true, reuse: true, fuse: true, front: true}

// planner works a plan out, step by step.
type planner struct {
	net      *Network
	cfg      *Config
	nodes    []nodeState
	children [][]int
	use      shortcuts
	x        kernels.Matrix

	moved   []bool // latents that are no longer h0
	weights []bool // nodes whose weights are no longer those of the initialisation
	kept    bool   // inputs of gradients are latents kept from before the step
}

func newPlan(net *Network, cfg *Config, nodes []nodeState, x kernels.Matrix, use shortcuts) *plan {
	p := &planner{
		net: net, cfg: cfg, nodes: nodes, children: net.children(), use: use, x: x,
		moved: make([]bool, len(nodes)), weights: make([]bool, len(nodes)),
		kept: cfg.Rule == IPC,
	}
	result := &plan{steps: make([]stepPlan, cfg.Steps)}
	settles := cfg.Rule == IPC && net.normalised() // the last update is a settled one
	if settles {
		result.steps = result.steps[:cfg.Steps-1]
	}
	levels, layered := net.Levels(), net.Layered()
	for t := range result.steps {
		start := 0
		if layered && use.front {
			start = max(levels-1-t, 0)
		}
		result.steps[t] = p.step(t, start, levels)
	}
	result.settled = p.errors(0, func(int) float32 { return 1 }, func(int) bool { return false })
	forward := p.norms(0, func(int) bool { return true })
	if cfg.NormUnfrozen {
		result.unfrozen = forward
	}
	switch {
	case cfg.Rule == PC || settles:
		p.kept = false
		result.final = p.final(result.settled)
		if settles {
			// Energies are asked for after this update.
			for i := range nodes {
				p.weights[i] = nodes[i].learns()
			}
			result.settled = p.errors(0, func(int) float32 { return 1 }, func(int) bool { return false })
		}
	case cfg.Rule == BP:
		result.back = p.back()
		for i := range nodes {
			result.final.gradients = p.gradients(result.final.gradients, i, nodes[i].learns(), true)
		}
		result.final.norms = forward
	}
	return result
}

func (p *planner) output() int { return len(p.nodes) - 1 }

// fixed reports whether the sources of a node are what they were in the
// forward initialisation.
func (p *planner) fixed(i int) bool {
	for _, s := range p.nodes[i].Sources {
		if s != Input && p.moved[s] {
			return false
		}
	}
	return true
}

// active reports whether the error of a node can be other than zero.
func (p *planner) active(i, start int) bool {
	if p.nodes[i].Level < start {
		return false
	}
	return !p.use.skip || i == p.output() || p.moved[i] || p.weights[i] || !p.fixed(i)
}

// errors plans the errors of all active nodes from level start on.
func (p *planner) errors(start int, coeff func(int) float32, delta func(int) bool) []errorPlan {
	var list []errorPlan
	for i := range p.nodes {
		if p.active(i, start) {
			list = append(list, errorPlan{
				node: i, coeff: coeff(i), delta: delta(i),
				reuse: p.use.reuse && p.fixed(i) && !p.weights[i],
			})
		}
	}
	return list
}

func (p *planner) step(t, start, levels int) stepPlan {
	coeff := func(i int) float32 {
		return float32(p.cfg.Precision.at(p.nodes[i].Level, levels, t, p.cfg.Steps) * p.nodes[i].Weight)
	}
	delta := func(i int) bool {
		return p.nodes[i].hasNodeSource() || p.cfg.Rule == IPC && p.nodes[i].learns()
	}
	s := stepPlan{start: start, errors: p.errors(start, coeff, delta)}
	active := make([]*errorPlan, len(p.nodes))
	for k := range s.errors {
		active[s.errors[k].node] = &s.errors[k]
	}
	if p.cfg.NormUnfrozen {
		s.norms = p.norms(start, func(i int) bool { return active[i] == nil || active[i].reuse })
	}
	s.moves = p.moves(active)
	s.backs = p.backs(active, s.moves)
	if p.cfg.Rule == IPC {
		for i := range p.nodes {
			learns := p.nodes[i].learns()
			s.update.gradients = p.gradients(s.update.gradients, i, learns && active[i] != nil, active[i] == nil || active[i].reuse)
			// Without SkipZero, moments and weight decay move all weights.
			if learns && (active[i] != nil || p.cfg.Optimizer.SkipZero == SkipOff) {
				p.weights[i] = true
			}
		}
	}
	for _, m := range s.moves {
		p.moved[m.node] = true
	}
	return s
}

// moves plans the latents that an error or feedback reaches.
func (p *planner) moves(active []*errorPlan) []movePlan {
	var list []movePlan
	for i := range p.nodes[:p.output()] {
		m := movePlan{node: i, first: !p.moved[i], own: active[i] != nil, last: -1}
		for _, c := range p.children[i] {
			if active[c] == nil {
				continue
			}
			if m.last >= 0 {
				m.prior = append(m.prior, m.last)
			}
			m.last = c
			if p.cfg.Rule == IPC && !active[c].reuse && len(p.nodes[c].Sources) == 1 {
				m.keep = true
			}
		}
		if !m.own && m.last < 0 {
			continue
		}
		m.fused = p.use.fuse && m.last >= 0 && p.nodes[m.last].takesProduct()
		list = append(list, m)
	}
	return list
}

// backs lists the active nodes whose feedback is needed on its own.
func (p *planner) backs(active []*errorPlan, moves []movePlan) []int {
	fused := make([]bool, len(p.nodes))
	for _, m := range moves {
		if m.fused {
			fused[m.last] = true
		}
	}
	var list []int
	for i := range p.nodes {
		if active[i] != nil && !fused[i] && p.nodes[i].hasNodeSource() && p.nodes[i].first().layer != nil {
			list = append(list, i)
		}
	}
	return list
}

// final plans the one weight update of a batch.
func (p *planner) final(settled []errorPlan) updatePlan {
	var u updatePlan
	active := make([]bool, len(p.nodes))
	reuse := make([]bool, len(p.nodes))
	for _, e := range settled {
		// Statistics move with the weights, frozen ones too.
		n := &p.nodes[e.node]
		if !n.learns() && !n.normalised() {
			continue
		}
		if p.cfg.Update == Forward {
			// e = h - h0 is zero unless the node's own latents moved.
			if p.use.skip && e.node != p.output() && !p.moved[e.node] {
				continue
			}
			e.reuse = true
		}
		e.delta, e.to = n.learns(), n.lowestLearner()
		active[e.node], reuse[e.node] = true, e.reuse
		u.errors = append(u.errors, e)
	}
	for i := range p.nodes {
		u.gradients = p.gradients(u.gradients, i, active[i] && p.nodes[i].learns(), reuse[i])
	}
	u.norms = p.norms(0, func(i int) bool { return !active[i] || reuse[i] })
	return u
}

// back plans the errors of backpropagation. Levels that do not learn are below
// all that do and need none.
func (p *planner) back() []backPlan {
	lowest := p.cfg.lowestTrained(p.net)
	var list []backPlan
	for i := range slices.Backward(p.nodes) {
		if p.nodes[i].Level >= lowest {
			wants := func(s int) bool { return s != Input && p.nodes[s].Level >= lowest }
			b := backPlan{node: i, feeds: slices.ContainsFunc(p.nodes[i].Sources, wants)}
			if !b.feeds && p.nodes[i].learns() {
				b.to = p.nodes[i].lowestLearner()
			}
			list = append(list, b)
		}
	}
	return list
}

// norms lists the norms of all nodes from level start on, with the tape of their
// latest statistics: the initial one or the current.
func (p *planner) norms(start int, isInitial func(int) bool) []normPlan {
	var list []normPlan
	for i := range p.nodes {
		n := &p.nodes[i]
		for k := range n.stages {
			if m := n.stages[k].norm; m != nil && n.Level >= start {
				tape := current
				if isInitial(i) {
					tape = initial
				}
				list = append(list, normPlan{m, tape})
			}
		}
	}
	return list
}

// gradients appends the gradients of the layers and norms of a node; reuse says
// that its prediction is the initial one.
func (p *planner) gradients(list []gradientPlan, i int, active, reuse bool) []gradientPlan {
	n := &p.nodes[i]
	t := &n.tapes[current]
	if reuse {
		t = &n.tapes[initial]
	}
	for k := range n.stages {
		s := &n.stages[k]
		if s.layer != nil {
			g := gradientPlan{delta: s.delta, active: active}
			if k > 0 {
				g.input = t.result[k-1]
			} else {
				g.input = p.input(n, t, reuse)
			}
			list = append(list, g)
		}
		if s.norm != nil {
			list = append(list, gradientPlan{active: active})
		}
	}
	return list
}

// input is the input of a node's first stage.
func (p *planner) input(n *nodeState, t *tape, reuse bool) kernels.Matrix {
	switch {
	case len(n.Sources) > 1:
		return t.input
	case n.Sources[0] == Input:
		return p.x
	case reuse, !p.kept && !p.moved[n.Sources[0]]:
		return p.nodes[n.Sources[0]].h0
	case p.kept:
		return p.nodes[n.Sources[0]].old
	}
	return p.nodes[n.Sources[0]].h
}
