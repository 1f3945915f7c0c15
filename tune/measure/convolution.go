package measure

import "github.com/gopcn/gopcn/kernels"

// A Convolution is the operands of a 3x3 convolution of so many samples, padded
// by one pixel, in its three directions, and the memory to compute them in, which
// all contestants share.
type Convolution struct {
	Shape kernels.ConvShape
	Batch int

	x, u, w, dw, partial, out, back kernels.Matrix
	forward, backward               []float32 // packed weights
	workspaces                      []*kernels.Workspace
}

// NewConvolution makes operands of random numbers for square images.
func NewConvolution(in, out, size, batch int) *Convolution {
	s := kernels.ConvShape{Height: size, Width: size, In: in, Out: out, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1}
	c := &Convolution{
		Shape: s, Batch: batch,
		x: kernels.NewMatrix(batch, s.Inputs()), u: kernels.NewMatrix(batch, s.Outputs()),
		w: kernels.NewMatrix(s.Out, s.Taps()), dw: kernels.NewMatrix(s.Out, s.Taps()), partial: kernels.NewMatrix(s.Out, s.Taps()),
		out: kernels.NewMatrix(batch, s.Outputs()), back: kernels.NewMatrix(batch, s.Inputs()),
	}
	Randomise(c.x.Data, c.u.Data, c.w.Data)
	return c
}

// FLOPs counts the necessary work of a direction: two operations for each
// multiply-add of a tap inside the image.
func (c *Convolution) FLOPs() float64 {
	inside, _ := c.Shape.Terms()
	return 2 * float64(inside) * float64(c.Batch)
}

// Predict is a worker's share of the convolution itself: some of the samples.
func (c *Convolution) Predict(h *kernels.Handle, worker, workers int) Contestant {
	conv, ws := h.NewConv(c.Shape), c.workspace(worker)
	if size := conv.PackedSize(); len(c.forward) != size {
		c.forward = kernels.NewVector(size)
	}
	weights := conv.Pack(c.forward, c.w)
	lo, hi := share(c.Batch, worker, workers)
	out, x := c.out.RowRange(lo, hi), c.x.RowRange(lo, hi)
	return Contestant{Run: func() { conv.Predict(ws, out, x, &weights, nil) }, FLOPs: c.FLOPs() * float64(hi-lo) / float64(c.Batch)}
}

// Feedback is the same of the gradient with respect to the input.
func (c *Convolution) Feedback(h *kernels.Handle, worker, workers int) Contestant {
	conv, ws := h.NewConv(c.Shape), c.workspace(worker)
	if size := conv.PackedFeedbackSize(); len(c.backward) != size {
		c.backward = kernels.NewVector(size)
	}
	weights := conv.PackFeedback(c.backward, c.w)
	lo, hi := share(c.Batch, worker, workers)
	back, u := c.back.RowRange(lo, hi), c.u.RowRange(lo, hi)
	return Contestant{Run: func() { conv.Feedback(ws, back, u, &weights, nil) }, FLOPs: c.FLOPs() * float64(hi-lo) / float64(c.Batch)}
}

// Gradient is a worker's share of the gradient with respect to the weights: some
// of the output channels.
func (c *Convolution) Gradient(h *kernels.Handle, worker, workers int) Contestant {
	conv, ws := h.NewConv(c.Shape), c.workspace(worker)
	lo, hi := share(c.Shape.Out, worker, workers)
	return Contestant{
		Run:   func() { conv.WeightGradient(ws, c.dw, c.partial, c.u, c.x, lo, hi, 1) },
		FLOPs: c.FLOPs() * float64(hi-lo) / float64(c.Shape.Out),
	}
}

func (c *Convolution) workspace(worker int) *kernels.Workspace {
	for len(c.workspaces) <= worker {
		c.workspaces = append(c.workspaces, kernels.NewWorkspace())
	}
	return c.workspaces[worker]
}

// share is the range of n that a worker takes.
func share(n, worker, workers int) (lo, hi int) {
	return worker * n / workers, (worker + 1) * n / workers
}
