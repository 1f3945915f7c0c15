package kernels

// Products of few rows read each element of B for few multiply-adds, so what
// counts is how fast B streams by.

// streamRows is up to how many rows the tiles reach over several panels.
const streamRows = 3

// streamDepth bounds the terms of a call where B streams by: from memory it must
// end within some microseconds too, and rows of A longer than this leave L1.
const streamDepth = 1024

// callFloats bounds the floats of B that one assembly call streams.
const callFloats = 1 << 16

// streams reports whether B streams by: no part of it is met twice, so chains
// need not stop for the caches.
func (p *product) streams() bool {
	return p.h.isa != Generic && (p.dotsFit() || p.m <= streamRows && p.source != rowsOfN)
}

// dotsFit reports whether B runs along k and there are so few rows that
// transposing it in registers costs less than a copy.
func (p *product) dotsFit() bool {
	return p.source == rowsOfN && p.m <= mostDots && p.h.isa != Generic
}

// tileWidth is the columns of a tile that starts at column jp of t: those of a
// panel, or of several whole ones, which give few rows more chains.
func (p *product) tileWidth(t *cTile, panels *panelSet, jp int) int {
	nr := p.g.nr
	if p.streams() && panels.mode != oneUse {
		switch rest := t.cols - jp; {
		case t.rows == 1 && rest >= 4*nr:
			return 4 * nr
		case rest >= 2*nr:
			return 2 * nr
		}
	}
	return nr
}

// blockOfDots adds kb terms to the chains of as many columns of a tile, from
// column jp on, as one call takes, and returns their number: 0 if there are too
// few left.
func (p *product) blockOfDots(t *cTile, jp, k, kb int, from start, scale float32) int {
	lanes := p.h.dotsLanes(t.rows)
	sets := min((t.cols-jp)/lanes, max(1, callFloats/(lanes*kb)))
	if sets == 0 {
		return 0
	}
	call := dotsCall{
		mr: t.rows, sets: sets, k: kb,
		a: p.a[t.i*p.ars+k*p.acs:], ars: p.ars, acs: p.acs,
		b: p.b[(t.j+jp)*p.ldb+k:], brs: p.ldb,
		c: t.z[jp:], crs: t.stride,
	}
	switch from {
	case fromBias:
		call.init = p.e.Bias[t.j+jp:]
	case fromC:
		call.init, call.irs = call.c, t.stride
	}
	p.h.dots(&call)
	if scale != 1 {
		p.h.scaleBlock(call.c, t.stride, t.rows, sets*lanes, scale)
	}
	return sets * lanes
}
