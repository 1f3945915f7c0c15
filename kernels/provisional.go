package kernels

func (h *Handle) Axpy(y []float32, a float32, x []float32) {
	for i := range x {
		y[i] = fma(a, x[i], y[i])
	}
}
func (h *Handle) Scale(x []float32, a float32) {
	for i := range x {
		x[i] *= a
	}
}
func (e *Epilogue) check(c *Matrix, m, n int) {}
func (h *Handle) applyBlock(e *Epilogue, z []float32, zs, i0, j0, rows, cols int) {
	panic("provisional")
}
