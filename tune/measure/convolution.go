package measure

import "github.com/gopcn/gopcn/kernels"

// A Convolution is the operands of a 3x3 convolution of so many samples, padded
// by one pixel, in its three directions, and the memory to compute them in.
type Convolution struct {
	Shape kernels.ConvShape
	Batch int

	x, u, w, dw, partial, out, back kernels.Matrix
	ws                              *kernels.Workspace
}

// NewConvolution makes operands of random numbers for square images.
func NewConvolution(in, out, size, batch int) *Convolution {
	s := kernels.ConvShape{Height: size, Width: size, In: in, Out: out, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1}
	c := &Convolution{
		Shape: s, Batch: batch, ws: kernels.NewWorkspace(),
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

// Predict is the convolution itself.
func (c *Convolution) Predict(h *kernels.Handle) Contestant {
	conv := h.NewConv(c.Shape)
	weights := conv.Pack(kernels.NewVector(conv.PackedSize()), c.w)
	return Contestant{Run: func() { conv.Predict(c.ws, c.out, c.x, &weights, nil) }, FLOPs: c.FLOPs()}
}

// Feedback is the gradient with respect to the input.
func (c *Convolution) Feedback(h *kernels.Handle) Contestant {
	conv := h.NewConv(c.Shape)
	weights := conv.PackFeedback(kernels.NewVector(conv.PackedFeedbackSize()), c.w)
	return Contestant{Run: func() { conv.Feedback(c.ws, c.back, c.u, &weights, nil) }, FLOPs: c.FLOPs()}
}

// Gradient is the gradient with respect to the weights.
func (c *Convolution) Gradient(h *kernels.Handle) Contestant {
	conv := h.NewConv(c.Shape)
	return Contestant{
		Run:   func() { conv.WeightGradient(c.ws, c.dw, c.partial, c.u, c.x, 0, c.Shape.Out, 1) },
		FLOPs: c.FLOPs(),
	}
}
