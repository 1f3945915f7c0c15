package pcn

// heldGradients gathers the gradients of a batch that moves no weights.
type heldGradients struct{ sum []Tensor }

// Gradients returns the gradient that the rule has for a batch, before any
// optimiser: the derivative of the energy of the weight update (of the loss, with
// backpropagation) by each parameter, divided by the batch size. The tensors are
// in canonical order, with the names and shapes of [Trainer.Parameters]; those of
// levels that do not learn ([Config.TrainTop]) are zero.
//
// Incremental networks have the sum of the gradients of their steps, each at the
// latents of its time and all at the same weights: what the weights follow in the
// limit of a small learning rate.
//
// It relaxes as Step does and panics as Step does, but parameters, optimiser
// state and running statistics stay what they are.
func (t *Trainer) Gradients(s Samples) []Tensor {
	statistics := t.Statistics()
	held := &heldGradients{}
	t.held = held
	defer func() { t.held = nil }()
	t.Step(s)
	if err := t.SetStatistics(statistics); err != nil {
		panic(err) // they are the trainer's own
	}
	return held.sum
}

// hold computes the gradients of an update, adds them up and leaves the weights
// alone.
func (t *Trainer) hold(p *updatePlan, b float64) {
	t.gradients(p, b)
	t.job.phase = 0
	first := t.held.sum == nil
	for i, q := range t.params {
		g := q.tensor(q.grad)
		if first {
			t.held.sum = append(t.held.sum, g)
			continue
		}
		for k, v := range g.Data {
			t.held.sum[i].Data[k] += v
		}
	}
}
