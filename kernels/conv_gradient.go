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
	g := gradient{c: c, p: product{h: c.h, ws: ws, e: &plain, g: geometryOf(c.h.isa)}, err: err, x: x}
	// As many output channels at once as their errors fit the workspace.
	channels := min(g.p.g.nc, len(ws.panels)/max(gradientPositions, s.OutWidth())/32*32-16)
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
// For each tap the positions inside the image are copied side by side, errors
// and inputs alike, and multiplied: a TN product. Copying costs little, as each
// copy meets all output channels or all panels of input channels, and it leaves
// long stretches of chain even in images of 4x4.
type gradient struct {
	c      *Conv
	p      product
	err, x Matrix
	lo, hi int // samples of the segment
}

// gradientPositions bounds the positions of a block: a panel of inputs and the
// lines of errors that a strip reads share L1.
const gradientPositions = 256

// segment computes rows co0 to co1-1 of out from the samples of one segment.
func (g *gradient) segment(out Matrix, co0, co1 int) {
	s := &g.c.shape
	rows := max(1, gradientPositions/s.OutWidth()) // image rows (sample, oh) of a block
	total := (g.hi - g.lo) * s.OutHeight()
	if total == 0 {
		for i := co0; i < co1; i++ {
			clear(out.Row(i))
		}
	}
	for r := 0; r < total; r += rows {
		for kh := range s.KernelHeight {
			for kw := range s.KernelWidth {
				g.tap(out, co0, co1, kh, kw, r, min(r+rows, total))
			}
		}
	}
}

// tap adds image rows r0 to r1-1 of the segment to the chains of one tap.
func (g *gradient) tap(out Matrix, co0, co1, kh, kw, r0, r1 int) {
	s := &g.c.shape
	errors := g.p.ws.panels
	es := (co1-co0+15)/16*16 | 16 // an odd number of cache lines
	n := g.copyErrors(errors, es, co0, co1, kh, kw, r0, r1)
	column := (kh*s.KernelWidth + kw) * s.In
	nr := g.p.g.nr
	inputs := g.p.ws.strip
	t := cTile{z: out.from(co0, column), stride: out.Stride, rows: co1 - co0, cols: s.In}
	if n == 0 {
		if r0 == 0 {
			for i := range t.rows {
				clear(t.z[i*t.stride : i*t.stride+t.cols])
			}
		}
		return
	}
	from := fromC
	if r0 == 0 {
		from = fromZero
	}
	whole := [1]chainPart{{k: n}}
	call := tileCall{parts: whole[:], ars: 1, acs: es, b: inputs, brs: nr, crs: out.Stride, scale: 1}
	for ci := 0; ci < s.In; ci += nr {
		call.cols = min(nr, s.In-ci)
		g.copyInputs(inputs, ci, call.cols, kh, kw, r0, r1)
		g.p.strips(call, errors, &t, ci, n, from)
	}
}

// columnsOf returns the range of ow whose tap kw lies inside the image.
func (g *gradient) columnsOf(kw int) (lo, hi int) {
	s := &g.c.shape
	x := kw - s.Padding // column of the input at ow = 0
	if x < 0 {
		lo = (-x + s.Stride - 1) / s.Stride
	}
	if rest := s.Width - 1 - x; rest >= 0 {
		hi = min(s.OutWidth(), rest/s.Stride+1)
	}
	return lo, max(lo, hi)
}

// copyErrors copies the errors at the positions of a tap, es apart, and returns
// their number.
func (g *gradient) copyErrors(dst []float32, es, co0, co1, kh, kw, r0, r1 int) int {
	s := &g.c.shape
	lo, hi := g.columnsOf(kw)
	n := 0
	for r := r0; r < r1; r++ {
		sample, oh := g.lo+r/s.OutHeight(), r%s.OutHeight()
		if y := oh*s.Stride - s.Padding + kh; y < 0 || y >= s.Height || lo >= hi {
			continue
		}
		src := g.err.from(sample, (oh*s.OutWidth()+lo)*s.Out+co0)
		for i := range hi - lo {
			copy(dst[(n+i)*es:(n+i)*es+co1-co0], src[i*s.Out:])
		}
		n += hi - lo
	}
	return n
}

// copyInputs copies a panel of input channels at the positions of a tap.
func (g *gradient) copyInputs(dst []float32, ci, cols, kh, kw, r0, r1 int) {
	s := &g.c.shape
	lo, hi := g.columnsOf(kw)
	nr := g.p.g.nr
	n := 0
	for r := r0; r < r1; r++ {
		sample, oh := g.lo+r/s.OutHeight(), r%s.OutHeight()
		y := oh*s.Stride - s.Padding + kh
		if y < 0 || y >= s.Height || lo >= hi {
			continue
		}
		src := g.x.from(sample, (y*s.Width+lo*s.Stride-s.Padding+kw)*s.In+ci)
		g.p.h.packPanel(dst[n*nr:], src, s.Stride*s.In, false, hi-lo, cols)
		n += hi - lo
	}
}

// BiasGradient computes elements lo to hi-1 of dst (Out): the sum of err (batch
// x Outputs) over samples, oh and ow in ascending order, cut as the chains of
// the weights are, times scale.
func (c *Conv) BiasGradient(dst []float32, err Matrix, lo, hi int, scale float32) {
	s := &c.shape
	err.check(&argErr)
	if err.Cols != s.Outputs() {
		panic(argErr.shape)
	}
	if lo < 0 || hi < lo || hi > s.Out || hi > len(dst) {
		panic(badRange)
	}
	var chain [64]float32
	for j := lo; j < hi; j += len(chain) {
		total, z := dst[j:min(hi, j+len(chain))], chain[:min(hi-j, len(chain))]
		clear(total)
		for from := 0; from < err.Rows; from += c.SegmentSamples() {
			clear(z)
			for i := from; i < min(err.Rows, from+c.SegmentSamples()); i++ {
				for pixel := range s.OutHeight() * s.OutWidth() {
					c.h.Add(z, z, err.from(i, pixel*s.Out+j)[:len(z)])
				}
			}
			if from == 0 {
				copy(total, z)
			} else {
				c.h.Add(total, total, z)
			}
		}
		c.h.Scale(total, scale)
	}
}
