package reference

import "fmt"

// Dense is the affine map of a vector,
//
//	y_o = b_o + sum_i W_oi x_i
//
// W and B name parameters; an empty B means no bias.
type Dense struct{ W, B string }

func (d Dense) apply(x *Tensor, p *pass) (*Tensor, pullback) {
	w := p.params[d.W]
	batch, out, in := x.Shape[0], w.Shape[0], w.Shape[1]
	y := NewTensor(batch, out)
	for n := range batch {
		for o := range out {
			sum := 0.0
			if d.B != "" {
				sum = p.params[d.B].Data[o]
			}
			for i := range in {
				sum += w.Data[o*in+i] * x.Data[n*in+i]
			}
			y.Data[n*out+o] = sum
		}
	}
	// dx_i = sum_o W_oi dy_o,   dW_oi = sum_n dy_no x_ni,   db_o = sum_n dy_no
	back := func(dy *Tensor, grads Tensors) *Tensor {
		dx := zerosLike(x)
		dw := grads[d.W]
		for n := range batch {
			for o := range out {
				e := dy.Data[n*out+o]
				for i := range in {
					dx.Data[n*in+i] += w.Data[o*in+i] * e
					dw.Data[o*in+i] += e * x.Data[n*in+i]
				}
				if d.B != "" {
					grads[d.B].Data[o] += e
				}
			}
		}
		return dx
	}
	return y, back
}

func (d Dense) shape(in []int, s *symbols) ([]int, error) {
	if len(in) != 1 {
		return nil, fmt.Errorf("dense wants a vector, have %v", in)
	}
	w := s.params[d.W]
	if w == nil || len(w.Shape) != 2 {
		return nil, fmt.Errorf("dense: there is no matrix %q", d.W)
	}
	out := w.Shape[0]
	if err := s.param(d.W, out, in[0]); err != nil {
		return nil, fmt.Errorf("dense: %w", err)
	}
	if d.B != "" {
		if err := s.param(d.B, out); err != nil {
			return nil, fmt.Errorf("dense: %w", err)
		}
	}
	return []int{out}, nil
}
