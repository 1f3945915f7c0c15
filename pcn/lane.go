package pcn

import "github.com/gopcn/gopcn/kernels"

// A lane is a worker with its rows of the batch. Samples are independent until
// the weight gradient, so a lane carries its rows alone through the forward
// initialisation (forward.go), the clamp (clamp.go), the relaxation (relax.go)
// or backpropagation (backprop.go). It never meets the others.
type lane struct {
	t        *Trainer
	k        *kernels.Handle
	ws       *kernels.Workspace
	lo, hi   int // its rows
	epilogue kernels.Epilogue
}

// take gives the lane its share of n rows.
func (l *lane) take(worker, workers, n int) {
	l.lo, l.hi = n*worker/workers, n*(worker+1)/workers
}

// rows is the lane's part of a matrix; absent stays absent.
func (l *lane) rows(m kernels.Matrix) kernels.Matrix {
	if len(m.Data) == 0 {
		return kernels.Matrix{}
	}
	return m.RowRange(l.lo, l.hi)
}

// flat is the lane's part of a matrix, padding included, as one vector: for
// element-wise passes over matrices of the same width.
func (l *lane) flat(m kernels.Matrix) []float32 { return rowsOf(m, l.lo, l.hi) }

// copy copies the lane's rows.
func (l *lane) copy(dst, src kernels.Matrix) { copy(l.flat(dst), l.flat(src)) }

// mul multiplies the lane's rows of dst by those of a slope, if there is one.
func (l *lane) mul(dst, src, slope kernels.Matrix) {
	if len(slope.Data) == 0 {
		if &dst.Data[0] != &src.Data[0] {
			l.copy(dst, src)
		}
		return
	}
	l.k.Mul(l.flat(dst), l.flat(src), l.flat(slope))
}

// product computes dst = a B and applies the lane's epilogue.
func (l *lane) product(dst, a kernels.Matrix, b *pack) {
	l.k.MatMulPacked(l.ws, kernels.NN, dst, a, &b.packed, &l.epilogue)
}
