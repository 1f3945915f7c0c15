package pcn

// Weights are what a trained network predicts with.
type Weights struct {
	Parameters []Tensor   // in canonical order, see [InitialParameters]
	Statistics Statistics // of batch normalisation, empty without
}

// InitialWeights are the weights of an untrained network, which must be valid.
func InitialWeights(net *Network, seed uint64, gain float64) Weights {
	return Weights{Parameters: InitialParameters(net, seed, gain), Statistics: initialStatistics(net)}
}

// Weights returns a copy of the trainer's weights.
func (t *Trainer) Weights() Weights {
	return Weights{Parameters: t.Parameters(), Statistics: t.Statistics()}
}

// SetWeights replaces the weights. If any of them do not fit the network an error
// says why, and nothing is changed. The optimiser's state stays.
func (t *Trainer) SetWeights(w Weights) error {
	if err := fits("parameter", w.Parameters, t.Parameters()); err != nil {
		return err
	}
	if err := t.SetStatistics(w.Statistics); err != nil { // checks before it changes
		return err
	}
	return t.SetParameters(w.Parameters)
}

// A Snapshot is all that a trainer remembers from batch to batch. A trainer of
// the same network and settings that takes it over goes on to the same bits, for
// any number of workers. Package checkpoint stores it in a file.
type Snapshot struct {
	Weights
	Optimizer OptimizerState
}

// Snapshot returns a copy of what the trainer remembers.
func (t *Trainer) Snapshot() Snapshot {
	return Snapshot{Weights: t.Weights(), Optimizer: t.OptimizerState()}
}

// Restore takes a snapshot over. If any of it does not fit the trainer's network
// and optimiser an error says why, and nothing is changed.
func (t *Trainer) Restore(s Snapshot) error {
	if err := t.checkOptimizerState(&s.Optimizer); err != nil {
		return err
	}
	if err := t.SetWeights(s.Weights); err != nil { // checks before it changes
		return err
	}
	return t.SetOptimizerState(s.Optimizer)
}
