package kernels

// transposed reports whether there are too few input channels to fill vectors,
// as in a first layer. Then the output channels lie in the vectors and the
// input channels in the rows of the register tile, which gives the transposed
// gradient. Panels are twice as wide as usual: three rows of two vectors would be
// too few chains.
func (g *gradient) transposed() bool {
	return g.s.In < 8 && g.s.Taps() <= len(g.p.ws.strip)/64
}

// narrow is segment for few input channels. The chains live in scratch memory,
// Taps x (co1-co0), until the segment ends.
func (g *gradient) narrow(out Matrix, co0, co1, rows, total int) {
	width := co1 - co0
	scratch := Matrix{Rows: g.s.Taps(), Cols: width, Stride: (width + 15) &^ 15, Data: g.p.ws.strip}
	for r := 0; r < total; r += rows {
		b := gradientBlock{gradient: g, co0: co0, co1: co1, r0: r, r1: min(r+rows, total)}
		panels := b.errorPanels()
		for kh := range g.s.KernelHeight {
			for kw := range g.s.KernelWidth {
				b.narrowTap(scratch, &panels, kh, kw)
			}
		}
	}
	for tap := range scratch.Rows {
		for i, z := range scratch.Row(tap) {
			out.Row(co0 + i)[tap] = z
		}
	}
}

// errorPanels finds the errors of the block's rows as panels for all taps: where
// they lie, if pixels are close together and the last panel is a whole number of
// vectors, which is what tiles read, or copied.
func (b *gradientBlock) errorPanels() panelSet {
	width, wide := b.co1-b.co0, 2*b.p.g.nr
	if last := width % wide; b.s.Out <= closePanels && (last == 0 || last == wide/2 || last == wide/4) {
		b.p.b = b.err.Data[b.co0:]
		return panelSet{nb: width, rowStride: b.s.Out, panelStride: wide}
	}
	b.copyErrorPanels()
	return panelSet{mode: copied, nb: width, rowStride: wide, panelStride: (b.r1 - b.r0) * b.ow * wide}
}

// copyErrorPanels packs them, panel by panel of output channels.
func (b *gradientBlock) copyErrorPanels() {
	wide := 2 * b.p.g.nr
	dst := b.p.ws.panels
	for j := b.co0; j < b.co1; j += wide {
		for r := b.r0; r < b.r1; r++ {
			sample, oh, _, _ := b.row(r, 0)
			b.p.h.packWide(dst, b.err.from(sample, oh*b.ow*b.s.Out+j), b.s.Out, b.ow, min(wide, b.co1-j), wide)
			dst = dst[b.ow*wide:]
		}
	}
}

// narrowTap adds the block to the chains of one tap. The inputs are read where
// they are.
func (b *gradientBlock) narrowTap(scratch Matrix, panels *panelSet, kh, kw int) {
	lo, hi := b.columnsOf(kw)
	wide := 2 * b.p.g.nr
	parts, terms := b.errorParts[:0], 0
	for r := b.r0; r < b.r1 && lo < hi; r++ {
		if sample, oh, y, ok := b.row(r, kh); ok {
			errors := ((r-b.r0)*b.ow + lo) * wide
			if panels.mode == ready {
				errors = b.errorAt(sample, oh, lo)
			}
			parts = append(parts, chainPart{a: b.inputAt(sample, y, lo, kw), b: errors, k: hi - lo})
			terms += hi - lo
		}
	}
	t := cTile{z: scratch.from((kh*b.s.KernelWidth+kw)*b.s.In, 0), stride: scratch.Stride, rows: b.s.In, cols: scratch.Cols}
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
	p := b.p
	p.g.mr, p.g.nr = 3, wide
	p.sweep(&sweep{
		t: &t, hi: t.cols, parts: parts, terms: terms, from: from, scale: 1,
		a: b.x.Data, ars: 1, acs: b.inputStep(), rowStep: 1,
		panels: panels,
	})
}
