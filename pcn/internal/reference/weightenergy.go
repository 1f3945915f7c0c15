package reference

// WeightEnergy returns the energy that the weight gradient of a traced batch is
// the derivative of, as a function of the trainer's parameters: latents,
// precisions and wavefront are those of the trace, whatever the parameters are.
// Only the nodes of one level count, since the parameters of a level enter no
// other energies; backpropagation has the loss, whatever the level.
//
// The trace belongs to a trainer of the same network, settings and running
// statistics, whose parameters did not move during the batch.
func (tr *Trainer) WeightEnergy(trace *BatchTrace, x, y *Tensor, level int) float64 {
	batch := float64(x.Shape[0])
	if tr.hyper.Update == Backprop {
		out := tr.net.Output()
		return out.Energy.value(y, tr.net.forward(x, tr.pass(false))[out.Name]) / batch
	}
	total := 0.0
	for i, nu := range tr.hyper.Nudging.phases() {
		total += tr.phaseEnergy(trace.Phases[i], x, level) / nu.b
	}
	return total / float64(len(trace.Phases)) / batch
}

// phaseEnergy is the share of one relaxation, summed over the batch.
func (tr *Trainer) phaseEnergy(ph *PhaseTrace, x *Tensor, level int) float64 {
	h := ph.H0.Clone()
	h[tr.net.Output().Name] = ph.OutputTarget
	total := 0.0
	for _, step := range ph.Steps {
		if tr.hyper.Update == Incremental && level >= step.StartLevel {
			total += tr.levelEnergy(x, h, h, level, func(n *Node) float64 { return step.Precision[level] * n.Weight })
		}
		for name, latent := range step.Latents {
			h[name] = latent
		}
	}
	switch {
	case tr.hyper.Update == Forward:
		total += tr.levelEnergy(x, h, ph.H0, level, unit)
	case tr.hyper.Update == Settled || ph.SettledUpdate != nil:
		total += tr.levelEnergy(x, h, h, level, unit)
	}
	return total
}

// levelEnergy is the weighted energy of the nodes of a level at latents h, with
// the sources' values s.
func (tr *Trainer) levelEnergy(x *Tensor, h, s Tensors, level int, factor func(*Node) float64) float64 {
	total := 0.0
	for _, node := range tr.net.Nodes {
		if node.Level == level {
			u, _ := tr.net.predict(node, x, s, tr.pass(false))
			total += factor(node) * node.Energy.value(h[node.Name], u)
		}
	}
	return total
}
