package pcn

// A Snapshot is all that a trainer remembers from batch to batch. A trainer of
// the same network and settings that takes it over goes on to the same bits, for
// any number of workers. Package checkpoint stores it in a file.
type Snapshot struct {
	Parameters []Tensor
	Statistics Statistics
	Optimizer  OptimizerState
}

// Snapshot returns a copy of what the trainer remembers.
func (t *Trainer) Snapshot() Snapshot {
	return Snapshot{Parameters: t.Parameters(), Statistics: t.Statistics(), Optimizer: t.OptimizerState()}
}

// Restore takes a snapshot over. If any of it does not fit the trainer's network
// and optimiser an error says why, and nothing is changed.
func (t *Trainer) Restore(s Snapshot) error {
	if err := fits("parameter", s.Parameters, t.Parameters()); err != nil {
		return err
	}
	if err := fits("statistic", s.Statistics.Tensors, t.Statistics().Tensors); err != nil {
		return err
	}
	if err := t.SetOptimizerState(s.Optimizer); err != nil { // checks before it changes
		return err
	}
	if err := t.SetStatistics(s.Statistics); err != nil {
		return err
	}
	return t.SetParameters(s.Parameters)
}
