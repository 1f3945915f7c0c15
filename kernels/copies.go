package kernels

// Copies of parts of A, where it is read badly as it lies.

// pageFloats is the distance, 4096 bytes, at which rows fall into the same sets
// of an L1 cache, which then holds a handful of them.
const pageFloats = 1024

// translated is how many floats the address translations that a core has at hand
// reach: 64 pages.
const translated = 64 * pageFloats

// packsStrips decides whether a transposed A is copied strip by strip. A strip
// reads a piece of every row of A, which costs little as long as a core has the
// address translations of all of them at hand; and enough columns of C must read
// the copy. Where many do, it pays for the longer blocks that it allows, between
// which C is stored and loaded.
func (p *product) packsStrips() bool {
	return p.ars == 1 && p.n >= stripColumns && p.h.isa != Generic && p.stripsPay()
}

// stripsPay apart lets packsStrips be inlined.
func (p *product) stripsPay() bool {
	return min(p.k, p.g.kct)*p.acs > translated || p.n >= manyColumns && p.k > 3*p.g.kct
}

// Widths of C from which on strips are copied if A's rows are far apart, and for
// long chains wherever they are.
const (
	stripColumns = 128
	manyColumns  = 512
)

// stripsOfA copies the elements of a transposed A that a tile meets from term k
// on, kb terms for each strip in turn, and returns their distance from row to row
// of the strips. Four strips at a time read whole cache lines of A.
func (p *product) stripsOfA(t *cTile, k, kb int) (copies []float32, rowStep int) {
	copies = p.ws.panels[len(p.ws.panels)-copiesSize:]
	rowStep = kb + stripGap
	strips := p.stripsOf(t.rows, kb)
	strips.most = strips.count
	row := 0
	for left := strips.count; left > 0; {
		mr, count := strips.next(left)
		dst, src := copies[row*rowStep:], p.a[k*p.acs+t.i+row:]
		if count >= 4 && mr <= 8 {
			count = 4
			p.h.packFourStrips(dst, mr*rowStep, src, p.acs, kb, mr)
		} else {
			count = 1
			p.h.packStrip(dst, src, p.acs, kb, mr)
		}
		left -= count
		row += count * mr
	}
	return copies, rowStep
}

// stripGap, times the rows of a strip, is what a strip's copy may overrun. It also
// keeps copies from competing for the same cache sets.
const stripGap = 2

// blockOfA returns the elements of A that a tile meets from term k on, and the
// distances from row to row, along the chain, and from row to row of strips.
// Where its rows compete for few cache sets, it copies the block to rows an odd
// number of cache lines apart; a few rows that B streams past, of which each element
// would take a cache line, it copies side by side.
func (p *product) blockOfA(t *cTile, k, kb int) (a []float32, ars, acs, rowStep int) {
	block := p.a[t.i*p.ars+k*p.acs:]
	ld, rows, cols := p.ars, t.rows, kb
	if p.ars == 1 && p.acs > 1 && t.rows <= streamRows && p.n > 4*p.g.nr {
		copies := p.ws.panels[len(p.ws.panels)-copiesSize:]
		for r := range t.rows {
			for l := range kb {
				copies[r*kb+l] = block[l*p.acs+r]
			}
		}
		return copies, kb, 1, kb
	}
	if p.ars == 1 {
		ld, rows, cols = p.acs, kb, t.rows
	}
	if rows < 4 || !p.competes(ld, t.rows) {
		return block, p.ars, p.acs, p.ars
	}
	stride := (cols+15)/16*16 | 16
	copies := p.ws.panels[len(p.ws.panels)-copiesSize:]
	for r := range rows {
		copy(copies[r*stride:r*stride+cols], block[r*ld:])
	}
	if p.ars == 1 {
		return copies, 1, stride, 1
	}
	return copies, stride, 1, stride
}

// competes decides whether a block of A with rows ld apart is worth a copy. A
// strip reads along a few rows, which only whole pages hurt, and only a little.
// Transposed it reads a piece of every row: whole pages lose all that the next
// strip or panel would read again, half pages a part of it.
func (p *product) competes(ld, mb int) bool {
	wide := p.n > p.h.profile.CopyColumns
	if p.ars != 1 {
		return ld%pageFloats == 0 && wide
	}
	again := mb > p.g.mr || p.n > p.g.nr
	return ld%pageFloats == 0 && again || ld%(pageFloats/2) == 0 && wide
}
