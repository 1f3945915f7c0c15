package kernels

// Products of few rows read each element of B for few multiply-adds, so what
// counts is how fast B streams by.

// streamRows is up to how many rows the tiles reach over several panels.
const streamRows = 3

// streamDepth bounds the terms of a call where B streams by: from memory it must
// end within some microseconds too, and a few rows of A longer than this leave L1.
const streamDepth = 2048

// callFloats bounds the floats of B that one assembly call streams.
const callFloats = 1 << 16

// streams reports whether B streams by: no part of it is met twice, so chains
// need not stop for the caches.
func (p *product) streams() bool {
	return p.h.isa != Generic && (p.dotsFit() || p.m <= streamRows && p.source != rowsOfN)
}

// dotsFit reports whether B runs along k and there are so few rows, all in one
// block, that transposing it in registers costs less than a copy.
func (p *product) dotsFit() bool {
	return p.source == rowsOfN && p.m <= min(mostDots, p.g.mc) && p.h.isa != Generic
}

// tileWidth is the columns of a tile that starts at column j: those of a panel,
// or of several whole ones, which give few rows more chains.
func (p *product) tileWidth(s *sweep, j int) int {
	nr := p.g.nr
	if s.streams && s.t.rows <= streamRows && s.panels.mode != oneUse {
		switch rest := s.hi - j; {
		case s.t.rows == 1 && rest >= 4*nr:
			return 4 * nr
		case rest >= 2*nr:
			return 2 * nr
		}
	}
	return nr
}

// dots runs the first columns of a sweep over terms from k on, as many as one
// call takes, and takes them off; false if there are too few.
func (p *product) dots(s *sweep, k int) bool {
	t := s.t
	lanes := p.h.dotsLanes(t.rows)
	sets := min((s.hi-s.lo)/lanes, max(1, callFloats/(lanes*s.terms)))
	if sets == 0 {
		return false
	}
	call := dotsCall{
		mr: t.rows, sets: sets, k: s.terms,
		a: p.a[t.i*p.ars+k*p.acs:], ars: p.ars, acs: p.acs,
		b: p.b[(t.j+s.lo)*p.ldb+k:], brs: p.ldb,
		c: t.z[s.lo:], crs: t.stride,
	}
	switch s.from {
	case fromBias:
		call.init = p.e.Bias[t.j+s.lo:]
	case fromC:
		call.init, call.irs = call.c, t.stride
	}
	p.h.dots(&call)
	if s.scale != 1 {
		p.h.scaleBlock(call.c, t.stride, t.rows, sets*lanes, s.scale)
	}
	if s.finish {
		p.finish(t, s.lo, s.lo+sets*lanes)
	}
	s.lo += sets * lanes
	return true
}
