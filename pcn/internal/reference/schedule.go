package reference

import (
	"fmt"
	"math"
)

// A Schedule is a learning rate as a function of the number of optimiser steps
// made before.
type Schedule interface {
	At(count int) float64
	Check() error
}

// Constant is the same rate always.
type Constant float64

// At returns the rate.
func (c Constant) At(int) float64 { return float64(c) }

// Check returns nil.
func (Constant) Check() error { return nil }

// WarmupCosine goes from Init to Peak linearly over WarmupSteps, which need not
// be an integer, and then to End along a half cosine that is over at DecaySteps:
//
//	(init - peak)(1 - count/warmup) + peak           count < warmup
//	peak ((1-a) (1/2 (1 + cos(pi c/d)))^exponent + a)  after
//
// with d = decay - warmup, c = min(count - warmup, d), a = end/peak.
type WarmupCosine struct {
	Init, Peak, WarmupSteps, DecaySteps, End, Exponent float64
}

// At returns the rate of the step that count steps precede.
func (w WarmupCosine) At(count int) float64 {
	n := float64(count)
	if n < w.WarmupSteps {
		return (w.Init-w.Peak)*(1-n/w.WarmupSteps) + w.Peak
	}
	d := w.DecaySteps - w.WarmupSteps
	c := min(n-w.WarmupSteps, d)
	a := w.End / w.Peak
	return w.Peak * ((1-a)*math.Pow(0.5*(1+math.Cos(math.Pi*c/d)), w.Exponent) + a)
}

// Check wants something to be left after the warm-up.
func (w WarmupCosine) Check() error {
	if w.DecaySteps <= w.WarmupSteps {
		return fmt.Errorf("decay steps %v must exceed warm-up steps %v", w.DecaySteps, w.WarmupSteps)
	}
	if w.Peak == 0 {
		return fmt.Errorf("the peak rate must not be zero")
	}
	return nil
}
