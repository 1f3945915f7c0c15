package kernels

// A small product is over before the loops around blocks have found out that there
// is only one. It goes straight to the micro-kernels.

// smallSize bounds rows, columns and terms of a small product.
const smallSize = 64

// isSmall reports whether the product is small and reads both operands where they
// are.
func (p *product) isSmall() bool {
	return p.m <= smallSize && p.n <= smallSize && p.k <= smallSize && p.m > streamRows && p.source != rowsOfN && p.isOneBlock()
}

// isOneBlock apart lets isSmall be inlined.
func (p *product) isOneBlock() bool {
	if p.m > p.g.mc || p.k > min(p.g.kc, p.g.kct) || max(p.ars, p.acs)%(pageFloats/2) == 0 || p.h.isa == Generic {
		return false
	}
	return p.source == packedPanels || p.n%p.g.nr == 0 && p.readsInPlace(p.k)
}

// runSmall is runBlocks and sweep for a small product.
func (p *product) runSmall() {
	nr, part := p.g.nr, [1]chainPart{{k: p.k}}
	t := p.tileOfC(0, 0, p.m, p.n)
	var call tileCall
	call.parts, call.ars, call.acs, call.crs, call.scale = part[:], p.ars, p.acs, t.stride, 1
	if p.e.Kind == Store && p.e.Scale != 0 {
		call.scale = p.e.Scale
	}
	call.brs, call.bps = nr, nr
	next := nr * p.k
	if p.source == rowsOfK {
		call.brs, next = p.ldb, nr
	}
	all := p.stripsOf(p.m, p.k)
	for j, at := 0, 0; j < p.n; j, at = j+nr, at+next {
		call.cols, call.b = min(nr, p.n-j), p.b[at:]
		row := 0
		for left := all.count; left > 0; left -= call.strips {
			call.mr, call.strips = all.next(left)
			call.a, call.step = p.a[row*p.ars:], call.mr*p.ars
			call.c = t.z[row*t.stride+j:]
			switch {
			case p.e.Bias != nil:
				call.init = p.e.Bias[j:]
			case p.e.Accumulate:
				call.init, call.irs = call.c, t.stride
			}
			p.h.tile(&call)
			row += call.strips * call.mr
		}
	}
	if p.e.Kind != Store {
		p.finish(&t, 0, p.n)
	}
}
