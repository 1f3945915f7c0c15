package kernels

// tiles are the largest register tiles, mr x nr, of the tiers. The layout of
// packed operands depends on nr, so no profile changes them.
var tiles = [...]struct{ mr, nr int }{
	Generic: {4, 16},
	AVX2:    {6, 16},
	AVX512:  {12, 32},
}

// geometry is how the products of a handle are cut: strips of up to mr rows, of
// across where A is transposed, of tall if there is one only, panels of nr columns,
// and the blocks that keep a panel of B (kc x nr) in L1 or L2, a block of A (mc
// x kc) in L2 and a packed block of B (kc x nc) in L2 or L3. Where A is
// transposed kct is the kc.
type geometry struct{ mr, across, tall, nr, mc, kc, kct, nc int }

// lineFloats is the floats of a cache line. Strips of fewer rows than half of one
// would read the lines of a transposed A more than twice.
const lineFloats = 16

func newGeometry(isa ISA, p *Profile) geometry {
	t := tiles[isa]
	return geometry{
		mr: min(p.StripRows, t.mr), across: min(max(p.StripRows, lineFloats/2), t.mr), tall: t.mr, nr: t.nr,
		mc: p.BlockRows, kc: p.BlockDepth, kct: p.BlockDepthTransposed, nc: p.BlockColumns,
	}
}

const (
	// Copies of A lie behind the panels of B: mc rows of kc, or kc rows of mc.
	copiesSize      = blockFloatsA
	workspacePanels = blockFloatsB + copiesSize
	workspaceStrip  = 2 * blockFloatsC
)

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
// be very few; of rows that each lie on a page of their own and of which a panel
// reads a single cache line, a copy pays a little sooner.
func (p *product) readsInPlace(kb int) bool {
	if p.ldb%pageFloats == 0 && p.m > 2*p.g.mr {
		return false
	}
	direct := p.h.profile.DirectRows
	if p.ldb >= pageFloats && p.g.nr == lineFloats {
		direct = direct * 3 / 4
	}
	return p.m <= direct || kb*p.ldb <= p.h.profile.DirectFloats
}
