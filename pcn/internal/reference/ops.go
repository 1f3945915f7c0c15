package reference

import (
	"fmt"
	"slices"
)

// An Op is one stage of a node's prediction function: [Dense], [Conv2D],
// [BatchNorm], [Activation], [MaxPool2x2], [Flatten] or [GlobalAvgPool].
type Op interface {
	// apply returns y = f(x) and the pullback of f at x.
	apply(x *Tensor, p *pass) (y *Tensor, back pullback)

	// shape returns the shape of a sample of y for a sample of x, or says why
	// there is none. It also checks the parameters the op names.
	shape(in []int, s *symbols) ([]int, error)
}

// A pullback maps dL/dy to dL/dx and adds dL/dtheta of the op's parameters to
// grads. The derivative is taken at the x that apply saw.
type pullback func(dy *Tensor, grads Tensors) (dx *Tensor)

// A pass is what the ops of one evaluation have in common.
type pass struct {
	params Tensors
	stats  *Statistics

	// evaluation makes BatchNorm normalise by the running statistics.
	evaluation bool

	// move makes every BatchNorm layer that is evaluated move its running
	// statistics by one step.
	move bool
}

// compose applies ops in order; its pullback is the chain rule in reverse. No
// op at all is the identity.
func compose(ops []Op, x *Tensor, p *pass) (*Tensor, pullback) {
	backs := make([]pullback, 0, len(ops))
	for _, op := range ops {
		y, back := op.apply(x, p)
		x, backs = y, append(backs, back)
	}
	return x, func(dy *Tensor, grads Tensors) *Tensor {
		for _, back := range slices.Backward(backs) {
			dy = back(dy, grads)
		}
		return dy
	}
}

// Flatten turns images into vectors, row-major over (channel, height, width).
type Flatten struct{}

func (Flatten) apply(x *Tensor, _ *pass) (*Tensor, pullback) {
	y := x.Clone()
	y.Shape = []int{x.Shape[0], volume(x.Shape[1:])}
	return y, func(dy *Tensor, _ Tensors) *Tensor {
		dx := dy.Clone()
		dx.Shape = slices.Clone(x.Shape)
		return dx
	}
}

func (Flatten) shape(in []int, _ *symbols) ([]int, error) { return []int{volume(in)}, nil }

// symbols are the parameters and statistics that a network may name, and which
// of them it did.
type symbols struct {
	params, stats Tensors
	used          map[string]bool
}

// param checks that a parameter exists with the given shape.
func (s *symbols) param(name string, shape ...int) error {
	return s.check(s.params, "parameter", name, shape)
}

// stat checks that a running statistic exists with the given shape.
func (s *symbols) stat(name string, shape ...int) error {
	return s.check(s.stats, "running statistic", name, shape)
}

func (s *symbols) check(in Tensors, what, name string, shape []int) error {
	t := in[name]
	if t == nil {
		return fmt.Errorf("there is no %s %q", what, name)
	}
	if slices.Min(shape) < 1 || !slices.Equal(t.Shape, shape) || len(t.Data) != volume(shape) {
		return fmt.Errorf("%s %q has shape %v, want %v", what, name, t.Shape, shape)
	}
	s.used[name] = true
	return nil
}

// image checks that a sample is an image and returns its dimensions.
func image(in []int) (c, h, w int, err error) {
	if len(in) != 3 {
		return 0, 0, 0, fmt.Errorf("want an image [channel, height, width], have %v", in)
	}
	return in[0], in[1], in[2], nil
}
