package pcn

// targets writes the lane's one-hot targets y to the output's latents and takes
// note of the forward pass's loss and correctness, sample by sample.
func (l *lane) targets(s Samples) {
	out := &l.t.nodes[len(l.t.nodes)-1]
	for i := l.lo; i < l.hi; i++ {
		y, u := out.h.Row(i), out.h0.Row(i)
		clear(y)
		label := s.Label(i)
		y[label] = 1
		l.t.correct[i] = argmax(u) == label
	}
	l.lossRows(l.t.losses)
}

// lossRows computes the output's energy against its latents at h0, per sample.
func (l *lane) lossRows(dst []float32) {
	out := &l.t.nodes[len(l.t.nodes)-1]
	for i := l.lo; i < l.hi; i++ {
		if l.t.cfg.Loss == CrossEntropy {
			dst[i] = l.k.CrossEntropy(out.h0.RowRange(i, i+1), out.h.RowRange(i, i+1))
		} else {
			dst[i] = l.k.Energy(out.h.Row(i), out.h0.Row(i))
		}
	}
}

// nudge replaces the target y in the output's latents by u + b (y - u).
func (l *lane) nudge(b float32) {
	out := &l.t.nodes[len(l.t.nodes)-1]
	h, u, d := l.flat(out.h), l.flat(out.h0), l.flat(out.e)
	copy(d, h)
	l.k.Axpy(d, -1, u)
	copy(h, u)
	l.k.Axpy(h, b, d)
}

// argmax returns the index of the largest value, the first of equals.
func argmax(x []float32) int {
	best := 0
	for i, v := range x {
		if v > x[best] {
			best = i
		}
	}
	return best
}
