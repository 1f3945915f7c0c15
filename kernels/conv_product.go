package kernels

// PackedConv holds the weights of a convolution as one of its directions reads
// them. It goes stale when the weights change.
type PackedConv struct {
	c        *Conv
	feedback bool
	packed   Packed
}

// PackedSize returns how many floats [Conv.Pack] needs.
func (c *Conv) PackedSize() int { return c.h.PackedSize(c.forward.terms, c.shape.Out) }

// Pack lays out the weights, Out x Taps in the order of [ConvShape.Taps], for
// [Conv.Predict]. The result keeps dst, which must hold PackedSize floats.
func (c *Conv) Pack(dst []float32, weights Matrix) PackedConv {
	weights.checkShape(c.shape.Out, c.shape.Taps(), &argWeights)
	return PackedConv{c: c, packed: c.h.Pack(dst, NT, weights)}
}

// PackedFeedbackSize returns how many floats [Conv.PackFeedback] needs.
func (c *Conv) PackedFeedbackSize() int { return c.h.PackedSize(c.feedback.terms, c.shape.In) }

// PackFeedback lays out the weights for [Conv.Feedback]: each tap transposed.
// The result keeps dst, which must hold PackedFeedbackSize floats.
func (c *Conv) PackFeedback(dst []float32, weights Matrix) PackedConv {
	return c.PackFeedbackColumns(dst, weights, 0, c.shape.In)
}

var (
	argWeights = messagesFor("weights")
	argImage   = messagesFor("x")
	argErr     = messagesFor("err")
)

// Predict convolves: u (batch x Outputs) from x (batch x Inputs), with the
// epilogue e, whose matrices have the shape of u and whose Bias has one element
// an output channel. The chain of an output element runs through kh, kw and the
// input channels.
func (c *Conv) Predict(ws *Workspace, u, x Matrix, weights *PackedConv, e *Epilogue) {
	c.run(&c.forward, ws, u, x, weights, false, e)
}

// Feedback computes J^T err, the gradient of sum(err * u) with respect to x: dx
// (batch x Inputs) from err (batch x Outputs), with an epilogue of the shape of
// dx. The chain of an element runs through kh, kw and the output channels.
func (c *Conv) Feedback(ws *Workspace, dx, err Matrix, weights *PackedConv, e *Epilogue) {
	c.run(&c.feedback, ws, dx, err, weights, true, e)
}

func (c *Conv) run(g *gather, ws *Workspace, out, in Matrix, weights *PackedConv, feedback bool, e *Epilogue) {
	if ws == nil {
		panic(nilWork)
	}
	if weights == nil || weights.c != c || weights.feedback != feedback {
		panic(foreignConv)
	}
	in.check(&argImage)
	if in.Cols != g.source {
		panic(argImage.shape)
	}
	if e == nil {
		e = &plain
	}
	checkConvOutput(&out, &in, in.Rows, g, e)
	if in.Rows == 0 {
		return
	}
	r := convRun{g: g, p: product{h: c.h, ws: ws, e: e, c: out, a: in.Data, ars: in.Stride, acs: 1, b: weights.packed.data, g: c.h.g}}
	mb := evenBlock(in.Rows, c.h.profile.ConvSamples, 1)
	for i := 0; i < in.Rows; i += mb {
		for pixel := range g.pixels {
			r.pixel(i, pixel, min(mb, in.Rows-i))
		}
	}
}

// checkConvOutput is the check of a product's output and epilogue, but for the
// bias, which repeats at every pixel.
func checkConvOutput(out, in *Matrix, rows int, g *gather, e *Epilogue) {
	cols := g.pixels * g.channels
	if e.Kind != LatentUpdate {
		out.checkShape(rows, cols, &argC)
		if meet, _ := overlaps(out.used(), in.used()); meet {
			panic(argC.overlap)
		}
	}
	if e.Bias != nil && len(e.Bias) < g.channels {
		panic(badBias)
	}
	unbiased := *e
	unbiased.Bias = nil
	unbiased.check(out, rows, cols)
	if e.Bias != nil {
		if e.Accumulate {
			panic(badAccumulate)
		}
		if meet, _ := overlaps(e.Bias, out.used()); meet {
			panic(biasOverlap)
		}
	}
}

// convRun is one convolution on its way through the loops.
type convRun struct {
	g *gather
	p product
}

// pixel finishes one pixel of mb samples, in chunks of channels that fit the
// scratch memory.
func (r *convRun) pixel(i, pixel, mb int) {
	for j := 0; j < r.g.channels; j += r.p.g.nc {
		nb := min(r.p.g.nc, r.g.channels-j)
		column := pixel*r.g.channels + j
		t := r.p.tileOfC(i, column, mb, nb)
		for seg := range r.g.segments {
			part := t
			if seg > 0 {
				part = r.p.scratch(1, i, column, mb, nb)
			}
			r.chains(&part, pixel, seg, j)
			if seg > 0 {
				r.p.h.addBlock(t.z, t.stride, part.z, part.stride, mb, nb)
			}
		}
		if r.g.segments > 1 || r.p.e.Kind != Store {
			r.p.finish(&t, 0, nb)
		}
	}
}

// chains runs one segment of a tile's chains.
func (r *convRun) chains(t *cTile, pixel, seg, j int) {
	parts := r.g.of(pixel, seg)
	terms := 0
	for _, part := range parts {
		terms += part.k
	}
	from := t.startAt(r.p.e, seg, seg == 0)
	if seg > 0 {
		from = fromZero
	}
	scale := float32(1)
	if r.g.segments == 1 && r.p.e.Kind == Store && r.p.e.Scale != 0 {
		scale = r.p.e.Scale
	}
	if terms == 0 {
		r.untouched(t, j, from, scale)
		return
	}
	nr := r.p.g.nr
	bias := *t
	bias.j = j
	r.p.sweep(&sweep{
		t: &bias, hi: t.cols, parts: parts, terms: terms, from: from, scale: scale,
		a: r.p.a[t.i*r.p.ars:], ars: r.p.ars, acs: 1, rowStep: r.p.ars,
		panels: &panelSet{nb: t.cols, first: j * r.g.terms, panelStride: nr * r.g.terms, rowStride: nr},
	})
}

// untouched is a pixel that no tap reaches.
func (r *convRun) untouched(t *cTile, j int, from start, scale float32) {
	for i := range t.rows {
		row := t.z[i*t.stride : i*t.stride+t.cols]
		switch from {
		case fromZero:
			clear(row)
		case fromBias:
			copy(row, r.p.e.Bias[j:])
		}
		if scale != 1 {
			r.p.h.Scale(row, scale)
		}
	}
}
