package reference

// A phase is one relaxation of a batch, from the forward initialisation to the
// weight gradient. Centred nudging has two a batch, everything else one.
type phase struct {
	trainer  *Trainer
	nudge    nudge
	x        *Tensor
	h0, h    Tensors
	velocity Tensors
}

func (ph *phase) batch() int { return ph.x.Shape[0] }

// runPhase carries out a phase. Unless the update is incremental it leaves the
// parameters alone and returns their gradient in the trace.
func (tr *Trainer) runPhase(x, y *Tensor, nu nudge) *PhaseTrace {
	ph := &phase{trainer: tr, nudge: nu, x: x}
	ph.h0 = tr.net.forward(x, tr.pass(tr.hyper.Unfrozen))
	ph.h = ph.h0.Clone()
	ph.velocity = ph.h.zerosLike()

	out := tr.net.Output().Name
	ph.h[out] = nu.target(ph.h0[out], y)

	trace := &PhaseTrace{H0: ph.h0.Clone(), OutputTarget: ph.h[out].Clone()}
	if !nu.clampToTarget {
		trace.Beta = &nu.b
	}
	if tr.hyper.Unfrozen {
		trace.StatsInit = tr.stats.Running.Clone()
	}

	for t := range tr.relaxationSteps() {
		trace.Steps = append(trace.Steps, ph.relax(t))
	}
	if tr.settlesIncrementally() {
		trace.SettledUpdate = tr.update(ph.weightDerivatives(), ph.batch())
	}

	// An energy that is only reported moves no statistics.
	settled := tr.net.derive(x, ph.h, ph.h, 0, unit, tr.pass(false))
	trace.SettledEnergy, trace.SettledTotal = settled.energy, settled.total

	if tr.hyper.Update != Incremental {
		d := ph.weightDerivatives()
		trace.WeightEnergy = d.energy
		trace.WeightGrad = d.params.scaled(1 / float64(ph.batch()) / nu.b)
	}
	return trace
}

// settlesIncrementally reports whether the last update of the batch is a
// settled one although the others are incremental.
func (tr *Trainer) settlesIncrementally() bool {
	return tr.hyper.Update == Incremental && tr.net.HasBatchNorm()
}

// relaxationSteps is T, or T-1 if a settled update takes the place of the last
// step.
func (tr *Trainer) relaxationSteps() int {
	if tr.settlesIncrementally() {
		return tr.hyper.T - 1
	}
	return tr.hyper.T
}
