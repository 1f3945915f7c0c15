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
	p := product{h: h, ws: ws, e: e, c: c, b: b.Data, ldb: b.Stride}
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
	p := product{h: h, ws: ws, e: e, c: c, b: b.data, source: packedPanels, n: b.n}
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
	default:
		p.runBlocks()
	}
}

// runBlocks computes C in blocks of at most mc x nc x kc. As chains continue
// from the old value of C, blocking leaves no trace in the result; it only
// decides what stays in which cache.
func (p *product) runBlocks() {
	mc := evenBlock(p.m, p.g.mc, 1)
	for j := 0; j < p.n; j += p.g.nc {
		nb := min(p.g.nc, p.n-j)
		if p.e.Kind == LatentUpdate || p.k > segment {
			for i := 0; i < p.m; i += mc {
				p.tileMajor(i, j, min(mc, p.m-i), nb)
			}
			continue
		}
		for k := 0; k < p.k; {
			kb := p.blockOfK(k, p.k)
			panels := p.panels(k, j, kb, nb, mc >= p.m)
			last := k+kb == p.k
			for i := 0; i < p.m; i += mc {
				t := p.tileOfC(i, j, min(mc, p.m-i), nb)
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
			panels := p.panels(k, j, kb, nb, true)
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
	blocks := (total + most - 1) / most
	size := (total + blocks - 1) / blocks
	return min(most, (size+unit-1)/unit*unit)
}

func (p *product) blockOfK(k, end int) int {
	rest, most := end-k, p.g.kc
	switch {
	case p.streams():
		most = streamDepth
	case p.ars == 1:
		most = p.g.kct
	}
	if rest <= most {
		return rest
	}
	return min(evenBlock(rest, most, 8), rest)
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

// block adds kb terms to the chains of one tile, panel by panel.
func (p *product) block(t *cTile, panels *panelSet, k, kb int, first, last bool) {
	whole := [1]chainPart{{k: kb}}
	call := tileCall{parts: whole[:], ars: p.ars, acs: p.acs, crs: t.stride, scale: 1}
	a, stride := p.blockOfA(t.i, k, t.rows, kb)
	if stride != 0 && p.ars == 1 {
		call.acs = stride
	} else if stride != 0 {
		call.ars = stride
	}
	if last && !t.partial && p.e.Kind == Store && p.e.Scale != 0 {
		call.scale = p.e.Scale
	}
	from := t.startAt(p.e, k, first)
	for jp := 0; jp < t.cols; {
		width := 0
		if p.dotsFit() {
			width = p.blockOfDots(t, jp, k, kb, from, call.scale)
		}
		if width == 0 {
			width = min(p.tileWidth(t, panels, jp), t.cols-jp)
			call.cols = width
			call.b, call.brs, call.bps = panels.at(jp)
			p.strips(call, a, t, jp, kb, from)
		}
		if last && !t.partial && p.e.Kind != Store {
			p.finish(t, jp, jp+width)
		}
		jp += width
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

// strips splits the rows of a tile into near-equal strips of at most mr rows:
// a few of one row more, then the rest.
func (p *product) strips(call tileCall, a []float32, t *cTile, jp, kb int, from start) {
	count := (t.rows + p.g.mr - 1) / p.g.mr
	small, extra := t.rows/count, t.rows%count
	// One call stays within microseconds, because assembly cannot be preempted.
	most := max(1, callFMAs/((small+1)*p.g.nr*kb))
	row := 0
	for s := 0; s < count; s += call.strips {
		if s < extra {
			call.mr, call.strips = small+1, min(extra-s, most)
		} else {
			call.mr, call.strips = small, min(count-s, most)
		}
		call.a = a[row*call.ars:]
		call.c = t.z[row*t.stride+jp:]
		switch from {
		case fromZero:
			call.init, call.irs = nil, 0
		case fromBias:
			call.init, call.irs = p.e.Bias[t.j+jp:], 0
		case fromC:
			call.init, call.irs = call.c, t.stride
		}
		p.h.tile(&call)
		row += call.strips * call.mr
	}
}

// callFMAs bounds the multiply-adds of one assembly call (about 20 us).
const callFMAs = 1 << 20

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
