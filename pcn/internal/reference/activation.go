package reference

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// Activation applies a scalar function to every element.
type Activation struct{ Fn string }

// scalar is an activation function and its derivative.
type scalar struct{ value, slope func(x float64) float64 }

var scalars = map[string]scalar{
	"identity": {
		func(x float64) float64 { return x },
		func(float64) float64 { return 1 },
	},
	"relu": {
		func(x float64) float64 { return pick(x > 0, x, 0) },
		func(x float64) float64 { return pick(x > 0, 1, 0) }, // 0 at 0
	},
	"leaky_relu": {
		func(x float64) float64 { return pick(x >= 0, x, 0.01*x) },
		func(x float64) float64 { return pick(x >= 0, 1, 0.01) }, // 1 at 0
	},
	"tanh": {
		math.Tanh,
		func(x float64) float64 { return 1 - math.Tanh(x)*math.Tanh(x) },
	},
	"sigmoid": {
		sigmoid,
		func(x float64) float64 { return sigmoid(x) * (1 - sigmoid(x)) },
	},
	// gelu is the tanh form, x/2 (1 + tanh q) with q = sqrt(2/pi) (x + 0.044715 x^3).
	"gelu": {
		func(x float64) float64 { return 0.5 * x * (1 + math.Tanh(geluInner(x))) },
		func(x float64) float64 {
			t := math.Tanh(geluInner(x))
			dq := math.Sqrt(2/math.Pi) * (1 + 3*0.044715*x*x)
			return 0.5*(1+t) + 0.5*x*(1-t*t)*dq
		},
	},
	// gelu_erf is x Phi(x), Phi the normal distribution; its slope is
	// Phi(x) + x phi(x).
	"gelu_erf": {
		func(x float64) float64 { return 0.5 * x * (1 + math.Erf(x/math.Sqrt2)) },
		func(x float64) float64 {
			return 0.5*(1+math.Erf(x/math.Sqrt2)) + x*math.Exp(-x*x/2)/math.Sqrt(2*math.Pi)
		},
	},
	"silu": {
		func(x float64) float64 { return x * sigmoid(x) },
		func(x float64) float64 { return sigmoid(x) * (1 + x*(1-sigmoid(x))) },
	},
	"hard_tanh": {
		func(x float64) float64 { return max(-1, min(1, x)) },
		func(x float64) float64 { return pick(-1 <= x && x <= 1, 1, 0) }, // 1 at +-1
	},
}

// ActivationNames returns the names that [Activation] knows, in ascending
// order.
func ActivationNames() []string { return slices.Sorted(maps.Keys(scalars)) }

// Value returns the activation at x. It panics for an unknown name, which
// [Network.Validate] reports as an error.
func (a Activation) Value(x float64) float64 { return scalars[a.Fn].value(x) }

// Slope returns the derivative of the activation at x.
func (a Activation) Slope(x float64) float64 { return scalars[a.Fn].slope(x) }

func (a Activation) apply(x *Tensor, _ *pass) (*Tensor, pullback) {
	y := zerosLike(x)
	for k, v := range x.Data {
		y.Data[k] = a.Value(v)
	}
	back := func(dy *Tensor, _ Tensors) *Tensor {
		dx := zerosLike(x)
		for k, v := range x.Data {
			dx.Data[k] = a.Slope(v) * dy.Data[k]
		}
		return dx
	}
	return y, back
}

func (a Activation) shape(in []int, _ *symbols) ([]int, error) {
	if _, ok := scalars[a.Fn]; !ok {
		return nil, fmt.Errorf("activation: unknown function %q", a.Fn)
	}
	return in, nil
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func geluInner(x float64) float64 { return math.Sqrt(2/math.Pi) * (x + 0.044715*x*x*x) }

func pick(cond bool, yes, no float64) float64 {
	if cond {
		return yes
	}
	return no
}
