package measure

import (
	"math/rand/v2"

	"github.com/gopcn/gopcn/kernels"
)

// A Product is the operands of a matrix product, C (M x N) = op(A) op(B) over K
// terms, and the memory to compute it in, which all contestants share.
type Product struct {
	Op      kernels.Op
	M, K, N int

	a, b, c kernels.Matrix
	packed  []float32
	ws      *kernels.Workspace
}

// NewProduct makes operands of random numbers in rows of [kernels.Stride]
// floats.
func NewProduct(op kernels.Op, m, k, n int) *Product {
	return NewStridedProduct(op, m, k, n, 0)
}

// NewStridedProduct is NewProduct with rows of A so many floats apart; 0 for as
// many as [kernels.Stride] says.
func NewStridedProduct(op kernels.Op, m, k, n, stride int) *Product {
	p := &Product{Op: op, M: m, K: k, N: n, c: kernels.NewMatrix(m, n), ws: kernels.NewWorkspace()}
	p.a, p.b = kernels.NewMatrix(m, k), kernels.NewMatrix(k, n)
	if op == kernels.TN {
		p.a = kernels.NewMatrix(k, m)
	}
	if op == kernels.NT {
		p.b = kernels.NewMatrix(n, k)
	}
	if stride > 0 {
		p.a.Stride = stride
		p.a.Data = kernels.NewVector(p.a.Rows * stride)
	}
	Randomise(p.a.Data, p.b.Data)
	return p
}

// Randomise fills vectors with uniform numbers between -1/2 and 1/2, always the
// same.
func Randomise(list ...[]float32) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, x := range list {
		for i := range x {
			x[i] = r.Float32() - 0.5
		}
	}
}

// FLOPs is 2 M K N.
func (p *Product) FLOPs() float64 { return 2 * float64(p.M) * float64(p.K) * float64(p.N) }

// Plain is the product of unpacked operands on h, with an epilogue, which may
// be nil.
func (p *Product) Plain(h *kernels.Handle, e *kernels.Epilogue) Contestant {
	return Contestant{Run: func() { h.MatMul(p.ws, p.Op, p.c, p.a, p.b, e) }, FLOPs: p.FLOPs()}
}

// Packed is Plain with B packed beforehand. Handles of one tier pack alike, so
// that their contestants read the same memory.
func (p *Product) Packed(h *kernels.Handle, e *kernels.Epilogue) Contestant {
	if size := h.PackedSize(p.K, p.N); len(p.packed) != size {
		p.packed = kernels.NewVector(size)
	}
	b := h.Pack(p.packed, p.Op, p.b)
	return Contestant{Run: func() { h.MatMulPacked(p.ws, p.Op, p.c, p.a, &b, e) }, FLOPs: p.FLOPs()}
}

// B is the right-hand operand as it lies in memory, unpacked.
func (p *Product) B() []float32 { return p.b.Data }

// Result is what contestants write.
func (p *Product) Result() kernels.Matrix { return p.c }

// Parts splits the product among workers, each with a workspace of its own: by
// rows, as a batch is split, or by columns where there are fewer rows than
// workers.
func (p *Product) Parts(workers int) []*Product {
	parts := make([]*Product, workers)
	for i := range parts {
		q := *p
		q.ws, q.packed = kernels.NewWorkspace(), nil
		if p.M >= workers {
			q.rows(share(p.M, i, workers))
		} else {
			q.columns(share(p.N, i, workers))
		}
		parts[i] = &q
	}
	return parts
}

func (p *Product) rows(lo, hi int) {
	p.M, p.c = hi-lo, p.c.RowRange(lo, hi)
	if p.Op == kernels.TN {
		p.a = Columns(p.a, lo, hi)
		return
	}
	p.a = p.a.RowRange(lo, hi)
}

func (p *Product) columns(lo, hi int) {
	p.N, p.c = hi-lo, Columns(p.c, lo, hi)
	if p.Op == kernels.NT {
		p.b = p.b.RowRange(lo, hi)
		return
	}
	p.b = Columns(p.b, lo, hi)
}

// Columns is a view of columns lo to hi-1.
func Columns(m kernels.Matrix, lo, hi int) kernels.Matrix {
	m.Cols = hi - lo
	if m.Cols > 0 {
		m.Data = m.Data[lo:]
	}
	return m
}
