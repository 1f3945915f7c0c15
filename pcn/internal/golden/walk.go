package golden

import (
	"fmt"

	"github.com/gopcn/gopcn/pcn/internal/reference"
)

func (c *comparer) row(path string, want *BatchRow, got *reference.BatchTrace) {
	if got == nil {
		if !c.partial {
			c.mismatch(path, "is missing")
		}
		return
	}
	c.number(path+".lr_w", Schedule, want.LR, got.Rate)
	c.equal(path+".w_count", want.UpdateCount, got.UpdateCount)
	c.tensor(path+".train_logits", Logit, "", want.TrainLogits, got.TrainLogits)
	c.number(path+".loss", Energy, want.Loss, got.Loss)
	if !c.sameCount(path+" phases", len(want.SettledTotal), len(got.Phases)) {
		return
	}
	for i, ph := range got.Phases {
		if ph == nil {
			if !c.partial {
				c.mismatch(path, "phase %d is missing", i)
			}
			continue
		}
		if first := firstStep(ph); first != nil && !(c.partial && first.NodeEnergy == nil) {
			c.number(fmt.Sprintf("%s.energy_t0[%d]", path, i), Energy, &want.EnergyT0[i], first.TotalEnergy)
		} else if !c.partial {
			c.mismatch(path, "phase %d has no first step", i)
		}
		if !(c.partial && ph.SettledEnergy == nil) {
			c.number(fmt.Sprintf("%s.settled_total[%d]", path, i), Energy, &want.SettledTotal[i], ph.SettledTotal)
		}
	}
}

func firstStep(ph *reference.PhaseTrace) *reference.StepTrace {
	if len(ph.Steps) == 0 {
		return nil
	}
	return ph.Steps[0]
}

func (c *comparer) firstBatch(want *FirstBatch, got *reference.BatchTrace) {
	if got == nil {
		return // row has said so
	}
	const path = "first_batch"
	c.tensors(path+".weight_grad", WeightGrad, want.WeightGrad, got.WeightGrad)
	c.tensors(path+".params_after", Param, want.ParamsAfter, got.ParamsAfter)
	c.tensors(path+".bn_state_after", Statistic, want.StatsAfter, got.StatsAfter)
	c.number(path+".loss", Energy, want.Loss, got.Loss)
	if len(got.Phases) != len(want.Phases) {
		return // row has said so
	}
	for i := range want.Phases {
		if got.Phases[i] != nil {
			c.phase(fmt.Sprintf("%s.phases[%d]", path, i), &want.Phases[i], got.Phases[i])
		}
	}
}

func (c *comparer) phase(path string, want *Phase, got *reference.PhaseTrace) {
	c.beta(path+".beta", want.Beta, got.Beta)
	c.tensors(path+".h0", Latent, want.H0, got.H0)
	c.tensor(path+".output_target", Latent, "", want.OutputTarget, got.OutputTarget)
	c.tensors(path+".bn_state_init", Statistic, want.StatsInit, got.StatsInit)
	c.energies(path+".settled_energy", want.SettledEnergy, got.SettledEnergy)
	c.energies(path+".weight_energy", want.WeightEnergy, got.WeightEnergy)
	if !(c.partial && got.SettledEnergy == nil) {
		c.number(path+".settled_total", Energy, want.SettledTotal, got.SettledTotal)
	}
	c.tensors(path+".weight_grad", WeightGrad, want.WeightGrad, got.WeightGrad)
	if u := want.SettledUpdate; u != nil {
		c.update(path+".settled_update", got.SettledUpdate, expectedUpdate{
			u.NodeEnergy, u.TotalEnergy, u.WeightGrad, u.ZeroGradParams, nil, u.LR,
		})
	}
	if c.sameCount(path+" steps", len(want.Steps), len(got.Steps)) {
		for t := range want.Steps {
			at := fmt.Sprintf("%s.steps[%d]", path, t)
			if got.Steps[t] != nil {
				c.step(at, &want.Steps[t], got.Steps[t])
			} else if !c.partial {
				c.mismatch(at, "is missing")
			}
		}
	}
}

func (c *comparer) step(path string, want *Step, got *reference.StepTrace) {
	c.equal(path+".t", want.T, got.T)
	c.equal(path+".start_level", *want.StartLevel, got.StartLevel)
	c.numbers(path+".precision", Schedule, want.Precision, got.Precision)
	c.energies(path+".node_energy", want.NodeEnergy, got.NodeEnergy)
	if !(c.partial && got.NodeEnergy == nil) {
		c.number(path+".total_energy", Energy, want.TotalEnergy, got.TotalEnergy)
	}
	c.latentGrads(path+".grad_h", want.GradH, got.LatentGrad)
	c.tensors(path+".h", Latent, want.H, got.Latents)
	c.tensors(path+".bn_state", Statistic, want.Stats, got.Stats)
	if want.WeightGrad != nil {
		c.update(path, got.Update, expectedUpdate{
			nil, nil, want.WeightGrad, want.ZeroGradParams, want.ParamsAfter, want.LR,
		})
	}
}

// expectedUpdate is what a step and a settled update have in common.
type expectedUpdate struct {
	energies    map[string]float64
	total       *float64
	weightGrad  map[string]*Tensor
	zeroGrads   []string
	paramsAfter map[string]*Tensor
	rate        *float64
}

func (c *comparer) update(path string, got *reference.UpdateTrace, want expectedUpdate) {
	if got == nil {
		if !c.partial {
			c.mismatch(path, "there is no weight update")
		}
		return
	}
	c.energies(path+".node_energy", want.energies, got.NodeEnergy)
	if !(c.partial && got.NodeEnergy == nil) {
		c.number(path+".total_energy", Energy, want.total, got.TotalEnergy)
	}
	c.tensors(path+".weight_grad", WeightGrad, want.weightGrad, got.WeightGrad)
	c.zeroGrads(path+".zero_grad_params", want.zeroGrads, got.ZeroGradParams)
	c.tensors(path+".params_after", Param, want.paramsAfter, got.ParamsAfter)
	c.number(path+".lr_w", Schedule, want.rate, got.Rate)
}
