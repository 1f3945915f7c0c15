package pcn

import "github.com/gopcn/gopcn/kernels"

// fill writes the lane's rows of x.
func (l *lane) fill(s Samples) {
	for i := l.lo; i < l.hi; i++ {
		s.Fill(l.x.Row(i), i)
	}
}

// forward computes h0_i = f_i(sum of h0 of the sources) in the order of the
// nodes. With slopes it keeps f' and what else the way back needs.
func (l *lane) forward(slopes bool) {
	l.pass++
	for i := range l.nodes {
		n := &l.nodes[i]
		in := l.inner(n, initial, l.input(n, initial), slopes)
		l.apply(n, len(n.stages)-1, initial, n.h0, in, slopes)
	}
}

// input returns the input of a node's ops, full height: a source's latents, or
// the sum of several in listed order, of which the lane makes its rows. Initial
// takes h0, current h. Nodes with the same sources share the sum.
func (l *lane) input(n *nodeState, which int) kernels.Matrix {
	if len(n.Sources) == 1 {
		return l.source(n.Sources[0], which)
	}
	sum := n.tapes[which].input
	if l.summed[n.sum][which] == l.pass {
		return sum
	}
	l.summed[n.sum][which] = l.pass
	for k := 1; k < len(n.Sources); k++ {
		first := sum
		if k == 1 {
			first = l.source(n.Sources[0], which)
		}
		l.tally.passes++
		l.k.Add(l.flat(sum), l.flat(first), l.flat(l.source(n.Sources[k], which)))
	}
	return sum
}

func (l *lane) source(s, which int) kernels.Matrix {
	switch {
	case s == Input:
		return l.x
	case which == initial:
		return l.nodes[s].h0
	}
	return l.h[s]
}

// inner computes all stages of a node but the last, and returns the last one's
// input.
func (l *lane) inner(n *nodeState, which int, in kernels.Matrix, slopes bool) kernels.Matrix {
	for k := range len(n.stages) - 1 {
		result := n.tapes[which].result[k]
		l.apply(n, k, which, result, in, slopes)
		in = result
	}
	return in
}

// apply computes stage k of a node, dst from in, and with slopes what its tape
// keeps.
func (l *lane) apply(n *nodeState, k, which int, dst, in kernels.Matrix, slopes bool) {
	s, t := &n.stages[k], &n.tapes[which]
	var slope kernels.Matrix
	if slopes {
		slope = t.slope[k]
	}
	if s.fusible() {
		l.transform(s, dst, slope, in)
		return
	}
	l.tally.passes++
	in, use := l.normalised(n, k, which, in)
	if s.pool == noPool {
		l.k.NormaliseActivate(s.act, l.rows(dst), l.rows(slope), l.rows(in), use)
		return
	}
	for lo := l.lo; lo < l.hi; lo += poolRows {
		hi := min(lo+poolRows, l.hi)
		if s.pool == averagePool {
			active := l.activate(s, part(slope, lo, hi), part(in, lo, hi), use)
			l.k.AveragePool(part(dst, lo, hi), active, s.mean)
			continue
		}
		var wide kernels.Matrix // slopes before the pool
		var winners kernels.Winners
		if slopes {
			winners = t.winners[k].RowRange(lo, hi)
			if s.sloped() {
				wide = part(s.delta, lo, hi)
			}
		}
		active := l.activate(s, wide, part(in, lo, hi), use)
		l.k.MaxPool(s.pooled, part(dst, lo, hi), winners, part(slope, lo, hi), active, wide)
	}
}

// transform computes a stage without norm and pool: dst = f(in W^T + b), and f'
// where slope is present.
func (l *lane) transform(s *stage, dst, slope, in kernels.Matrix) {
	switch {
	case s.layer != nil:
		l.epilogue = activation(s, l.rows(slope))
		l.predict(s.layer, l.rows(dst), l.rows(in))
	case s.sloped():
		l.tally.passes++
		l.k.Activate(s.act, l.flat(dst), l.flat(slope), l.flat(in))
	default:
		l.copy(dst, in)
	}
}

// activation is the epilogue of a layer and its activation.
func activation(s *stage, slope kernels.Matrix) kernels.Epilogue {
	e := kernels.Epilogue{Bias: s.layer.bias()}
	if s.sloped() {
		e.Kind, e.Act, e.Slope = kernels.Activate, s.act, slope
	}
	return e
}

// normalised returns what a stage has before its norm, full height, and what
// normalises it; the input itself and nil without a norm.
func (l *lane) normalised(n *nodeState, k, which int, in kernels.Matrix) (kernels.Matrix, *kernels.Normalisation) {
	s := &n.stages[k]
	if s.norm == nil {
		return in, nil
	}
	if s.layer != nil {
		x := n.tapes[which].x[k]
		l.epilogue = kernels.Epilogue{Bias: s.layer.bias()}
		l.predict(s.layer, l.rows(x), l.rows(in))
		in = x
	}
	return in, l.normalisation(s.norm, which, in)
}

// poolRows is how many samples pass through a layer, its activation and its
// pool at once, so that the large images before the pool stay in the cache.
const poolRows = 12

// activate computes some rows of a stage up to its pool, with slopes where
// present. The result lives until the next call.
func (l *lane) activate(s *stage, slope, in kernels.Matrix, use *kernels.Normalisation) kernels.Matrix {
	if use == nil && s.layer == nil && !s.sloped() {
		return in
	}
	stride := kernels.Stride(s.inner)
	active := kernels.Matrix{Rows: in.Rows, Cols: s.inner, Data: l.active[:in.Rows*stride], Stride: stride}
	switch {
	case use != nil:
		l.k.NormaliseActivate(s.act, active, slope, in, use)
	case s.layer != nil:
		l.epilogue = activation(s, slope)
		l.predict(s.layer, active, in)
	default:
		l.k.Activate(s.act, rowsOf(active, 0, in.Rows), flat(slope), in.Data[:in.Rows*stride])
	}
	return active
}

// part is some rows of a matrix, with the padding of the last; absent stays
// absent.
func part(m kernels.Matrix, lo, hi int) kernels.Matrix {
	if len(m.Data) > 0 {
		m.Data, m.Rows = m.Data[lo*m.Stride:hi*m.Stride], hi-lo
	}
	return m
}

// flat is a part as one vector.
func flat(m kernels.Matrix) []float32 {
	if len(m.Data) == 0 {
		return nil
	}
	return m.Data[:m.Rows*m.Stride]
}
