package pcn

import (
	"errors"
	"fmt"
	"math"
)

// OptimizerKind names a rule by which weights follow their gradient.
type OptimizerKind uint8

// With gradient g, the moments m and v of a parameter w starting at 0, rate r
// and c steps including this one:
//
//	SGD    v = g + mu v;  w -= r v,  or r (g + mu v) with Nesterov
//	Adam   m = b1 m + (1-b1) g;  v = b2 v + (1-b2) g^2
//	       w -= r (m/(1-b1^c)) / (sqrt(v/(1-b2^c)) + eps)
//	AdamW  the same, and decoupled decay of every parameter: w -= r wd w,
//	       both taken at the old w
const (
	AdamW OptimizerKind = iota
	Adam
	SGD
)

// String returns "adamw", "adam" or "sgd".
func (k OptimizerKind) String() string {
	switch k {
	case AdamW:
		return "adamw"
	case Adam:
		return "adam"
	case SGD:
		return "sgd"
	}
	return fmt.Sprintf("OptimizerKind(%d)", uint8(k))
}

// SkipZero says what happens to a tensor whose gradient is exactly zero
// everywhere, as that of levels the error has not reached yet in an
// incremental network.
type SkipZero uint8

const (
	// SkipOff treats it like any other: moments and weight decay still move it.
	SkipOff SkipZero = iota
	// SkipUpdate leaves the tensor as it is, without weight decay, while its
	// moments decay and its step count advances.
	SkipUpdate
	// SkipFull leaves tensor, moments and the step count of its bias
	// correction as they are. The count that drives the learning rate advances.
	SkipFull
)

// String returns "off", "update" or "full".
func (s SkipZero) String() string {
	switch s {
	case SkipOff:
		return "off"
	case SkipUpdate:
		return "update"
	case SkipFull:
		return "full"
	}
	return fmt.Sprintf("SkipZero(%d)", uint8(s))
}

// Optimizer are the settings of the weights' optimiser. SGD reads Momentum and
// Nesterov; Adam and AdamW read the betas and Eps, of which 0 stands for 0.9,
// 0.999 and 1e-8; AdamW reads WeightDecay.
type Optimizer struct {
	Kind OptimizerKind
	Rate Rate // by optimiser step; without one Config.Check has an error

	Momentum float64
	Nesterov bool

	Beta1, Beta2, Eps float64
	WeightDecay       float64

	SkipZero SkipZero // of tensors whose gradient is zero everywhere
}

// withDefaults fills in what 0 stands for.
func (o Optimizer) withDefaults() Optimizer {
	if o.Beta1 == 0 {
		o.Beta1 = 0.9
	}
	if o.Beta2 == 0 {
		o.Beta2 = 0.999
	}
	if o.Eps == 0 {
		o.Eps = 1e-8
	}
	return o
}

func (o Optimizer) check() error {
	switch {
	case o.Kind > SGD:
		return fmt.Errorf("pcn: unknown optimiser %v: use AdamW, Adam or SGD", o.Kind)
	case o.SkipZero > SkipFull:
		return fmt.Errorf("pcn: unknown SkipZero %v: use SkipOff, SkipUpdate or SkipFull", o.SkipZero)
	case o.Rate == nil:
		return errors.New("pcn: the optimiser has no learning rate: set Optimizer.Rate, to Constant(1e-3) for instance")
	case !(o.Momentum >= 0 && o.Momentum <= 1):
		return fmt.Errorf("pcn: the optimiser's momentum %v is not between 0 and 1", o.Momentum)
	case !(o.Beta1 >= 0 && o.Beta1 < 1) || !(o.Beta2 >= 0 && o.Beta2 < 1):
		return fmt.Errorf("pcn: the betas %v and %v must be from 0 to less than 1", o.Beta1, o.Beta2)
	case !(o.Eps >= 0) || math.IsInf(o.Eps, 0):
		return fmt.Errorf("pcn: the optimiser's eps %v is not a number from 0 on", o.Eps)
	case !(o.WeightDecay >= 0) || math.IsInf(o.WeightDecay, 0):
		return fmt.Errorf("pcn: the weight decay %v is not a number from 0 on", o.WeightDecay)
	}
	return o.Rate.check()
}
