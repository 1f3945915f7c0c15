package kernels

// transposed reports whether there are too few input channels to fill vectors,
// as in a first layer. Then the output channels lie in the vectors and the
// input channels in the rows of the register tile, which gives the transposed
// gradient. Panels are twice as wide as usual: three rows of two vectors would be
// too few chains.
func (g *gradient) transposed() bool {
	return g.s.In < 8 && g.s.Taps() <= len(g.p.ws.strip)/64 && g.kernelTaps() <= mostPositions
}

// kernelTaps is the taps of an input channel.
func (g *gradient) kernelTaps() int { return g.s.KernelHeight * g.s.KernelWidth }

// narrow is segment for few input channels. The chains live in scratch memory,
// Taps x (co1-co0), until the segment ends. All taps of a panel's output channels
// come before the next panel, so that its errors stay in L1.
func (g *gradient) narrow(out Matrix, co0, co1, rows, total int) {
	width, wide := co1-co0, 2*g.p.g.nr
	scratch := Matrix{Rows: g.s.Taps(), Cols: width, Stride: (width + 15) &^ 15, Data: g.p.ws.strip}
	b := narrowBlock{gradientBlock: gradientBlock{gradient: g}, tiles: g.p}
	b.tiles.g.across, b.tiles.g.tall, b.tiles.g.nr = 3, 3, wide
	// Errors are read where they lie if each panel is a whole number of vectors, which
	// is what tiles read, and pixels are not too far apart.
	last := width % wide
	b.inPlace = g.s.Out <= narrowPanels && (last == 0 || last == wide/2 || last == wide/4)
	for b.next(min(rows, mostPositions/g.kernelTaps()), total) {
		b.findParts()
		for b.co0 = co0; b.co0 < co1; b.co0 = b.co1 {
			b.co1 = min(b.co0+wide, co1)
			chains := scratch
			chains.Data = chains.Data[b.co0-co0:]
			panel := b.errorPanel()
			for tap := range g.kernelTaps() {
				b.narrowTap(&chains, &panel, tap)
			}
		}
	}
	for tap := range scratch.Rows {
		for i, z := range scratch.Row(tap) {
			out.Row(co0 + i)[tap] = z
		}
	}
}

// narrowPanels is the floats from pixel to pixel up to which errors are read where
// they lie.
const narrowPanels = 256

// narrowBlock is a block with tiles of three rows, whose taps have their parts of
// errorParts side by side.
type narrowBlock struct {
	gradientBlock
	tiles   product
	inPlace bool
	ends    [mostPositions]int // of the parts of each tap
}

// findParts lists where the chains of all taps run, the same for every panel. The
// inputs are read where they are.
func (b *narrowBlock) findParts() {
	parts := b.errorParts[:0]
	for tap := range b.kernelTaps() {
		kh, kw := tap/b.s.KernelWidth, tap%b.s.KernelWidth
		lo, hi := b.columnsOf(kw)
		for r := b.r0; r < b.r1 && lo < hi; r++ {
			if sample, oh, y, ok := b.row(r, kh); ok {
				errors := ((r-b.r0)*b.ow + lo) * b.tiles.g.nr
				if b.inPlace {
					errors = b.errorAt(sample, oh, lo)
				}
				parts = append(parts, chainPart{a: b.inputAt(sample, y, lo, kw), b: errors, k: hi - lo})
			}
		}
		b.ends[tap] = len(parts)
	}
}

// errorPanel finds the errors of the block's rows and channels, or copies them.
func (b *narrowBlock) errorPanel() panelSet {
	width, wide := b.co1-b.co0, b.tiles.g.nr
	if b.inPlace {
		b.tiles.b = b.err.Data[b.co0:]
		return panelSet{nb: width, rowStride: b.s.Out}
	}
	dst := b.tiles.ws.panels
	for r := b.r0; r < b.r1; r++ {
		sample, oh, _, _ := b.row(r, 0)
		b.tiles.h.packWide(dst, b.err.from(sample, oh*b.ow*b.s.Out+b.co0), b.s.Out, b.ow, width, wide)
		dst = dst[b.ow*wide:]
	}
	return panelSet{mode: copied, nb: width, rowStride: wide}
}

// narrowTap adds the block to the chains of one tap and panel.
func (b *narrowBlock) narrowTap(chains *Matrix, panel *panelSet, tap int) {
	first, terms := 0, 0
	if tap > 0 {
		first = b.ends[tap-1]
	}
	parts := b.errorParts[first:b.ends[tap]]
	for i := range parts {
		terms += parts[i].k
	}
	var t cTile // field by field, as in MatMul
	t.z, t.stride, t.rows, t.cols = chains.Data[tap*b.s.In*chains.Stride:], chains.Stride, b.s.In, b.co1-b.co0
	from := fromC
	if b.r0 == 0 {
		from = fromZero
	}
	if terms == 0 {
		for i := 0; i < t.rows && from == fromZero; i++ {
			clear(t.z[i*t.stride : i*t.stride+t.cols])
		}
		return
	}
	var s sweep
	s.t, s.hi, s.parts, s.terms, s.from, s.scale = &t, t.cols, parts, terms, from, 1
	s.a, s.ars, s.acs, s.rowStep, s.panels = b.x.Data, 1, b.inputStep(), 1, panel
	b.tiles.sweep(&s)
}
