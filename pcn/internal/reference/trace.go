package reference

// A BatchTrace is everything that training one batch computed.
type BatchTrace struct {
	// Phases has one entry per relaxation, none for backprop.
	Phases []*PhaseTrace

	// TrainLogits is the output's prediction in the initial forward pass.
	TrainLogits *Tensor

	// Loss is backprop's loss, summed over the batch.
	Loss float64

	// WeightGrad is the gradient given to the optimiser and Rate the learning
	// rate it used. With incremental updates see the steps instead.
	WeightGrad Tensors
	Rate       float64

	// UpdateCount is the number of optimiser steps so far.
	UpdateCount int

	ParamsAfter, StatsAfter Tensors
}

// TotalWeightGrad returns WeightGrad or, with incremental updates, the sum of the
// gradients of all updates.
func (b *BatchTrace) TotalWeightGrad() Tensors {
	if b.WeightGrad != nil {
		return b.WeightGrad
	}
	var sum Tensors
	add := func(u *UpdateTrace) {
		if sum == nil {
			sum = u.WeightGrad.Clone()
			return
		}
		for name, g := range u.WeightGrad {
			sum[name].add(1, g)
		}
	}
	for _, ph := range b.Phases {
		for _, s := range ph.Steps {
			add(s.Update)
		}
		if ph.SettledUpdate != nil {
			add(ph.SettledUpdate)
		}
	}
	return sum
}

// A PhaseTrace is one relaxation.
type PhaseTrace struct {
	// Beta is the signed nudge, nil when the output is clamped to y.
	Beta *float64

	// H0 are the latents after the forward initialisation, with the output's
	// prediction; OutputTarget is what the output was clamped to.
	H0           Tensors
	OutputTarget *Tensor

	// StatsInit are the running statistics after initialisation if unfrozen.
	StatsInit Tensors

	Steps []*StepTrace

	// SettledUpdate is the last update of an incremental batch with BatchNorm.
	SettledUpdate *UpdateTrace

	// SettledEnergy are the energies of all nodes after the last step, and
	// SettledTotal their sum, both without precisions and node weights.
	SettledEnergy map[string]float64
	SettledTotal  float64

	// WeightEnergy are the node energies whose gradient WeightGrad is; nil for
	// incremental updates.
	WeightEnergy map[string]float64
	WeightGrad   Tensors
}

// A StepTrace is one relaxation step. Energies, predictions, errors and
// gradients belong to the state before it, latents to the state after it.
type StepTrace struct {
	T          int
	StartLevel int

	// Precision is p_i(t) by level.
	Precision []float64

	// NodeEnergy has the unweighted energies of the nodes that entered,
	// TotalEnergy is the weighted sum.
	NodeEnergy  map[string]float64
	TotalEnergy float64

	// Prediction and Error are u_i and e_i of the nodes that entered.
	Prediction, Error Tensors

	// LatentGrad and Latents are of all nodes but the output.
	LatentGrad, Latents Tensors

	// Stats are the running statistics after the step if unfrozen.
	Stats Tensors

	// Update is set for incremental updates.
	Update *UpdateTrace
}

// An UpdateTrace is one optimiser step of an incremental batch.
type UpdateTrace struct {
	NodeEnergy     map[string]float64
	TotalEnergy    float64
	WeightGrad     Tensors
	ZeroGradParams []string
	Rate           float64
	ParamsAfter    Tensors
}

// A Run is a sequence of batches, with the network's outputs in evaluation
// mode before and after.
type Run struct {
	LogitsInitial, LogitsFinal *Tensor
	Batches                    []*BatchTrace
	Params, Stats              Tensors
}
