package pcn

import "github.com/gopcn/gopcn/kernels"

// Work is how many floating-point operations the products and convolutions of a
// batch take, a multiplication and an addition counting as two. What is done
// element by element is not counted.
type Work struct {
	// Necessary is what the plan of a trainer does: no errors that are zero, no
	// predictions that are known, no taps outside an image.
	Necessary float64

	// Nominal is what the definition does: in each relaxation step a prediction
	// and the feedback of every layer, with all taps.
	Nominal float64
}

// Work returns the operations of a batch of so many samples.
func (t *Trainer) Work(samples int) Work {
	c := workCounter{t: t}
	for i := range t.nodes {
		c.predict(i)
	}
	phases := max(1, len(t.cfg.Nudge.signs()))
	if t.cfg.Rule == BP {
		c.backprop()
		phases = 1
	}
	for range phases {
		for i := range t.plan.steps {
			c.step(&t.plan.steps[i])
		}
		c.errors(t.plan.final.errors)
		c.gradients(&t.plan.final)
	}
	return Work{
		Necessary: 2 * float64(samples) * float64(c.terms),
		Nominal:   2 * float64(samples) * float64(t.nominal(phases)),
	}
}

// workCounter adds up the terms of one sample's chains.
type workCounter struct {
	t     *Trainer
	terms int
}

// terms counts the terms of a sample's chains in one direction: all of them, or
// only those inside the image.
func (d *layer) terms(all bool) int {
	if d.conv == nil {
		return d.w.value.Rows * d.w.value.Cols
	}
	inside, padded := d.conv.Shape().Terms()
	if all {
		return padded
	}
	return inside
}

func (c *workCounter) add(d *layer) {
	if d != nil {
		c.terms += d.terms(false)
	}
}

// predict counts a prediction of a node.
func (c *workCounter) predict(node int) {
	for k := range c.t.nodes[node].stages {
		c.add(c.t.nodes[node].stages[k].layer)
	}
}

// deltas counts the way back through a node to a stage, but for the layer
// there.
func (c *workCounter) deltas(node, to int) {
	for k := range c.t.nodes[node].stages {
		if k > to {
			c.add(c.t.nodes[node].stages[k].layer)
		}
	}
}

func (c *workCounter) errors(list []errorPlan) {
	for _, e := range list {
		if !e.reuse {
			c.predict(e.node)
		}
		if e.delta {
			c.deltas(e.node, e.to)
		}
	}
}

func (c *workCounter) step(p *stepPlan) {
	c.errors(p.errors)
	for _, i := range p.backs {
		c.add(c.t.nodes[i].first().layer)
	}
	for _, m := range p.moves {
		if m.fused {
			c.add(c.t.nodes[m.last].first().layer)
		}
	}
	c.gradients(&p.update)
}

func (c *workCounter) gradients(p *updatePlan) {
	for i, g := range p.gradients {
		if g.active {
			c.add(c.t.updater.groups[i].layer)
		}
	}
}

func (c *workCounter) backprop() {
	for _, p := range c.t.plan.back {
		c.deltas(p.node, p.to)
		if p.feeds {
			c.add(c.t.nodes[p.node].first().layer)
		}
	}
}

// nominal counts the terms of a sample by the definition.
func (t *Trainer) nominal(phases int) int {
	all, back := 0, 0
	for i := range t.nodes {
		for k := range t.nodes[i].stages {
			if d := t.nodes[i].stages[k].layer; d != nil {
				all += d.terms(true)
				if !d.feedback.absent() {
					back += d.terms(true)
				}
			}
		}
	}
	switch {
	case t.cfg.Rule == BP:
		return all + back + all
	case t.cfg.Rule == IPC:
		return all + t.cfg.Steps*(all+back+all)
	}
	return all + phases*(t.cfg.Steps*(all+back)+all+all)
}

// Memory returns how many bytes a trainer's matrices take: latents, errors,
// predictions, parameters, gradients, moments and packed weights.
func (t *Trainer) Memory() int {
	seen := map[*float32]bool{}
	floats := 0
	vector := func(data []float32) {
		if len(data) > 0 && !seen[&data[0]] {
			seen[&data[0]] = true
			floats += len(data)
		}
	}
	matrices := func(list ...kernels.Matrix) {
		for _, m := range list {
			vector(m.Data)
		}
	}
	bytes := 0
	matrices(t.x, t.zero, t.sums[0][0], t.sums[0][1], t.sums[1][0], t.sums[1][1])
	for _, p := range t.params {
		matrices(p.value, p.grad, p.other, p.first, p.second)
	}
	for i := range t.nodes {
		n := &t.nodes[i]
		matrices(n.h, n.h0, n.old, n.velocity, n.e, n.back, n.prior, n.u)
		for k := range n.stages {
			s := &n.stages[k]
			matrices(s.delta, s.err, s.product)
			if d := s.layer; d != nil {
				vector(d.forward.memory)
				vector(d.feedback.memory)
				matrices(d.partial)
			}
		}
		for _, tape := range n.tapes {
			matrices(tape.input)
			matrices(tape.result...)
			matrices(tape.slope...)
			matrices(tape.x...)
			for _, w := range tape.winners {
				bytes += len(w.Data)
			}
		}
	}
	for i := range t.lanes {
		vector(t.lanes[i].active)
	}
	return bytes + 4*floats
}
