package kernels

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
	positions := s.OutHeight() * s.OutWidth()
	for j := lo; j < hi; j += columnBlock {
		sums := dst[j:min(hi, j+columnBlock)]
		clear(sums)
		for from := 0; from < err.Rows; from += c.SegmentSamples() {
			var chain [columnBlock]float32
			z := chain[:len(sums)]
			if from == 0 {
				z = sums
			}
			for i := from; i < min(err.Rows, from+c.SegmentSamples()); i++ {
				c.h.sumRows(z, err.from(i, j), s.Out, positions)
			}
			if from > 0 {
				c.h.Add(sums, sums, z)
			}
		}
		c.h.Scale(sums, scale)
	}
}
