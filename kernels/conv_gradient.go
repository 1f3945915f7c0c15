package kernels

var argPartial = messagesFor("partial")

// SegmentSamples returns where the chains of weight and bias gradients are cut:
// at multiples of max(1, 8192/(OutHeight*OutWidth)) samples. The first segment
// starts from +0 as the others do; they are added in ascending order.
func (c *Conv) SegmentSamples() int {
	return max(1, segment/(c.shape.OutHeight()*c.shape.OutWidth()))
}

// WeightGradient computes rows lo to hi-1 of dw (Out x Taps), the gradient of
// sum(err * u) with respect to the weights, from err (batch x Outputs) and x
// (batch x Inputs), times scale. The chain of an element runs through the
// samples, oh and ow, but for taps outside the image. Partial, of the shape of
// dw, is scratch memory for batches of more than [Conv.SegmentSamples]; those
// rows of it are overwritten.
func (c *Conv) WeightGradient(ws *Workspace, dw, partial, err, x Matrix, lo, hi int, scale float32) {
	s := &c.shape
	if ws == nil {
		panic(nilWork)
	}
	dw.checkShape(s.Out, s.Taps(), &argDst)
	x.check(&argImage)
	if x.Cols != s.Inputs() {
		panic(argImage.shape)
	}
	err.checkShape(x.Rows, s.Outputs(), &argErr)
	if lo < 0 || hi < lo || hi > s.Out {
		panic(badRange)
	}
	many := x.Rows > c.SegmentSamples()
	if many {
		partial.checkShape(s.Out, s.Taps(), &argPartial)
		partial.checkApart(&dw, &argPartial)
	}
	for _, in := range []*Matrix{&err, &x} {
		dw.checkApart(in, &argDst)
		if many {
			partial.checkApart(in, &argPartial)
		}
	}
	g := gradient{c: c, s: c.shape, oh: s.OutHeight(), ow: s.OutWidth(), err: err, x: x,
		p: product{h: c.h, ws: ws, e: &plain, ars: 1, g: c.h.g}}
	channels := g.channels()
	for from := 0; from == 0 || from < x.Rows; from += c.SegmentSamples() {
		out := dw
		if from > 0 {
			out = partial
		}
		g.lo, g.hi = from, min(x.Rows, from+c.SegmentSamples())
		for co := lo; co < hi; co += channels {
			g.segment(out, co, min(hi, co+channels))
		}
		if from > 0 {
			c.h.addBlock(dw.from(lo, 0), dw.Stride, partial.from(lo, 0), partial.Stride, hi-lo, s.Taps())
		}
	}
	if scale != 1 && lo < hi {
		c.h.scaleBlock(dw.from(lo, 0), dw.Stride, hi-lo, s.Taps(), scale)
	}
}

// gradient is one weight gradient on its way through the loops.
//
// For each tap the errors and inputs at the positions inside the image are
// multiplied: a TN product whose chains run through the rows of the image. The
// errors of a block are copied once for all taps, a panel of inputs for all
// output channels; few channels, whose pixels lie close together, are read where
// they are. In small images, whose rows make short stretches of chain, the errors
// are copied for each tap instead, side by side.
type gradient struct {
	c      *Conv
	p      product
	s      ConvShape
	oh, ow int // size of the output
	err, x Matrix
	lo, hi int // samples of the segment
}

// positions bounds the positions of a block, unless a single row has more. Few
// input channels have short calls, for which long chains count.
func (g *gradient) positions() int {
	if g.transposed() {
		return mostPositions
	}
	return g.c.h.profile.GradientPositions
}

// channels is how many output channels fit the workspace at once.
func (g *gradient) channels() int {
	room := len(g.p.ws.panels) / max(g.positions(), g.ow)
	if g.transposed() {
		wide := 2 * g.p.g.nr // whole panels
		return min(g.p.g.nc, room/wide*wide, len(g.p.ws.strip)/g.s.Taps()/32*32)
	}
	return min(g.p.g.nc, room/32*32-16)
}

// mostPositions bounds the positions of a block in any profile.
const mostPositions = 512

// shortRow is the width below which rows of errors are copied side by side.
const shortRow = 8

// segment computes rows co0 to co1-1 of out from the samples of one segment.
func (g *gradient) segment(out Matrix, co0, co1 int) {
	rows := max(1, g.positions()/g.ow) // image rows (sample, oh) of a block
	total := (g.hi - g.lo) * g.oh
	if total == 0 {
		for i := co0; i < co1; i++ {
			clear(out.Row(i))
		}
		return
	}
	if g.transposed() {
		g.narrow(out, co0, co1, rows, total)
		return
	}
	b := gradientBlock{gradient: g, co0: co0, co1: co1}
	for b.next(rows, total) {
		if b.stride = errorStride(co1 - co0); g.errorsInPlace() {
			b.stride = g.s.Out
		} else if g.ow >= shortRow {
			b.copyErrors(0, 0, g.ow)
		}
		for kh := range g.s.KernelHeight {
			for kw := range g.s.KernelWidth {
				b.tap(out, kh, kw)
			}
		}
	}
}

// gradientBlock is image rows r0 to r1-1 of a segment and output channels co0
// to co1-1.
type gradientBlock struct {
	*gradient
	co0, co1 int
	r0, r1   int
	stride   int // from position to position of the errors, copied or not

	places [mostPositions]imageRow

	// Where the chains of a tap run through the errors, and where its inputs lie.
	errorParts, inputRuns [mostPositions]chainPart
}

// An imageRow is a row of the output of a sample.
type imageRow struct{ sample, oh int }

// next goes on to the next block of so many image rows, the first to begin with,
// and reports whether there is one.
func (b *gradientBlock) next(rows, total int) bool {
	b.r0, b.r1 = b.r1, min(b.r1+rows, total)
	at := imageRow{b.lo + b.r0/b.oh, b.r0 % b.oh}
	for i := range b.r1 - b.r0 {
		b.places[i] = at
		if at.oh++; at.oh == b.oh {
			at = imageRow{sample: at.sample + 1}
		}
	}
	return b.r0 < b.r1
}

// tap adds the block to the chains of one tap.
func (b *gradientBlock) tap(out Matrix, kh, kw int) {
	lo, hi := b.columnsOf(kw)
	parts, terms := b.parts(kh, kw, lo, hi)
	column := (kh*b.s.KernelWidth + kw) * b.s.In
	t := cTile{z: out.from(b.co0, column), stride: out.Stride, rows: b.co1 - b.co0, cols: b.s.In}
	from := fromC
	if b.r0 == 0 {
		from = fromZero
	}
	if terms == 0 {
		if from == fromZero {
			for i := range t.rows {
				clear(t.z[i*t.stride : i*t.stride+t.cols])
			}
		}
		return
	}
	if b.ow < shortRow {
		b.copyErrors(kh, lo, hi)
	}
	nr := b.p.g.nr
	s := sweep{
		t: &t, hi: t.cols, parts: parts, terms: terms, from: from, scale: 1,
		a: b.p.ws.panels, ars: 1, acs: b.stride, rowStep: 1,
		panels: &panelSet{nb: t.cols, rowStride: nr},
	}
	if b.errorsInPlace() {
		s.a = b.err.Data[b.co0:]
	}
	if b.inputsInPlace() {
		b.p.b, s.panels.panelStride, s.panels.rowStride = b.x.Data, nr, b.inputStep()
		b.p.sweep(&s)
		return
	}
	inputs, runs := b.p.ws.strip, b.runs(kh, kw, lo, hi)
	for b.p.b = inputs; s.lo < t.cols; s.lo = s.hi {
		s.hi = min(s.lo+nr, t.cols)
		b.p.h.packRuns(inputs, b.x.Data[s.lo:], runs, b.inputStep(), s.hi-s.lo)
		b.p.sweep(&s)
	}
}
