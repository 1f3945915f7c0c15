package reference

import "fmt"

// MaxPool2x2 takes the maximum of 2x2 windows with stride 2. A trailing odd
// row or column is dropped. On a tie the gradient goes to the first maximum in
// row-major order.
type MaxPool2x2 struct{}

func (MaxPool2x2) apply(x *Tensor, _ *pass) (*Tensor, pullback) {
	planes := x.Shape[0] * x.Shape[1]
	h, w := x.Shape[2], x.Shape[3]
	y := NewTensor(x.Shape[0], x.Shape[1], h/2, w/2)
	winner := make([]int, len(y.Data))
	k := 0
	for plane := range planes {
		for i := range h / 2 {
			for j := range w / 2 {
				corner := (plane*h+2*i)*w + 2*j
				best := corner
				for _, at := range []int{corner + 1, corner + w, corner + w + 1} {
					if x.Data[at] > x.Data[best] {
						best = at
					}
				}
				y.Data[k], winner[k] = x.Data[best], best
				k++
			}
		}
	}
	back := func(dy *Tensor, _ Tensors) *Tensor {
		dx := zerosLike(x)
		for k, at := range winner {
			dx.Data[at] += dy.Data[k]
		}
		return dx
	}
	return y, back
}

func (MaxPool2x2) shape(in []int, _ *symbols) ([]int, error) {
	c, h, w, err := image(in)
	if err != nil {
		return nil, fmt.Errorf("maxpool2x2: %w", err)
	}
	if h < 2 || w < 2 {
		return nil, fmt.Errorf("maxpool2x2: image %v has no 2x2 window", in)
	}
	return []int{c, h / 2, w / 2}, nil
}

// GlobalAvgPool is the mean over height and width, one value a channel.
type GlobalAvgPool struct{}

func (GlobalAvgPool) apply(x *Tensor, _ *pass) (*Tensor, pullback) {
	area := x.Shape[2] * x.Shape[3]
	y := NewTensor(x.Shape[0], x.Shape[1])
	for k, v := range x.Data {
		y.Data[k/area] += v / float64(area)
	}
	back := func(dy *Tensor, _ Tensors) *Tensor {
		dx := zerosLike(x)
		for k := range dx.Data {
			dx.Data[k] = dy.Data[k/area] / float64(area)
		}
		return dx
	}
	return y, back
}

func (GlobalAvgPool) shape(in []int, _ *symbols) ([]int, error) {
	c, _, _, err := image(in)
	if err != nil {
		return nil, fmt.Errorf("global_avg_pool: %w", err)
	}
	return []int{c}, nil
}
