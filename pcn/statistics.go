package pcn

// moveStatistics takes one step of the running statistics of norms towards
// those of the batch. No lane reads running statistics that move while relaxing.
func (l *lane) moveStatistics(list []normPlan) {
	if l == &l.t.lanes[0] {
		l.t.moveStatistics(list)
	}
}

func (t *Trainer) moveStatistics(list []normPlan) {
	for _, p := range list {
		p.norm.move(&t.lanes[0].norms[p.norm.number].tapes[p.tape], t.cfg.Norm == NormEMA && !t.moved)
	}
	if len(list) > 0 {
		t.moved = true
	}
}

// saveStatistics and restoreStatistics let both relaxations of centred nudging
// start from the same running statistics.
func (t *Trainer) saveStatistics() {
	for _, m := range t.norms {
		copy(m.saved[0], m.mean)
		copy(m.saved[1], m.variance)
	}
}

func (t *Trainer) restoreStatistics() {
	for _, m := range t.norms {
		copy(m.mean, m.saved[0])
		copy(m.variance, m.saved[1])
	}
}

// Statistics are the running statistics of a network's batch normalisations.
type Statistics struct {
	// Tensors has the mean and the variance of each norm, in the order of their
	// parameters and with names like theirs, ".mean" and ".var" at the end.
	Tensors []Tensor

	// Moved says that they are no longer the initial ones: with [NormEMA] the
	// first move replaces them.
	Moved bool
}

// initialStatistics are those before training: means 0 and variances 1.
func initialStatistics(net *Network) Statistics {
	var s Statistics
	net.walk(func(name string, op Op, in Shape, _ int) {
		if op.kind != OpBatchNorm {
			return
		}
		mean, variance := newTensor(name+".mean", in.Channels), newTensor(name+".var", in.Channels)
		for c := range variance.Data {
			variance.Data[c] = 1
		}
		s.Tensors = append(s.Tensors, mean, variance)
	})
	return s
}

// Statistics returns a copy of the running statistics.
func (t *Trainer) Statistics() Statistics {
	s := initialStatistics(t.net)
	for i, m := range t.norms {
		copy(s.Tensors[2*i].Data, m.mean)
		copy(s.Tensors[2*i+1].Data, m.variance)
	}
	s.Moved = t.moved
	return s
}

// SetStatistics replaces the running statistics. The tensors must have the names
// and shapes of [Trainer.Statistics], in the same order; otherwise an error says
// where they do not, and nothing is changed.
func (t *Trainer) SetStatistics(s Statistics) error {
	if err := fits("statistic", s.Tensors, t.Statistics().Tensors); err != nil {
		return err
	}
	for i, m := range t.norms {
		copy(m.mean, s.Tensors[2*i].Data)
		copy(m.variance, s.Tensors[2*i+1].Data)
	}
	t.moved = s.Moved
	return nil
}
