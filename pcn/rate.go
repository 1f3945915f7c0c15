package pcn

import (
	"fmt"
	"math"

	"github.com/gopcn/gopcn/pcn/internal/detmath"
)

// A Rate is the learning rate as a function of the number of optimiser steps
// made before. It is [Constant] or [WarmupCosine].
type Rate interface {
	At(count int) float64
	check() error
}

// Constant is the same rate always.
type Constant float64

// At returns the rate.
func (c Constant) At(int) float64 { return float64(c) }

func (c Constant) check() error {
	if !(c >= 0) || math.IsInf(float64(c), 0) {
		return fmt.Errorf("pcn: the learning rate %v is not a number from 0 on", float64(c))
	}
	return nil
}

// WarmupCosine goes linearly from Init to Peak over WarmupSteps, which need not
// be a whole number, and then along a half cosine to End, reached at
// DecaySteps:
//
//	(init - peak)(1 - count/warmup) + peak             count < warmup
//	peak ((1-a) (1/2 (1 + cos(pi c/d)))^exponent + a)  after
//
// with d = decay - warmup, c = min(count - warmup, d), a = end/peak.
type WarmupCosine struct {
	Init, Peak, WarmupSteps, DecaySteps, End float64
	Exponent                                 int // 0 counts as 1
}

// WarmupCosineFor is the schedule that serves for a run of so many optimiser
// steps: from rate to 1.1 rate over the first tenth, then to 0.1 rate.
// [Config.OptimizerSteps] counts them.
func WarmupCosineFor(rate float64, steps int) WarmupCosine {
	return WarmupCosine{
		Init: rate, Peak: float64(1.1 * rate), End: float64(0.1 * rate), Exponent: 1,
		WarmupSteps: float64(0.1 * float64(steps)), DecaySteps: float64(steps),
	}
}

// At returns the rate of the step that count steps precede.
func (w WarmupCosine) At(count int) float64 {
	n := float64(count)
	if n < w.WarmupSteps {
		return float64((w.Init-w.Peak)*(1-n/w.WarmupSteps)) + w.Peak
	}
	d := w.DecaySteps - w.WarmupSteps
	c := min(n-w.WarmupSteps, d)
	a := w.End / w.Peak
	wave := detmath.Pow(float64(0.5*(1+detmath.Cos(float64(math.Pi*c)/d))), max(w.Exponent, 1))
	return float64(w.Peak * (float64((1-a)*wave) + a))
}

func (w WarmupCosine) check() error {
	for _, v := range []float64{w.Init, w.Peak, w.WarmupSteps, w.DecaySteps, w.End} {
		if !(v >= 0) || math.IsInf(v, 0) {
			return fmt.Errorf("pcn: warm-up and cosine: %v is not a number from 0 on", v)
		}
	}
	switch {
	case w.Peak == 0:
		return fmt.Errorf("pcn: warm-up and cosine: the peak rate must not be 0")
	case w.DecaySteps <= w.WarmupSteps:
		return fmt.Errorf("pcn: warm-up and cosine: DecaySteps (%v) must exceed WarmupSteps (%v)", w.DecaySteps, w.WarmupSteps)
	case w.Exponent < 0:
		return fmt.Errorf("pcn: warm-up and cosine: the exponent %d is negative", w.Exponent)
	}
	return nil
}
