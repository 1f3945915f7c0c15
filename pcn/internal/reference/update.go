package reference

import "fmt"

// An Update says when the parameters move, and by which gradient.
type Update string

const (
	// Settled moves them once, after the relaxation, by the gradient of
	// sum E_i(h_i, f_i(h_sources)) at the latents reached.
	Settled Update = "settled"

	// Forward moves them once, too, by the gradient of
	// sum E_i(h_i, f_i(h0_sources)): inputs and slopes are those of the forward
	// initialisation.
	Forward Update = "forward"

	// Incremental moves them after every relaxation step by the gradient of
	// that step's energy. With BatchNorm the last of the T updates is a settled
	// one, in which the running statistics move and the latents do not.
	Incremental Update = "incremental"

	// Backprop is the baseline: the gradient of the output's energy through
	// the forward pass, no relaxation.
	Backprop Update = "backprop"
)

func (u Update) check() error {
	switch u {
	case Settled, Forward, Incremental, Backprop:
		return nil
	}
	return fmt.Errorf("unknown update %q", u)
}

// weightDerivatives evaluates the energy whose parameter gradient is the
// weight update: all levels, precision 1 and node weight 1. It is the
// weight-update phase, in which running statistics move.
func (ph *phase) weightDerivatives() derivatives {
	sources := ph.h
	if ph.trainer.hyper.Update == Forward {
		sources = ph.h0
	}
	return ph.trainer.net.derive(ph.x, ph.h, sources, 0, unit, ph.trainer.pass(true))
}

// update makes one optimiser step by d's parameter gradient averaged over the
// batch.
func (tr *Trainer) update(d derivatives, batch int) *UpdateTrace {
	u := &UpdateTrace{
		NodeEnergy:  d.energy,
		TotalEnergy: d.total,
		WeightGrad:  d.params.scaled(1 / float64(batch)),
	}
	u.ZeroGradParams = u.WeightGrad.Zero()
	u.Rate = tr.optimizer.Step(tr.params, u.WeightGrad)
	u.ParamsAfter = tr.params.Clone()
	return u
}
