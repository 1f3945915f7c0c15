package kernels

// Op says which operands of a product are read transposed.
type Op uint8

const (
	NN Op = iota // C = A B,   A: m x k, B: k x n
	NT           // C = A B^T, A: m x k, B: n x k
	TN           // C = A^T B, A: k x m, B: k x n
)

// String returns NN, NT or TN.
func (op Op) String() string { return [...]string{"NN", "NT", "TN"}[op] }

var (
	argA   = messagesFor("a")
	argB   = messagesFor("b")
	argC   = messagesFor("c")
	argDst = messagesFor("dst")
)

const (
	badOp       = "kernels: op: unknown operation"
	nilWork     = "kernels: ws: nil workspace"
	foreignPack = "kernels: b: packed by another handle, or not packed"
)

// MatMul computes C = op(A) op(B) and applies e, which may be nil for a plain
// product. C must not overlap A or B. It panics if a shape does not fit.
func (h *Handle) MatMul(ws *Workspace, op Op, c, a, b Matrix, e *Epilogue) {
	var p product // set field by field: a literal would be copied
	p.h, p.ws, p.e, p.c, p.b, p.ldb = h, ws, e, c, b.Data, b.Stride
	p.setA(op, &a)
	b.check(&argB)
	k, n := b.Rows, b.Cols
	switch op {
	case NN, TN:
		p.source = rowsOfK
	case NT:
		k, n = n, k
		p.source = rowsOfN
	}
	if k != p.k {
		panic(argB.shape)
	}
	p.n = n
	p.checkOutput(&a, b.Data)
	p.run()
}

// MatMulPacked computes C = op(A) B for a B that this handle has packed, and
// applies e, which may be nil. Op says how A is read: NN and NT as it is, TN
// transposed. C must not overlap A. It panics if a shape does not fit or if b
// was packed by another handle.
func (h *Handle) MatMulPacked(ws *Workspace, op Op, c, a Matrix, b *Packed, e *Epilogue) {
	if b == nil || b.h != h {
		panic(foreignPack)
	}
	var p product
	p.h, p.ws, p.e, p.c, p.b, p.n = h, ws, e, c, b.data, b.n
	p.source = packedPanels
	p.setA(op, &a)
	if b.k != p.k {
		panic(argB.shape)
	}
	p.checkOutput(&a, b.data)
	p.run()
}

// bSource is how a product finds the panels of B.
type bSource uint8

const (
	packedPanels bSource = iota
	rowsOfK              // row-major k x n: panels are copied, or read in place
	rowsOfN              // row-major n x k: panels are transposed
)

// product is one matrix product on its way through the loops.
type product struct {
	h       *Handle
	ws      *Workspace
	e       *Epilogue
	c       Matrix
	m, k, n int
	a       []float32
	ars     int // distance of A's elements from row to row of C
	acs     int // and along the chain
	b       []float32
	ldb     int
	source  bSource
	g       geometry
}

func (p *product) setA(op Op, a *Matrix) {
	if p.ws == nil {
		panic(nilWork)
	}
	if op > TN {
		panic(badOp)
	}
	a.check(&argA)
	p.a = a.Data
	p.m, p.k, p.ars, p.acs = a.Rows, a.Cols, a.Stride, 1
	if op == TN {
		p.m, p.k, p.ars, p.acs = a.Cols, a.Rows, 1, a.Stride
	}
}

func (p *product) checkOutput(a *Matrix, b []float32) {
	if p.e == nil {
		p.e = &plain
	}
	if p.e.Kind != LatentUpdate {
		p.c.checkShape(p.m, p.n, &argC)
		if meet, _ := overlaps(p.c.used(), a.used()); meet {
			panic(argC.overlap)
		}
		if meet, _ := overlaps(p.c.used(), b); meet {
			panic(argC.overlap)
		}
	}
	p.e.check(&p.c, p.m, p.n)
	p.g = p.h.g
}

// plain is the epilogue of a product without one.
var plain Epilogue

// run chooses how to compute C. The choice leaves no trace in the result.
func (p *product) run() {
	switch {
	case p.m == 0 || p.n == 0:
	case p.k == 0:
		p.runEmpty()
	case p.swaps():
		p.runSwapped()
	case p.isSmall():
		p.runSmall()
	default:
		p.runBlocks()
	}
}

// runBlocks computes C in blocks of at most mc x nc x kc. As chains continue
// from the old value of C, blocking leaves no trace in the result; it only
// decides what stays in which cache.
func (p *product) runBlocks() {
	nc := p.blockOfColumns()
	for j := 0; j < p.n; j += nc {
		nb := min(nc, p.n-j)
		if p.e.Kind == LatentUpdate || p.k > segment {
			mc := p.blockOfRows(p.blockOfK(0, min(p.k, segment)))
			for i := 0; i < p.m; i += mc {
				p.tileMajor(i, j, min(mc, p.m-i), nb)
			}
			continue
		}
		for k := 0; k < p.k; {
			kb := p.blockOfK(k, p.k)
			mc := p.blockOfRows(kb)
			var panels panelSet
			p.locate(&panels, k, j, kb, nb, mc >= p.m)
			last := k+kb == p.k
			for i := 0; i < p.m; i += mc {
				var t cTile // not a literal, as above
				t.z, t.stride = p.c.Data[i*p.c.Stride+j:], p.c.Stride
				t.i, t.j, t.rows, t.cols = i, j, min(mc, p.m-i), nb
				p.block(&t, &panels, k, kb, k == 0, last)
			}
			k += kb
		}
	}
}

// segment is where chains are cut.
const segment = 8192

// tileMajor takes one tile of C through all of k: for results that live in
// scratch memory only, and for chains of several segments, whose partial sums
// need a second tile.
func (p *product) tileMajor(i, j, mb, nb int) {
	result := p.tileOfC(i, j, mb, nb)
	for lo := 0; lo < p.k; lo += segment {
		hi := min(lo+segment, p.k)
		t := result
		if lo > 0 {
			t = p.scratch(1, i, j, mb, nb)
		}
		t.partial = hi < p.k || lo > 0
		for k := lo; k < hi; {
			kb := p.blockOfK(k, hi)
			var panels panelSet
			p.locate(&panels, k, j, kb, nb, true)
			p.block(&t, &panels, k, kb, k == lo, k+kb == hi)
			k += kb
		}
		if lo > 0 {
			p.h.addBlock(result.z, result.stride, t.z, t.stride, mb, nb)
		}
	}
	if p.k > segment {
		p.finish(&result, 0, nb)
	}
}

// runEmpty is a product over no k at all: the chains are what they start from.
func (p *product) runEmpty() {
	for i := 0; i < p.m; i += p.g.mc {
		for j := 0; j < p.n; j += p.g.nc {
			t := p.tileOfC(i, j, min(p.g.mc, p.m-i), min(p.g.nc, p.n-j))
			for r := range t.rows {
				row := t.z[r*t.stride : r*t.stride+t.cols]
				switch {
				case p.e.Bias != nil:
					copy(row, p.e.Bias[j:])
				case !p.e.Accumulate:
					clear(row)
				}
			}
			t.partial = true
			p.finish(&t, 0, t.cols)
		}
	}
}

// evenBlock splits total into the fewest blocks of at most most, of nearly the
// same size, a multiple of unit.
func evenBlock(total, most, unit int) int {
	if total <= most {
		return total
	}
	blocks := (total + most - 1) / most
	size := (total + blocks - 1) / blocks
	return min(most, (size+unit-1)/unit*unit)
}

// blockOfColumns is the columns of a block of C. Each copies strips of A anew, so
// there it is twice as wide where B's panels and C's tile need no more room for it.
func (p *product) blockOfColumns() int {
	if p.n > p.g.nc && p.packsStrips() && p.e.Kind != LatentUpdate && p.k <= segment && 2*p.g.nc*p.blockOfK(0, p.k) <= blockFloatsB {
		return 2 * p.g.nc
	}
	return p.g.nc
}

// blockOfRows is the rows of a block of A: with fewer terms than the most it has
// more of them, as far as the workspace reaches.
func (p *product) blockOfRows(kb int) int {
	if p.m <= p.g.mc {
		return p.m
	}
	rows := min(p.g.mc*p.g.kc/kb, mostBlockRows, blockFloatsC/(p.g.nc+16), blockFloatsA/kb-32, blockFloatsA/(kb+32))
	return evenBlock(p.m, max(rows, p.g.mc), 1)
}

// mostBlockRows is how far the rows of a block grow where it has few terms.
const mostBlockRows = 192

func (p *product) blockOfK(k, end int) int {
	rest, most := end-k, p.g.kc
	switch {
	case p.streams():
		most = streamDepth
	case p.packsStrips():
		most = min(most, 4*p.g.kct) // a strip has L1 to share, but no lines to waste
	case p.ars == 1:
		most = p.g.kct
	}
	return evenBlock(rest, most, 8)
}

// A cTile is a block of C, or the scratch memory that stands for one.
type cTile struct {
	z          []float32
	stride     int
	i, j       int // where it lies in C
	rows, cols int
	partial    bool // not the whole chain: no scale, no epilogue
}

func (p *product) tileOfC(i, j, mb, nb int) cTile {
	if p.e.Kind == LatentUpdate {
		return p.scratch(0, i, j, mb, nb)
	}
	return cTile{z: p.c.Data[i*p.c.Stride+j:], stride: p.c.Stride, i: i, j: j, rows: mb, cols: nb}
}

func (p *product) scratch(number, i, j, mb, nb int) cTile {
	half := len(p.ws.strip) / 2
	return cTile{z: p.ws.strip[number*half : (number+1)*half], stride: Stride(nb), i: i, j: j, rows: mb, cols: nb}
}

// block adds kb terms to the chains of one tile.
func (p *product) block(t *cTile, panels *panelSet, k, kb int, first, last bool) {
	whole := [1]chainPart{{k: kb}}
	var s sweep
	s.t, s.hi, s.panels, s.parts, s.terms = t, t.cols, panels, whole[:], kb
	s.from, s.scale, s.streams = t.startAt(p.e, k, first), 1, p.streams()
	ends := last && !t.partial
	s.finish = ends && p.e.Kind != Store
	if ends && p.e.Kind == Store && p.e.Scale != 0 {
		s.scale = p.e.Scale
	}
	for p.dotsFit() && p.dots(&s, k) {
	}
	if s.lo < s.hi {
		if s.packed = p.packsStrips(); s.packed {
			s.ars = 1
			s.a, s.rowStep = p.stripsOfA(t, k, kb)
		} else {
			s.a, s.ars, s.acs, s.rowStep = p.blockOfA(t, k, kb)
		}
		p.sweep(&s)
	}
}

// start is what chains start from.
type start uint8

const (
	fromZero start = iota
	fromBias
	fromC
)

func (t *cTile) startAt(e *Epilogue, k int, first bool) start {
	switch {
	case !first:
		return fromC
	case k > 0: // a later segment
		return fromZero
	case e.Bias != nil:
		return fromBias
	case e.Accumulate:
		return fromC
	}
	return fromZero
}

// finish applies the epilogue to columns lo to hi-1 of a tile whose chains are
// complete.
func (p *product) finish(t *cTile, lo, hi int) {
	if p.e.Kind == Store {
		if p.e.Scale != 0 && p.e.Scale != 1 {
			p.h.scaleBlock(t.z[lo:], t.stride, t.rows, hi-lo, p.e.Scale)
		}
		return
	}
	p.h.applyBlock(p.e, t.z[lo:], t.stride, t.i, t.j+lo, t.rows, hi-lo)
}

// used is the part of Data that the matrix occupies.
func (m *Matrix) used() []float32 {
	if m.Rows == 0 || m.Cols == 0 {
		return nil
	}
	return m.Data[:(m.Rows-1)*m.Stride+m.Cols]
}
