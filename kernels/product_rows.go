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
	p.runDots(s, s.lo, t.rows, sets, p.a[t.i*p.ars+k*p.acs:], p.ars, p.acs, k, nil)
	if s.finish {
		p.finish(t, s.lo, s.lo+sets*lanes)
	}
	s.lo += sets * lanes
	return true
}

// runDots computes the first rows of a tile, sets of columns from j on, over terms
// from k on. With a panel it packs B.
func (p *product) runDots(s *sweep, j, rows, sets int, a []float32, ars, acs, k int, panel []float32) {
	t := s.t
	var call dotsCall // field by field, as in MatMul
	call.mr, call.sets, call.k, call.panel = rows, sets, s.terms, panel
	call.a, call.ars, call.acs = a, ars, acs
	call.b, call.brs = p.b[(t.j+j)*p.ldb+k:], p.ldb
	call.c, call.crs = t.z[j:], t.stride
	switch s.from {
	case fromBias:
		call.init = p.e.Bias[t.j+j:]
	case fromC:
		call.init, call.irs = call.c, t.stride
	}
	lanes := p.h.dotsLanes(rows)
	if panel == nil {
		p.h.dots(&call)
	} else {
		lanes = p.h.packLanes()
		p.h.dotsPack(&call)
	}
	if s.scale != 1 {
		p.h.scaleBlock(call.c, t.stride, rows, sets*lanes, s.scale)
	}
}

// rowsThatPack is how many rows of a sweep's tile may go first and leave each panel
// of B packed for the others: none if B does not run along k.
func (p *product) rowsThatPack(s *sweep) int {
	if s.panels.mode != oneUse || p.source != rowsOfN || s.acs != 1 || p.h.isa == Generic || s.t.rows <= mostDots {
		return 0
	}
	return min((s.t.rows+1)/2, mostDots)
}
