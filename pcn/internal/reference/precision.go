package reference

import (
	"fmt"
	"math"
)

// A Precision is a schedule of the factors p_i(t) that weigh a level's energy
// at relaxation step t. The energy front that starts at the output reaches
// level l at step N-1-l.
type Precision interface {
	// At returns p_level(t) for N levels and T steps.
	At(level, levels, t, T int) float64

	// Check says whether the schedule exists for N levels and T steps.
	Check(levels, T int) error
}

// Uniform is p = 1 always.
type Uniform struct{}

// At returns 1.
func (Uniform) At(_, _, _, _ int) float64 { return 1 }

// Check returns nil.
func (Uniform) Check(_, _ int) error { return nil }

// Spiking is p = 1 at the one step when the front reaches the level, Alpha
// otherwise.
type Spiking struct{ Alpha float64 }

// At returns the precision of a level at step t.
func (s Spiking) At(level, levels, t, _ int) float64 {
	if t == levels-1-level {
		return 1
	}
	return s.Alpha
}

// Check returns nil.
func (Spiking) Check(_, _ int) error { return nil }

// Decaying is, d steps after the front has reached the level,
//
//	p = 0                  d < 0
//	p = 1                  d = 0
//	p = exp(-K d) S / 100  d > 0, or exp(-K d) / S if Normalised
//
// with S the sum of exp(-K j) over the steps j = 0.. that the level has left
// when the front arrives, its own included.
type Decaying struct {
	K          float64
	Normalised bool
}

// At returns the precision of a level at step t.
func (d Decaying) At(level, levels, t, T int) float64 {
	arrival := levels - 1 - level
	if t < arrival {
		return 0
	}
	if t == arrival {
		return 1
	}
	sum := 0.0
	for j := range T - arrival {
		sum += math.Exp(-d.K * float64(j))
	}
	decay := math.Exp(-d.K * float64(t-arrival))
	if d.Normalised {
		return decay / sum
	}
	return decay * sum / 100
}

// Check wants the front to reach every level, T >= N.
func (Decaying) Check(levels, T int) error {
	if T < levels {
		return fmt.Errorf("decaying precision needs T >= N, have T = %d, N = %d", T, levels)
	}
	return nil
}

// PrecisionFunc is a schedule given as a function.
type PrecisionFunc func(level, levels, t, T int) float64

// At calls f.
func (f PrecisionFunc) At(level, levels, t, T int) float64 { return f(level, levels, t, T) }

// Check returns nil.
func (PrecisionFunc) Check(_, _ int) error { return nil }
