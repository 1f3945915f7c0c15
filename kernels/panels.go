package kernels

// tiles are the largest register tiles, mr x nr, of the tiers. The layout of
// packed operands depends on nr, so no profile changes them.
var tiles = [...]struct{ mr, nr int }{
	Generic: {4, 16},
	AVX2:    {6, 16},
	AVX512:  {12, 32},
}

// geometry is how the products of a handle are cut: the register tile mr x nr,
// and the blocks that keep a panel of B (kc x nr) in L1 or L2, a block of A (mc
// x kc) in L2 and a packed block of B (kc x nc) in L2 or L3. Where A is
// transposed kct is the kc.
type geometry struct{ mr, nr, mc, kc, kct, nc int }

func newGeometry(isa ISA, p *Profile) geometry {
	t := tiles[isa]
	return geometry{t.mr, t.nr, p.BlockRows, p.BlockDepth, p.BlockDepthTransposed, p.BlockColumns}
}

const (
	// Copies of A lie behind the panels of B: mc rows of kc, or kc rows of mc.
	copiesSize      = blockFloatsA
	workspacePanels = blockFloatsB + copiesSize
	workspaceStrip  = 2 * blockFloatsC
)

// A Packed is an operand B (k x n) laid out in the panels that a handle's
// products read: for each nr columns, k rows of nr consecutive elements, the
// last panel padded with zeros. It holds no reference to the matrix it came
// from and goes stale when that changes.
type Packed struct {
	h    *Handle
	k, n int
	data []float32
}

// PackedSize returns how many floats [Handle.Pack] needs for an operand of k x
// n.
func (h *Handle) PackedSize(k, n int) int {
	if k < 0 || n < 0 {
		panic(argB.dimension)
	}
	nr := h.g.nr
	return (n + nr - 1) / nr * nr * k
}

// Pack lays out b in dst, which must hold PackedSize(k, n) floats and not
// overlap b: for NN and TN b is k x n, for NT it is n x k. The result keeps
// dst.
func (h *Handle) Pack(dst []float32, op Op, b Matrix) Packed {
	p := h.packedFor(dst, op, &b)
	h.packPanels(p.data, op == NT, b, 0, p.n)
	return p
}

// PackColumns packs only columns lo to hi-1 of the operand (rows of b with
// NT), for workers that share the packing: lo must be a multiple of
// [Handle.PanelColumns], and hi too or n itself.
func (h *Handle) PackColumns(dst []float32, op Op, b Matrix, lo, hi int) Packed {
	p := h.packedFor(dst, op, &b)
	nr := h.g.nr
	if lo < 0 || hi < lo || hi > p.n || lo%nr != 0 && lo != p.n || hi%nr != 0 && hi != p.n {
		panic("kernels: PackColumns: not a range of whole panels")
	}
	if lo < hi {
		h.packPanels(p.data, op == NT, b, lo, hi)
	}
	return p
}

// PanelColumns returns the width of the panels of packed operands.
func (h *Handle) PanelColumns() int { return h.g.nr }

func (h *Handle) packedFor(dst []float32, op Op, b *Matrix) Packed {
	if op > TN {
		panic(badOp)
	}
	b.check(&argB)
	k, n := b.Rows, b.Cols
	if op == NT {
		k, n = n, k
	}
	size := h.PackedSize(k, n)
	if len(dst) < size {
		panic(argDst.length)
	}
	dst = dst[:size]
	if meet, _ := overlaps(dst, b.used()); meet {
		panic(argDst.overlap)
	}
	return Packed{h: h, k: k, n: n, data: dst}
}

// Matches reports whether p holds what Pack makes of b now; with op as given
// to Pack. Tests use it to catch stale operands.
func (p *Packed) Matches(op Op, b Matrix) bool {
	nr := p.h.g.nr
	k, n := b.Rows, b.Cols
	if op == NT {
		k, n = n, k
	}
	if k != p.k || n != p.n {
		return false
	}
	for j := range n {
		for i := range k {
			want := b.Data
			if op == NT {
				want = want[j*b.Stride+i:]
			} else {
				want = want[i*b.Stride+j:]
			}
			if got := p.data[j/nr*nr*k+i*nr+j%nr]; got != want[0] && (got == got || want[0] == want[0]) {
				return false
			}
		}
	}
	return true
}

// A panelSet says where the panels of one block of B are: kb rows from k on, nb
// columns from j on.
type panelSet struct {
	k, j        int
	kb, nb      int
	first       int // where they start
	panelStride int // from panel to panel
	rowStride   int // along k
	mode        panelMode
}

// panelMode is where a block's panels are.
type panelMode uint8

const (
	ready   panelMode = iota // in B, packed
	inPlace                  // in the row-major B; a last, narrower one is packed when asked for
	copied                   // in the workspace, all of them
	oneUse                   // packed when asked for, in the same place, which stays in L1
	several                  // likewise, some neighbours side by side
)

// locate finds the panels of a block of B, or packs them. Panels that one block
// of A meets only once need no place of their own.
func (p *product) locate(s *panelSet, k, j, kb, nb int, once bool) {
	nr := p.g.nr
	s.k, s.j, s.kb, s.nb, s.rowStride = k, j, kb, nb, nr
	switch {
	case p.source == packedPanels:
		s.mode, s.first, s.panelStride = ready, j*p.k+k*nr, nr*p.k
	case p.source == rowsOfK && once && p.packsSeveral(kb):
		s.mode, s.rowStride = several, severalColumns
	case p.source == rowsOfK && p.readsInPlace(kb):
		s.mode, s.first, s.panelStride, s.rowStride = inPlace, k*p.ldb+j, nr, p.ldb
	case once:
		s.mode = oneUse
	default:
		s.mode, s.first, s.panelStride = copied, 0, nr*kb
		for jp := 0; jp < nb; jp += nr {
			p.packFor(s, p.ws.panels[jp*kb:], jp)
		}
	}
}

// panel returns the panel that starts at column jp of a block, its row stride
// and the distance of the next panel, if there is one.
func (p *product) panel(s *panelSet, jp int) (b []float32, row, next int) {
	nr := p.g.nr
	if s.mode == oneUse || s.mode == inPlace && jp+nr > s.nb {
		p.packFor(s, p.ws.panels, jp)
		return p.ws.panels, nr, 0
	}
	if s.mode == several {
		at := jp % severalColumns
		if at == 0 {
			p.h.packWide(p.ws.panels, p.b[s.k*p.ldb+s.j+jp:], p.ldb, s.kb, min(severalColumns, s.nb-jp), severalColumns)
		}
		return p.ws.panels[at:], severalColumns, nr
	}
	from := p.b
	if s.mode == copied {
		from = p.ws.panels
	}
	return from[s.first+jp/nr*s.panelStride:], s.rowStride, s.panelStride
}

func (p *product) packFor(s *panelSet, dst []float32, jp int) {
	from := s.k*p.ldb + s.j + jp
	if p.source == rowsOfN {
		from = (s.j+jp)*p.ldb + s.k
	}
	p.h.packPanel(dst, p.b[from:], p.ldb, p.source == rowsOfN, s.kb, min(p.g.nr, s.nb-jp))
}

// pageFloats is the distance, 4096 bytes, at which rows fall into the same sets
// of an L1 cache, which then holds a handful of them.
const pageFloats = 1024

// packsSeveral decides whether the panels of a row-major B are copied four cache
// lines of each row at a time: where rows lie so far apart that a core has not the
// address translations of all of them at hand, and are few enough to stay in L1.
func (p *product) packsSeveral(kb int) bool {
	return kb*p.ldb > translated && kb <= severalRows && p.m > 2*p.g.mr
}

const (
	severalColumns = 64
	severalRows    = 64
)

// readsInPlace decides whether the panels of a row-major B are read where they
// are: for few rows, or where a panel stays in L1. Rows whole pages apart must
// be very few.
func (p *product) readsInPlace(kb int) bool {
	if p.ldb%pageFloats == 0 && p.m > 2*p.g.mr {
		return false
	}
	return p.m <= p.h.profile.DirectRows || kb*p.ldb <= p.h.profile.DirectFloats
}

// packsStrips decides whether a transposed A is copied strip by strip. A strip
// reads a piece of every row of A, which costs little as long as a core has the
// address translations of all of them at hand; and enough columns of C must read
// the copy.
func (p *product) packsStrips() bool {
	return p.ars == 1 && p.n >= stripColumns && min(p.k, p.g.kct)*p.acs > translated && p.h.isa != Generic
}

const (
	stripColumns = 128
	translated   = 64 * pageFloats
)

// stripsOfA copies the elements of a transposed A that a tile meets from term k
// on, kb terms for each strip in turn.
func (p *product) stripsOfA(t *cTile, k, kb int) []float32 {
	copies := p.ws.panels[len(p.ws.panels)-copiesSize:]
	strips := p.stripsOf(t.rows, kb)
	row := 0
	for left := strips.count; left > 0; left-- {
		mr, _ := strips.next(left)
		p.h.packStrip(copies[row*kb:], p.a[k*p.acs+t.i+row:], p.acs, kb, mr)
		row += mr
	}
	return copies
}

// blockOfA returns the elements of A that a tile meets from term k on, and the
// distances from row to row, along the chain, and from row to row of strips.
// Where its rows compete for few cache sets, it copies the block to rows an odd
// number of cache lines apart.
func (p *product) blockOfA(t *cTile, k, kb int) (a []float32, ars, acs, rowStep int) {
	block := p.a[t.i*p.ars+k*p.acs:]
	ld, rows, cols := p.ars, t.rows, kb
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
