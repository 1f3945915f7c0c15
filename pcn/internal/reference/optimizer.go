package reference

import (
	"fmt"
	"math"
)

// A WeightRule says how the parameters follow their gradient. SGD reads
// Momentum and Nesterov; Adam and AdamW read the betas and Eps; AdamW alone
// reads WeightDecay.
type WeightRule struct {
	Kind RuleKind
	Rate Schedule

	Momentum float64
	Nesterov bool

	Beta1, Beta2, Eps, WeightDecay float64

	SkipZero SkipZero
}

// A RuleKind names an optimiser.
type RuleKind string

// The optimisers. With gradient g, the moments m and v of a parameter w starting at 0, rate r
// and c steps including this one:
//
//	sgd    v = g + mu v;  w -= r v,  or r (g + mu v) with Nesterov
//	adam   m = b1 m + (1-b1) g;  v = b2 v + (1-b2) g^2
//	       w -= r (m/(1-b1^c)) / (sqrt(v/(1-b2^c)) + eps)
//	adamw  the same, and decoupled decay of every parameter: w -= r wd w,
//	       both taken at the old w
const (
	SGD   RuleKind = "sgd"
	Adam  RuleKind = "adam"
	AdamW RuleKind = "adamw"
)

// SkipZero says what happens to a tensor whose gradient is exactly zero
// everywhere.
type SkipZero string

const (
	// SkipOff treats it like any other.
	SkipOff SkipZero = "off"

	// SkipUpdate leaves the tensor as it is, without weight decay, while its
	// moments decay and its step count advances.
	SkipUpdate SkipZero = "update"

	// SkipFull leaves tensor, moments and the count of its bias correction as
	// they are. The count that drives the learning rate advances.
	SkipFull SkipZero = "full"
)

// Check says whether the rule is complete.
func (r WeightRule) Check() error {
	switch r.Kind {
	case SGD, Adam, AdamW:
	default:
		return fmt.Errorf("unknown optimiser %q", r.Kind)
	}
	switch r.SkipZero {
	case SkipOff, SkipUpdate, SkipFull:
	default:
		return fmt.Errorf("unknown skip_zero %q", r.SkipZero)
	}
	if r.Rate == nil {
		return fmt.Errorf("optimiser has no learning rate")
	}
	return r.Rate.Check()
}

// An Optimizer applies a rule and remembers moments and counts from batch to
// batch.
type Optimizer struct {
	rule    WeightRule
	count   int
	moments map[string]*moments
}

// moments of one parameter tensor: first is SGD's velocity or Adam's m, second
// Adam's v, steps the exponent of the bias correction.
type moments struct {
	first, second []float64
	steps         int
}

// NewOptimizer returns an optimiser that has made no step.
func NewOptimizer(rule WeightRule) *Optimizer {
	return &Optimizer{rule: rule, moments: map[string]*moments{}}
}

// Count returns how many steps have been made.
func (o *Optimizer) Count() int { return o.count }

// Step updates params in place by their gradients and returns the learning
// rate it used.
func (o *Optimizer) Step(params, grads Tensors) float64 {
	rate := o.rule.Rate.At(o.count)
	o.count++
	for name, w := range params {
		g := grads[name]
		m := o.moments[name]
		if m == nil {
			m = &moments{first: make([]float64, len(w.Data)), second: make([]float64, len(w.Data))}
			o.moments[name] = m
		}
		skip := g.IsZero() && o.rule.SkipZero != SkipOff
		if skip && o.rule.SkipZero == SkipFull {
			continue
		}
		m.steps++
		for k := range w.Data {
			change := o.rule.change(m, k, g.Data[k], w.Data[k])
			if !skip {
				w.Data[k] -= rate * change
			}
		}
	}
	return rate
}

// change advances the moments of element k and returns what the rate
// multiplies.
func (r WeightRule) change(m *moments, k int, g, w float64) float64 {
	if r.Kind == SGD {
		m.first[k] = g + r.Momentum*m.first[k]
		if r.Nesterov {
			return g + r.Momentum*m.first[k]
		}
		return m.first[k]
	}
	m.first[k] = r.Beta1*m.first[k] + (1-r.Beta1)*g
	m.second[k] = r.Beta2*m.second[k] + (1-r.Beta2)*g*g
	mhat := m.first[k] / (1 - math.Pow(r.Beta1, float64(m.steps)))
	vhat := m.second[k] / (1 - math.Pow(r.Beta2, float64(m.steps)))
	change := mhat / (math.Sqrt(vhat) + r.Eps)
	if r.Kind == AdamW {
		change += r.WeightDecay * w
	}
	return change
}
