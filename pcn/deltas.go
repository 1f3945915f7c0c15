package pcn

import "github.com/gopcn/gopcn/kernels"

// deltas takes the error of a node back through its stages, from the last to
// the given one, along a tape. Fused says that the error behind the activation
// of the last stage is there already.
func (l *lane) deltas(n *nodeState, which, to int, fused bool) {
	err := n.e
	for k := len(n.stages) - 1; k >= 0; k-- {
		s := &n.stages[k]
		if k < len(n.stages)-1 || !fused {
			l.throughActivation(s, &n.tapes[which], k, err)
		}
		if s.norm != nil {
			dy := s.delta
			if s.pool == noPool && !s.sloped() {
				dy = err
			}
			l.throughNorm(s.norm, which, s.delta, dy, l.normInput(n, k, which))
		}
		if k == to {
			break
		}
		err = s.delta
		if s.layer != nil {
			err = n.stages[k-1].err
			l.epilogue = kernels.Epilogue{}
			l.feedback(s.layer, l.rows(err), l.rows(s.delta))
		}
	}
}

// throughActivation takes the error at the result of a stage back through its
// pool and its activation.
func (l *lane) throughActivation(s *stage, t *tape, k int, err kernels.Matrix) {
	slope := t.slope[k]
	switch {
	case s.pool == averagePool:
		l.tally.passes++
		l.k.AveragePoolFeedback(l.rows(s.delta), l.rows(err), s.mean, l.rows(slope))
	case s.pool == maxPool:
		if s.sloped() {
			l.k.Mul(l.flat(s.product), l.flat(err), l.flat(slope))
			err = s.product
		}
		l.unpool(s, t, k, err)
	case s.sloped():
		l.tally.passes++
		l.k.Mul(l.flat(s.delta), l.flat(err), l.flat(slope))
	case s.norm != nil: // which reads the error itself
	case &s.delta.Data[0] != &err.Data[0]:
		l.copy(s.delta, err)
	}
}

// unpool takes the error at the result of a maximum pool back to its winners.
func (l *lane) unpool(s *stage, t *tape, k int, err kernels.Matrix) {
	l.tally.passes++
	l.k.Unpool(s.pooled, l.rows(s.delta), l.rows(err), t.winners[k].RowRange(l.lo, l.hi), kernels.Matrix{})
}
