package kernels

// A sweep is the multiply-adds of one tile of C: all strips of its rows with all
// panels of B.
type sweep struct {
	t        *cTile
	lo, hi   int // columns of the tile, without those that have their epilogue
	parts    []chainPart
	terms    int // of all parts
	a        []float32
	ars, acs int
	rowStep  int  // from row to row of a's strips: ars where a is no copy
	packed   bool // a lies strip by strip, term by term
	panels   *panelSet
	from     start
	scale    float32
	streams  bool // B streams by: tiles of few rows reach over several panels
	finish   bool // with the epilogue
}

// sweep runs one. What a call of a micro-kernel needs is put together where the
// call is made: handed on, it would be copied or escape to the heap.
func (p *product) sweep(s *sweep) {
	t := s.t
	var call tileCall
	call.parts, call.ars, call.acs, call.crs, call.scale = s.parts, s.ars, s.acs, t.stride, s.scale
	first := p.rowsThatPack(s)
	strips := p.stripsOf(t.rows-first, s.terms)
	for j := s.lo; j < s.hi; j += call.cols {
		call.cols = min(p.tileWidth(s, j), s.hi-j)
		row := 0
		if first > 0 && call.cols == p.g.nr {
			row, call.b, call.brs = first, p.ws.panels, p.g.nr
			p.runDots(s, j, first, p.g.nr/p.h.packLanes(), s.a, s.ars, s.acs, s.panels.k, call.b)
		} else {
			call.b, call.brs, call.bps = p.panel(s.panels, j)
			if first > 0 { // the last panel, a narrower one
				strips = p.stripsOf(t.rows, s.terms)
			}
		}
		if call.cols <= p.g.nr {
			call.bps = p.h.g.nr // in one piece
		}
		for left := strips.count; left > 0; left -= call.strips {
			call.mr, call.strips = strips.next(left)
			if s.packed {
				call.acs = call.mr
			}
			call.a, call.step = s.a[row*s.rowStep:], call.mr*s.rowStep
			call.c = t.z[row*t.stride+j:]
			switch s.from {
			case fromZero:
				call.init, call.irs = nil, 0
			case fromBias:
				call.init, call.irs = p.e.Bias[t.j+j:], 0
			case fromC:
				call.init, call.irs = call.c, t.stride
			}
			p.h.tile(&call)
			row += call.strips * call.mr
		}
		if end := j + call.cols; s.finish && (end == s.hi || t.rows*(end-s.lo) >= finishFloats) {
			p.finish(t, s.lo, end)
			s.lo = end
		}
	}
}

// finishFloats is how much of C is computed before the epilogue passes over it: as
// long rows as there are of what is still in L2.
const finishFloats = 1 << 14

// strips is how rows are split: into strips of nearly the same size, some of one
// row more than the others, which come first.
type strips struct {
	count        int
	small, extra int // rows of a strip, and how many have one more
	most         int // strips of a call
}

// stripsOf splits rows into as few strips as mostRows allows.
func (p *product) stripsOf(rows, terms int) strips {
	s := strips{count: 1, small: rows}
	if mr := p.mostRows(rows, terms); rows > mr {
		s.count = (rows + mr - 1) / mr
		s.small, s.extra = rows/s.count, rows%s.count
	}
	// One call stays within microseconds, because assembly cannot be preempted.
	s.most = s.count
	if rows*p.g.nr*terms > callFMAs {
		s.most = max(1, callFMAs/((s.small+1)*p.g.nr*terms))
	}
	return s
}

// mostRows is the most rows of a strip. If the registers hold all rows, B passes
// only once. A small product gains by strips of the same size, which are one call:
// a few rows fewer still fill the pipelines.
func (p *product) mostRows(rows, terms int) int {
	switch {
	case rows <= p.g.tall && terms > smallDepth:
		return p.g.tall
	case p.ars == 1:
		return p.g.across
	case p.h.isa == AVX2 && rows <= 64 && terms <= smallDepth && rows%6 != 0 && rows%4 == 0:
		return min(4, p.g.mr)
	}
	return p.g.mr
}

// smallDepth is the terms up to which a strip's stores weigh more than what it
// loads.
const smallDepth = 64

// next returns the rows of the next strips, and how many a call takes, when so
// many are left.
func (s *strips) next(left int) (mr, count int) {
	if big := left - (s.count - s.extra); big > 0 {
		return s.small + 1, min(big, s.most)
	}
	return s.small, min(left, s.most)
}

// callFMAs bounds the multiply-adds of one assembly call (about 20 us).
const callFMAs = 1 << 20
