package kernels

// A result narrower than a vector wastes lanes. With the operands swapped the
// rows of C lie in the lanes: C^T = B^T A^T, which is computed in scratch memory
// and transposed at the end.

const (
	// swapRows bounds the rows of a block of C^T, which stays in L1 or L2.
	swapRows = 512
	// swapDepth is from how many terms on swapping gains more than it costs.
	swapDepth = 32
)

// swaps reports whether C is narrow and tall, and its rows fill the lanes but
// for a few.
func (p *product) swaps() bool {
	if p.h.isa == Generic || p.n > mostDots || p.k < swapDepth {
		return false
	}
	lanes := p.h.dotsLanes(p.n)
	return p.m >= lanes && (p.m%lanes == 0 || p.m >= 4*lanes)
}

func (p *product) runSwapped() {
	var q product // not a literal, as in MatMul
	q.h, q.ws, q.g, q.m, q.k, q.a, q.source, q.ldb = p.h, p.ws, p.g, p.n, p.k, p.b, rowsOfN, p.ars
	switch p.source {
	case packedPanels:
		q.ars, q.acs = 1, p.g.nr // a single panel
	case rowsOfK:
		q.ars, q.acs = 1, p.ldb
	case rowsOfN:
		q.ars, q.acs = p.ldb, 1
	}
	if p.ars == 1 {
		q.source, q.ldb = rowsOfK, p.acs
	}
	q.e = &plain
	if p.e.Bias != nil || p.e.Accumulate {
		q.e = &accumulating
	}
	q.c = Matrix{Rows: p.n, Stride: Stride(min(p.m, swapRows)), Data: p.ws.strip[:len(p.ws.strip)/2]}
	for i := 0; i < p.m; i += swapRows {
		mb := min(swapRows, p.m-i)
		q.n, q.c.Cols, q.b = mb, mb, p.a[i*p.ars:]
		t := p.tileOfC(i, 0, mb, p.n)
		if p.e.Kind == LatentUpdate {
			t.z = p.ws.panels // the scratch memory of tiles is C^T's now
		}
		q.startSwapped(p, &t)
		q.runBlocks()
		p.h.transposeBlock(t.z, t.stride, q.c.Data, q.c.Stride, mb, p.n)
		p.finish(&t, 0, p.n)
	}
}

// accumulating is the epilogue of a product that continues chains.
var accumulating = Epilogue{Accumulate: true}

// startSwapped puts into C^T what the chains of a tile of p start from.
func (q *product) startSwapped(p *product, t *cTile) {
	switch {
	case p.e.Bias != nil:
		for j, b := range p.e.Bias[:p.n] {
			row := q.c.Row(j)
			for i := range row {
				row[i] = b
			}
		}
	case p.e.Accumulate:
		for j := range p.n {
			row := q.c.Row(j)
			for i := range row {
				row[i] = t.z[i*t.stride+j]
			}
		}
	}
}

// transposeBlock writes the rows of src to the columns of dst, rows x cols.
func (h *Handle) transposeBlock(dst []float32, ds int, src []float32, ss, rows, cols int) {
	if cols >= 8 {
		h.transposeEight(dst, ds, src, ss, rows)
		if cols > 8 { // the last ones, with some once more
			h.transposeEight(dst[cols-8:], ds, src[(cols-8)*ss:], ss, rows)
		}
		return
	}
	for j := range cols {
		for i, v := range src[j*ss : j*ss+rows] {
			dst[i*ds+j] = v
		}
	}
}
