package reference

import "fmt"

// NudgeKind says how the output node is clamped.
type NudgeKind string

const (
	// NoNudge clamps the output to the target y.
	NoNudge NudgeKind = "none"

	// Positive and Negative clamp it to u + b (y - u), with b = +Beta or -Beta,
	// and scale the weight gradient by 1/b.
	Positive NudgeKind = "positive"
	Negative NudgeKind = "negative"

	// Centred averages the weight gradients of both, which start from the same
	// parameters and statistics. The statistics of the negative phase are kept.
	Centred NudgeKind = "centred"
)

// Nudging is a kind and its (positive) strength.
type Nudging struct {
	Kind NudgeKind
	Beta float64
}

// Check says whether the kind is known and can be scaled by 1/Beta.
func (n Nudging) Check() error {
	switch n.Kind {
	case NoNudge:
		return nil
	case Positive, Negative, Centred:
		if n.Beta > 0 {
			return nil
		}
		return fmt.Errorf("nudging needs a positive beta, have %v", n.Beta)
	}
	return fmt.Errorf("unknown nudging %q", n.Kind)
}

// A nudge is how one phase clamps the output.
type nudge struct {
	clampToTarget bool
	b             float64 // signed; 1 if clampToTarget
}

// phases lists the relaxations of a batch, in order.
func (n Nudging) phases() []nudge {
	switch n.Kind {
	case Positive:
		return []nudge{{b: n.Beta}}
	case Negative:
		return []nudge{{b: -n.Beta}}
	case Centred:
		return []nudge{{b: n.Beta}, {b: -n.Beta}}
	default:
		return []nudge{{clampToTarget: true, b: 1}}
	}
}

// target returns what the output node is clamped to, given its forward
// prediction u.
func (n nudge) target(u, y *Tensor) *Tensor {
	if n.clampToTarget {
		return y.Clone()
	}
	h := zerosLike(u)
	for k := range h.Data {
		h.Data[k] = u.Data[k] + n.b*(y.Data[k]-u.Data[k])
	}
	return h
}
