package pcn

import (
	"fmt"

	"github.com/gopcn/gopcn/kernels"
)

// OpKind tells the ops apart.
type OpKind uint8

const (
	OpDense    OpKind = iota // made by [Dense]
	OpActivate               // made by [Activate]
)

// An Op is one stage of a node's prediction function. The set is closed: ops
// are made by [Dense] and [Activate].
type Op struct {
	kind OpKind
	out  int
	bias bool
	act  kernels.Activation
}

// Dense is the affine map y = x W^T + b of a vector, W being [out, in]. Without
// bias there is no b.
func Dense(out int, bias bool) Op { return Op{kind: OpDense, out: out, bias: bias} }

// Activate applies f to every value.
func Activate(f kernels.Activation) Op { return Op{kind: OpActivate, act: f} }

// Kind returns which op it is.
func (o Op) Kind() OpKind { return o.kind }

// Out returns the number of outputs of a dense op, and 0 for others.
func (o Op) Out() int { return o.out }

// HasBias reports whether the op has a bias.
func (o Op) HasBias() bool { return o.bias }

// Activation returns the function of an activation op, Identity for others.
func (o Op) Activation() kernels.Activation { return o.act }

// String describes the op, as in "dense 128" or "gelu".
func (o Op) String() string {
	switch {
	case o.kind == OpActivate:
		return o.act.String()
	case o.bias:
		return fmt.Sprintf("dense %d", o.out)
	default:
		return fmt.Sprintf("dense %d without bias", o.out)
	}
}

// shape returns the shape of the result for an input of the given shape, or
// says why there is none.
func (o Op) shape(in Shape) (Shape, error) {
	switch o.kind {
	case OpDense:
		if o.out < 1 {
			return Shape{}, fmt.Errorf("dense: %d outputs; there must be at least one", o.out)
		}
		if !in.IsVector() {
			return Shape{}, fmt.Errorf("dense: the input is an image (%v); it must be a vector", in)
		}
		return Features(o.out), nil
	case OpActivate:
		if int(o.act) >= len(kernels.Activations()) {
			return Shape{}, fmt.Errorf("activate: unknown activation %v", o.act)
		}
		return in, nil
	}
	return Shape{}, fmt.Errorf("unknown op %d", o.kind)
}
