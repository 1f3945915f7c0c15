package kernels

// Where the chains of a weight gradient's block run: through errors and inputs
// that are copied or read where they lie.

// Up to so many floats from pixel to pixel inputs (as panels) and errors (as strips)
// are read where they lie: a copy would take a tenth of the time of the few
// multiply-adds that it serves.
const (
	closePanels = 64
	closeStrips = 128
)

// inputsInPlace reports whether panels of inputs need no copy. The last panel must
// be a whole vector or two, which is what tiles read.
func (g *gradient) inputsInPlace() bool {
	return g.ow >= shortRow && g.inputStep() <= closePanels && g.s.In%(g.p.g.nr/2) == 0
}

func (g *gradient) errorsInPlace() bool { return g.ow >= shortRow && g.s.Out <= closeStrips }

// inputStep is the distance of the inputs that a tap meets at neighbouring
// positions.
func (g *gradient) inputStep() int { return g.s.Stride * g.s.In }

// errorStride is the distance of copied errors: an odd number of cache lines.
func errorStride(channels int) int { return (channels+15)/16*16 | 16 }

// row returns where image row r reads: its sample, its oh and the row of the
// input that tap kh meets, or false if that is outside.
func (b *gradientBlock) row(r, kh int) (sample, oh, y int, ok bool) {
	at := &b.places[r-b.r0]
	y = at.oh*b.s.Stride - b.s.Padding + kh
	return at.sample, at.oh, y, y >= 0 && y < b.s.Height
}

// columnsOf returns the range of ow whose tap kw lies inside the image.
func (g *gradient) columnsOf(kw int) (lo, hi int) {
	x := kw - g.s.Padding // column of the input at ow = 0
	if x < 0 {
		lo = (-x + g.s.Stride - 1) / g.s.Stride
	}
	if rest := g.s.Width - 1 - x; rest >= 0 {
		hi = min(g.ow, rest/g.s.Stride+1)
	}
	return lo, max(lo, hi)
}

// inputAt is where the inputs lie that tap kw meets from column ow of a row on.
func (g *gradient) inputAt(sample, y, ow, kw int) int {
	return sample*g.x.Stride + (y*g.s.Width+ow*g.s.Stride-g.s.Padding+kw)*g.s.In
}

// errorAt is where the errors of an output pixel lie.
func (g *gradient) errorAt(sample, oh, ow int) int {
	return sample*g.err.Stride + (oh*g.ow+ow)*g.s.Out
}

// parts lists the stretches of errors and inputs that a tap's chains run through,
// and counts the terms. Copied inputs lie side by side.
func (b *gradientBlock) parts(kh, kw, lo, hi int) ([]chainPart, int) {
	step := b.p.g.nr
	if b.inputsInPlace() {
		step = b.inputStep()
	}
	parts, terms := b.errorParts[:0], 0
	for r := b.r0; r < b.r1; r++ {
		sample, oh, y, ok := b.row(r, kh)
		if !ok || lo >= hi {
			continue
		}
		next := chainPart{b: terms * step, k: hi - lo}
		if b.inputsInPlace() {
			next.b = b.inputAt(sample, y, lo, kw)
		}
		switch {
		case b.errorsInPlace():
			next.a = b.errorAt(sample, oh, lo)
		case b.ow < shortRow:
			next.a = terms * b.stride
		default:
			next.a = ((r-b.r0)*b.ow + lo) * b.stride
		}
		if n := len(parts); n > 0 && parts[n-1].goesOn(&next, b.stride, step) {
			parts[n-1].k += next.k
		} else {
			parts = append(parts, next)
		}
		terms += hi - lo
	}
	return parts, terms
}

// goesOn reports whether the next part lies right behind, with these distances
// from term to term.
func (c *chainPart) goesOn(next *chainPart, a, b int) bool {
	return next.a == c.a+c.k*a && next.b == c.b+c.k*b
}

// copyErrors copies the errors of the block's rows, all of them or, in small
// images, those that tap kh meets.
func (b *gradientBlock) copyErrors(kh, lo, hi int) {
	dst := b.p.ws.panels
	width := b.co1 - b.co0
	for r := b.r0; r < b.r1; r++ {
		sample, oh, _, ok := b.row(r, kh)
		if !ok && b.ow < shortRow {
			continue
		}
		src := b.err.from(sample, (oh*b.ow+lo)*b.s.Out+b.co0)
		for i := range hi - lo {
			copy(dst[i*b.stride:i*b.stride+width], src[i*b.s.Out:])
		}
		dst = dst[(hi-lo)*b.stride:]
	}
}

// runs lists the stretches of the inputs at the positions of a tap.
func (b *gradientBlock) runs(kh, kw, lo, hi int) []chainPart {
	runs := b.inputRuns[:0]
	for r := b.r0; r < b.r1; r++ {
		sample, _, y, ok := b.row(r, kh)
		if !ok {
			continue
		}
		next := chainPart{a: b.inputAt(sample, y, lo, kw), k: hi - lo}
		if n := len(runs); n > 0 && runs[n-1].goesOn(&next, b.inputStep(), 0) {
			runs[n-1].k += next.k
		} else {
			runs = append(runs, next)
		}
	}
	return runs
}
