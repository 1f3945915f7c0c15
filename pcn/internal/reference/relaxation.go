package reference

// A LatentRule is the gradient descent of the latents: with gradient g and a
// velocity v that starts at 0 in each batch,
//
//	v = g + Momentum v
//	h -= Rate v, or Rate (g + Momentum v) with Nesterov
type LatentRule struct {
	Rate, Momentum float64
	Nesterov       bool
}

// wavefront returns the lowest level that enters at step t. The errors below
// are zero because nothing above has moved their latents yet.
func (n *Network) wavefront(t int) int {
	if !n.Layered() {
		return 0
	}
	return max(n.Levels-1-t, 0)
}

// relax makes relaxation step t: the gradient of the energy of that step,
// sum over levels >= start of p_i(t) w_i E_i, and then all latents at once. The
// parameters follow when the update is incremental.
func (ph *phase) relax(t int) *StepTrace {
	tr := ph.trainer
	start := tr.net.wavefront(t)
	if tr.hyper.AllLevels {
		start = 0
	}
	step := &StepTrace{T: t, StartLevel: start}
	for level := range tr.net.Levels {
		step.Precision = append(step.Precision, tr.hyper.Precision.At(level, tr.net.Levels, t, tr.hyper.T))
	}

	p := tr.pass(tr.hyper.Unfrozen)
	d := tr.net.derive(ph.x, ph.h, ph.h, start, func(node *Node) float64 {
		return step.Precision[node.Level] * node.Weight
	}, p)
	step.NodeEnergy, step.TotalEnergy = d.energy, d.total
	step.Prediction, step.Error, step.LatentGrad = d.prediction, d.error, d.latent
	delete(step.LatentGrad, tr.net.Output().Name)

	for name, g := range step.LatentGrad {
		tr.hyper.Latent.move(ph.h[name], ph.velocity[name], g)
	}
	step.Latents = ph.h.Clone()
	delete(step.Latents, tr.net.Output().Name)

	if tr.hyper.Unfrozen {
		step.Stats = tr.stats.Running.Clone()
	}
	if tr.hyper.Update == Incremental {
		step.Update = tr.update(d, ph.batch())
	}
	return step
}

// move makes one step of a latent.
func (r LatentRule) move(h, v, g *Tensor) {
	for k := range h.Data {
		v.Data[k] = g.Data[k] + r.Momentum*v.Data[k]
		if r.Nesterov {
			h.Data[k] -= r.Rate * (g.Data[k] + r.Momentum*v.Data[k])
		} else {
			h.Data[k] -= r.Rate * v.Data[k]
		}
	}
}
