package reference

import (
	"errors"
	"fmt"
	"slices"
)

// Hyper are the settings of training.
type Hyper struct {
	// T is the number of relaxation steps.
	T int

	Precision Precision
	Latent    LatentRule
	Update    Update
	Nudging   Nudging

	// BatchNorm says what training normalises by. Unfrozen moves running
	// statistics at initialisation and in every relaxation step that evaluates
	// a layer, besides the weight-update phase.
	BatchNorm BatchNormMode
	Unfrozen  bool

	Weights WeightRule

	// AllLevels makes every level enter at every step, wavefront or not.
	AllLevels bool
}

// Check says whether the settings can be used together with the network.
func (h Hyper) Check(n *Network) error {
	if err := h.Update.check(); err != nil {
		return err
	}
	if h.BatchNorm != BatchStatistics && h.BatchNorm != EMAStatistics {
		return fmt.Errorf("unknown BatchNorm mode %q", h.BatchNorm)
	}
	if h.BatchNorm == EMAStatistics && h.Unfrozen {
		return errors.New("running statistics that normalise (ema) must be frozen while relaxing")
	}
	if err := h.Nudging.Check(); err != nil {
		return err
	}
	if err := h.Weights.Check(); err != nil {
		return err
	}
	relaxes := h.Update != Backprop
	switch {
	case h.Nudging.Kind != NoNudge && h.Update == Incremental:
		return errors.New("incremental updates are not combined with nudging")
	case h.Nudging.Kind != NoNudge && !relaxes:
		return errors.New("backprop is not combined with nudging")
	case relaxes && h.T < 1:
		return fmt.Errorf("there must be at least one relaxation step, have T = %d", h.T)
	case relaxes && h.Precision == nil:
		return errors.New("there is no precision schedule")
	case relaxes:
		return h.Precision.Check(n.Levels, h.T)
	}
	return nil
}

// A Trainer holds a network with its parameters, running statistics and
// optimiser state.
type Trainer struct {
	net       *Network
	hyper     Hyper
	params    Tensors
	stats     *Statistics
	optimizer *Optimizer
}

// NewTrainer checks everything and starts from copies of params and running,
// the initial running statistics.
func NewTrainer(net *Network, hyper Hyper, params, running Tensors) (*Trainer, error) {
	if err := net.Validate(params, running); err != nil {
		return nil, err
	}
	if err := hyper.Check(net); err != nil {
		return nil, err
	}
	return &Trainer{
		net:       net,
		hyper:     hyper,
		params:    params.Clone(),
		stats:     NewStatistics(running, hyper.BatchNorm),
		optimizer: NewOptimizer(hyper.Weights),
	}, nil
}

// Params returns a copy of the parameters.
func (tr *Trainer) Params() Tensors { return tr.params.Clone() }

// Stats returns a copy of the running statistics.
func (tr *Trainer) Stats() Tensors { return tr.stats.Running.Clone() }

// ContinueStatistics says that the running statistics have moved before, so that
// [EMAStatistics] blends with them from the first batch on.
func (tr *Trainer) ContinueStatistics() {
	for _, node := range tr.net.Nodes {
		for _, op := range node.Ops {
			if b, ok := op.(BatchNorm); ok {
				tr.stats.moved[b.Mean] = true
			}
		}
	}
}

// pass returns a training evaluation that moves running statistics or not.
func (tr *Trainer) pass(move bool) *pass {
	return &pass{params: tr.params, stats: tr.stats, move: move}
}

// Logits returns the output's prediction in evaluation mode.
func (tr *Trainer) Logits(x *Tensor) (*Tensor, error) {
	if err := checkBatch("x", x, tr.net.InputShape); err != nil {
		return nil, err
	}
	h := tr.net.forward(x, &pass{params: tr.params, stats: tr.stats, evaluation: true})
	return h[tr.net.Output().Name], nil
}

// TrainBatch trains on one batch of inputs x and targets y.
func (tr *Trainer) TrainBatch(x, y *Tensor) (*BatchTrace, error) {
	out := tr.net.Output()
	if err := checkBatch("x", x, tr.net.InputShape); err != nil {
		return nil, err
	}
	if err := checkBatch("y", y, out.Shape); err != nil {
		return nil, err
	}
	if x.Shape[0] != y.Shape[0] {
		return nil, fmt.Errorf("x has %d samples, y %d", x.Shape[0], y.Shape[0])
	}

	trace := &BatchTrace{}
	if tr.hyper.Update == Backprop {
		h, loss, grads := tr.net.backprop(x, y, tr.pass(true))
		trace.Loss, trace.TrainLogits = loss, h[out.Name]
		trace.WeightGrad = grads.scaled(1 / float64(x.Shape[0]))
	} else {
		tr.runPhases(x, y, trace)
	}
	if tr.hyper.Update != Incremental {
		trace.Rate = tr.optimizer.Step(tr.params, trace.WeightGrad)
	}
	trace.UpdateCount = tr.optimizer.Count()
	trace.ParamsAfter, trace.StatsAfter = tr.Params(), tr.Stats()
	return trace, nil
}

// runPhases carries out the relaxations of a batch, all from the same running
// statistics, and averages their weight gradients.
func (tr *Trainer) runPhases(x, y *Tensor, trace *BatchTrace) {
	before := tr.stats
	nudges := tr.hyper.Nudging.phases()
	for _, nu := range nudges {
		tr.stats = before.clone()
		trace.Phases = append(trace.Phases, tr.runPhase(x, y, nu))
	}
	trace.TrainLogits = trace.Phases[0].H0[tr.net.Output().Name]
	if tr.hyper.Update == Incremental {
		return
	}
	trace.WeightGrad = tr.params.zerosLike()
	for name, g := range trace.WeightGrad {
		for _, ph := range trace.Phases {
			g.add(1/float64(len(nudges)), ph.WeightGrad[name])
		}
	}
}

// Train runs the batches in order; evalX is the input of the evaluation
// logits.
func (tr *Trainer) Train(xs, ys []*Tensor, evalX *Tensor) (*Run, error) {
	if len(xs) != len(ys) {
		return nil, fmt.Errorf("%d inputs and %d targets", len(xs), len(ys))
	}
	run := &Run{}
	var err error
	if run.LogitsInitial, err = tr.Logits(evalX); err != nil {
		return nil, err
	}
	for i := range xs {
		batch, err := tr.TrainBatch(xs[i], ys[i])
		if err != nil {
			return nil, fmt.Errorf("batch %d: %w", i, err)
		}
		run.Batches = append(run.Batches, batch)
	}
	run.Params, run.Stats = tr.Params(), tr.Stats()
	run.LogitsFinal, err = tr.Logits(evalX)
	return run, err
}

func checkBatch(name string, t *Tensor, sample []int) error {
	if t == nil || len(t.Shape) == 0 || t.Shape[0] < 1 || !slices.Equal(t.Shape[1:], sample) ||
		len(t.Data) != volume(t.Shape) {
		return fmt.Errorf("%s is no batch of samples of shape %v", name, sample)
	}
	return nil
}
