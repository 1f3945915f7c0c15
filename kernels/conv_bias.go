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
