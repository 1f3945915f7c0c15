package pcn

import "github.com/gopcn/gopcn/kernels"

// Batch normalisation makes samples depend on each other, so the lanes meet:
// each sums over its rows, they wait for each other, and each combines the sums
// of all samples. The shared sums are of two generations, used in turn: whoever
// writes one has met everybody who read it.

// meet waits until all lanes have come here.
func (l *lane) meet() {
	if len(l.t.lanes) > 1 {
		l.t.barrier.wait(len(l.t.lanes))
	}
}

// shared returns the matrices of the next generation of sums, batch x channels.
func (l *lane) shared(channels int) (a, b kernels.Matrix) {
	l.generation++
	pair := &l.t.sums[l.generation%2]
	a, b = pair[0].RowRange(0, l.t.job.rows), pair[1].RowRange(0, l.t.job.rows)
	a.Cols, b.Cols = channels, channels
	return a, b
}

// newSums makes room for both generations.
func newSums(norms []*norm, batch int) (sums [2][2]kernels.Matrix) {
	channels := 0
	for _, m := range norms {
		channels = max(channels, m.channels)
	}
	for i := range sums {
		for j := range sums[i] {
			sums[i][j] = kernels.NewMatrix(batch, channels)
		}
	}
	return sums
}

// share is 1/n for the n values of a channel.
func (l *lane) share(m *norm) float32 {
	return float32(1 / float64(l.t.job.rows*m.positions))
}

// normalisation returns what normalises x, which is full height: in training
// from the statistics of the batch, which belong to a tape.
func (l *lane) normalisation(m *norm, which int, x kernels.Matrix) *kernels.Normalisation {
	n := &l.norms[m.number]
	if l.evaluating {
		kernels.InverseDeviation(n.running.Inv, m.variance, normEps)
		return &n.running
	}
	s := &n.tapes[which]
	sums, squares := l.shared(m.channels)
	l.k.SumPositions(l.rows(sums), l.rows(x))
	l.meet()
	l.k.ColumnSums(s.mean, sums, l.share(m))
	l.k.SumSquares(l.rows(squares), l.rows(x), s.mean)
	l.meet()
	l.k.ColumnSums(s.variance, squares, l.share(m))
	if l.t.blends() {
		const keep, rest = float32(normKeep), float32(1 - normKeep)
		kernels.Blend(s.use.Mean, keep, m.mean, rest, s.mean)
		kernels.Blend(s.use.Inv, keep, m.variance, rest, s.variance)
		kernels.InverseDeviation(s.use.Inv, s.use.Inv, normEps)
	} else {
		copy(s.use.Mean, s.mean)
		kernels.InverseDeviation(s.use.Inv, s.variance, normEps)
	}
	return &s.use
}

// blends reports whether running statistics take part in normalising.
func (t *Trainer) blends() bool { return t.cfg.Norm == NormEMA && t.moved }

// throughNorm takes the error dy at the result of a norm, which normalised x,
// back to x. It leaves the sums that are the gradients of gamma and beta.
func (l *lane) throughNorm(m *norm, which int, dx, dy, x kernels.Matrix) {
	n := &l.norms[m.number]
	s := &n.tapes[which]
	sums, products := l.shared(m.channels)
	l.k.SumGradients(l.rows(sums), l.rows(products), l.rows(dy), l.rows(x), &s.use)
	l.meet()
	l.k.ColumnSums(n.sums, sums, 1)
	l.k.ColumnSums(n.products, products, 1)
	var mean []float32
	if l.t.blends() {
		mean = s.mean
	}
	n.factors.Set(&s.use, n.sums, n.products, mean, l.share(m), 1-normKeep)
	l.k.NormaliseFeedback(l.rows(dx), l.rows(dy), l.rows(x), &s.use, &n.factors)
}

// normInput is what the norm of stage k normalised.
func (l *lane) normInput(n *nodeState, k, which int) kernels.Matrix {
	t := &n.tapes[which]
	switch {
	case n.stages[k].layer != nil:
		return t.x[k]
	case k > 0:
		return t.result[k-1]
	case len(n.Sources) > 1:
		return t.input
	}
	return l.source(n.Sources[0], which)
}
