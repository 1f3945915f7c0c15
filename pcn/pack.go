package pcn

import "github.com/gopcn/gopcn/kernels"

// A pack is a weight matrix in the layout in which products read it. It is
// stale as soon as the weights move, and packed again by the workers together.
type pack struct {
	op     kernels.Op
	conv   *kernels.Conv // nil for a dense layer
	source kernels.Matrix
	memory []float32
	packed kernels.Packed     // of a dense layer
	image  kernels.PackedConv // of a convolution
}

// newPack lays out w as the operand of predictions (NT: k = in, n = out) or
// of feedback (NN: k = out, n = in).
func newPack(k *kernels.Handle, conv *kernels.Conv, op kernels.Op, w kernels.Matrix) pack {
	p := pack{op: op, conv: conv, source: w}
	switch {
	case conv == nil && op == kernels.NT:
		p.memory = kernels.NewVector(k.PackedSize(w.Cols, w.Rows))
	case conv == nil:
		p.memory = kernels.NewVector(k.PackedSize(w.Rows, w.Cols))
	case op == kernels.NT:
		p.memory = kernels.NewVector(conv.PackedSize())
		p.image = conv.Pack(p.memory, w)
		return p
	default:
		p.memory = kernels.NewVector(conv.PackedFeedbackSize())
		p.image = conv.PackFeedback(p.memory, w)
		return p
	}
	p.packed = k.Pack(p.memory, op, w)
	return p
}

// absent reports whether there is nothing to pack.
func (p *pack) absent() bool { return len(p.memory) == 0 }

// columns returns the number of columns of the operand.
func (p *pack) columns() int {
	switch {
	case p.op == kernels.NT:
		return p.source.Rows
	case p.conv != nil:
		return p.conv.Shape().In
	}
	return p.source.Cols
}

// refresh packs columns lo to hi-1 of the operand again.
func (p *pack) refresh(k *kernels.Handle, lo, hi int) {
	if p.conv != nil && p.op == kernels.NN {
		p.conv.PackFeedbackColumns(p.memory, p.source, lo, hi)
		return
	}
	k.PackColumns(p.memory, p.op, p.source, lo, hi)
}
