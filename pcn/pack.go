package pcn

import "github.com/gopcn/gopcn/kernels"

// A pack is a weight matrix in the layout in which products read it. It is
// stale as soon as the weights move, and packed again by the workers together.
type pack struct {
	op     kernels.Op
	source kernels.Matrix
	memory []float32
	packed kernels.Packed
}

// newPack lays out w as the operand of predictions (NT: k = in, n = out) or
// of feedback (NN: k = out, n = in).
func newPack(k *kernels.Handle, op kernels.Op, w kernels.Matrix) pack {
	rows, cols := w.Rows, w.Cols
	if op == kernels.NT {
		rows, cols = cols, rows
	}
	p := pack{op: op, source: w, memory: kernels.NewVector(k.PackedSize(rows, cols))}
	p.packed = k.Pack(p.memory, op, w)
	return p
}

// absent reports whether there is nothing to pack.
func (p *pack) absent() bool { return len(p.memory) == 0 }

// columns returns the number of columns of the operand.
func (p *pack) columns() int {
	if p.op == kernels.NT {
		return p.source.Rows
	}
	return p.source.Cols
}

// refresh packs columns lo to hi-1 of the operand again.
func (p *pack) refresh(k *kernels.Handle, lo, hi int) {
	k.PackColumns(p.memory, p.op, p.source, lo, hi)
}
