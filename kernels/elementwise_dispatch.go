package kernels

func (h *Handle) latentUpdate(b *latentBlock)                 { b.generic() }
func (h *Handle) axpy(y []float32, a float32, x []float32)    { axpyGeneric(y, a, x) }
func (h *Handle) scale(x []float32, a float32)                { scaleGeneric(x, a) }
func (h *Handle) add(dst, x, y []float32)                     { addGeneric(dst, x, y) }
func (h *Handle) mul(dst, x, y []float32)                     { mulGeneric(dst, x, y) }
func (h *Handle) sgd(b *sgdBlock)                             { b.generic() }
func (h *Handle) adam(b *adamBlock)                           { b.generic() }
func (h *Handle) sum(c *chains, x []float32) float32          { return sumGeneric(c, x) }
func (h *Handle) dot(c *chains, x, y []float32) float32       { return dotGeneric(c, x, y) }
func (h *Handle) squares(c *chains, x, y []float32) float32   { return squaresGeneric(c, x, y) }
func (h *Handle) addRows(sums, a []float32, stride, rows int) { addRowsGeneric(sums, a, stride, rows) }
func (h *Handle) softmax(b *softmaxBlock)                     { b.generic() }
func (h *Handle) rowMax(m float32, x []float32) float32       { return rowMaxGeneric(m, x) }
func (h *Handle) expSum(c *chains, x []float32, m float32) float32 {
	return expSumGeneric(c, x, m)
}
func (h *Handle) shiftedDot(c *chains, y, x []float32, m float32) float32 {
	return shiftedDotGeneric(c, y, x, m)
}
