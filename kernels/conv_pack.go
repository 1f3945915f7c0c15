package kernels

// PackFeedbackColumns packs only input channels lo to hi-1 of what
// [Conv.PackFeedback] lays out, for workers that share the packing: lo must be a
// multiple of [Handle.PanelColumns], and hi too or the number of channels.
func (c *Conv) PackFeedbackColumns(dst []float32, weights Matrix, lo, hi int) PackedConv {
	s := &c.shape
	weights.checkShape(s.Out, s.Taps(), &argWeights)
	if len(dst) < c.PackedFeedbackSize() {
		panic(argDst.length)
	}
	nr := c.h.PanelColumns()
	if lo < 0 || hi < lo || hi > s.In || lo%nr != 0 && lo != s.In || hi%nr != 0 && hi != s.In {
		panic("kernels: PackFeedbackColumns: not a range of whole panels")
	}
	dst = dst[:c.PackedFeedbackSize()]
	if meet, _ := overlaps(dst, weights.used()); meet {
		panic(argDst.overlap)
	}
	k := c.feedback.terms
	for j := lo; j < hi; j += nr {
		for tap := range s.KernelHeight * s.KernelWidth {
			c.h.packPanel(dst[j*k+tap*s.Out*nr:], weights.Data[tap*s.In+j:], weights.Stride, false, s.Out, min(nr, s.In-j))
		}
	}
	return PackedConv{c: c, feedback: true, packed: Packed{h: c.h, k: k, n: s.In, data: dst}}
}
