package pcn

import "github.com/gopcn/gopcn/kernels"

// fill writes the lane's rows of x.
func (l *lane) fill(s Samples) {
	for i := l.lo; i < l.hi; i++ {
		s.Fill(l.t.x.Row(i), i)
	}
}

// forward computes h0_i = f_i(sum of h0 of the sources) in the order of the
// nodes. With slopes it keeps f' and what else the way back needs.
func (l *lane) forward(slopes bool) {
	for i := range l.t.nodes {
		n := &l.t.nodes[i]
		in := l.input(n, initial)
		tape := &n.tapes[initial]
		in = l.inner(n, tape, in, slopes)
		var slope kernels.Matrix
		if slopes {
			slope = tape.slope[len(n.stages)-1]
		}
		l.apply(n.last(), n.h0, slope, in)
	}
}

// input returns the input of a node's ops, full height: a source's latents, or
// the sum of several in listed order, of which the lane makes its rows. Initial
// takes h0, current h.
func (l *lane) input(n *nodeState, which int) kernels.Matrix {
	if len(n.Sources) == 1 {
		return l.source(n.Sources[0], which)
	}
	sum := n.tapes[which].input
	for k := 1; k < len(n.Sources); k++ {
		first := sum
		if k == 1 {
			first = l.source(n.Sources[0], which)
		}
		l.k.Add(l.flat(sum), l.flat(first), l.flat(l.source(n.Sources[k], which)))
	}
	return sum
}

func (l *lane) source(s, which int) kernels.Matrix {
	switch {
	case s == Input:
		return l.t.x
	case which == initial:
		return l.t.nodes[s].h0
	}
	return l.t.nodes[s].h
}

// inner computes all stages of a node but the last, and returns the last one's
// input.
func (l *lane) inner(n *nodeState, t *tape, in kernels.Matrix, slopes bool) kernels.Matrix {
	for k := range len(n.stages) - 1 {
		var slope kernels.Matrix
		if slopes {
			slope = t.slope[k]
		}
		l.apply(&n.stages[k], t.result[k], slope, in)
		in = t.result[k]
	}
	return in
}

// apply computes a stage: dst = f(in W^T + b), and f' where slope is present.
func (l *lane) apply(s *stage, dst, slope, in kernels.Matrix) {
	if s.dense == nil {
		if !s.sloped() {
			l.copy(dst, in)
			return
		}
		l.k.Activate(s.act, l.flat(dst), l.flat(slope), l.flat(in))
		return
	}
	l.epilogue = kernels.Epilogue{Bias: s.dense.bias()}
	if s.sloped() {
		l.epilogue.Kind, l.epilogue.Act, l.epilogue.Slope = kernels.Activate, s.act, l.rows(slope)
	}
	l.product(l.rows(dst), l.rows(in), &s.dense.forward)
}
