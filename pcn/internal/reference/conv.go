package reference

import "fmt"

// Conv2D is the cross-correlation of an image with symmetric zero padding,
//
//	y_oij = b_o + sum_{c,p,q} W_ocpq x_{c, i s + p - pad, j s + q - pad}
//
// where taps outside the image are zero and an output side has
// floor((H + 2 pad - kh)/s) + 1 positions. W and B name parameters; an empty B
// means no bias.
type Conv2D struct {
	W, B            string
	Stride, Padding int
}

func (c Conv2D) apply(x *Tensor, p *pass) (*Tensor, pullback) {
	w := p.params[c.W]
	batch, out := x.Shape[0], w.Shape[0]
	height := c.side(x.Shape[2], w.Shape[2])
	width := c.side(x.Shape[3], w.Shape[3])
	y := NewTensor(batch, out, height, width)

	if c.B != "" {
		for k := range y.Data {
			y.Data[k] = p.params[c.B].Data[k/(height*width)%out]
		}
	}
	c.taps(x, w, y, func(xi, wi, yi int) { y.Data[yi] += w.Data[wi] * x.Data[xi] })

	// Each tap y += W x contributes dx += W dy and dW += x dy.
	back := func(dy *Tensor, grads Tensors) *Tensor {
		dx := zerosLike(x)
		dw := grads[c.W]
		c.taps(x, w, dy, func(xi, wi, yi int) {
			dx.Data[xi] += w.Data[wi] * dy.Data[yi]
			dw.Data[wi] += x.Data[xi] * dy.Data[yi]
		})
		if c.B != "" {
			for k, e := range dy.Data {
				grads[c.B].Data[k/(height*width)%out] += e
			}
		}
		return dx
	}
	return y, back
}

// taps visits every multiplication of the convolution as a triple of flat
// indices into x, w and y.
func (c Conv2D) taps(x, w, y *Tensor, visit func(xi, wi, yi int)) {
	out, in, kh, kw := w.Shape[0], w.Shape[1], w.Shape[2], w.Shape[3]
	xh, xw := x.Shape[2], x.Shape[3]
	yh, yw := y.Shape[2], y.Shape[3]
	yi := 0
	for n := range x.Shape[0] {
		for o := range out {
			for i := range yh {
				for j := range yw {
					wi := o * in * kh * kw
					for ch := range in {
						for p := range kh {
							for q := range kw {
								row, col := i*c.Stride+p-c.Padding, j*c.Stride+q-c.Padding
								if 0 <= row && row < xh && 0 <= col && col < xw {
									visit(((n*in+ch)*xh+row)*xw+col, wi, yi)
								}
								wi++
							}
						}
					}
					yi++
				}
			}
		}
	}
}

// side is the number of output positions along one side.
func (c Conv2D) side(in, kernel int) int { return (in+2*c.Padding-kernel)/c.Stride + 1 }

func (c Conv2D) shape(in []int, s *symbols) ([]int, error) {
	channels, h, w, err := image(in)
	if err != nil {
		return nil, fmt.Errorf("conv2d: %w", err)
	}
	k := s.params[c.W]
	if k == nil || len(k.Shape) != 4 {
		return nil, fmt.Errorf("conv2d: there is no kernel %q of four dimensions", c.W)
	}
	out, kh, kw := k.Shape[0], k.Shape[2], k.Shape[3]
	if err := s.param(c.W, out, channels, kh, kw); err != nil {
		return nil, fmt.Errorf("conv2d: %w", err)
	}
	if c.B != "" {
		if err := s.param(c.B, out); err != nil {
			return nil, fmt.Errorf("conv2d: %w", err)
		}
	}
	if c.Stride < 1 || c.Padding < 0 {
		return nil, fmt.Errorf("conv2d: stride %d or padding %d out of range", c.Stride, c.Padding)
	}
	if h+2*c.Padding < kh || w+2*c.Padding < kw {
		return nil, fmt.Errorf("conv2d: kernel %dx%d is larger than the padded image %v", kh, kw, in)
	}
	return []int{out, c.side(h, kh), c.side(w, kw)}, nil
}
