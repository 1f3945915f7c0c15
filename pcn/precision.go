package pcn

import (
	"fmt"

	"github.com/gopcn/gopcn/pcn/internal/detmath"
)

// A Schedule gives the precision p of a level's error at relaxation step t,
// for a network of so many levels and T steps. The error starts at the output
// and reaches level l at step levels-1-l.
type Schedule func(level, levels, t, T int) float32

// A Precision is a schedule with a name. The zero value is uniform. Users
// supply their own as Precision{Name: "mine", Schedule: f}.
type Precision struct {
	Name     string
	Schedule Schedule

	// EveryLevel says that the schedule makes sense only if the error reaches
	// every level: T >= N.
	EveryLevel bool
}

// Uniform is p = 1 always.
func Uniform() Precision {
	return Precision{Name: "uniform", Schedule: func(_, _, _, _ int) float32 { return 1 }}
}

// Spiking is p = 1 at the one step when the error reaches the level, alpha
// otherwise.
func Spiking(alpha float32) Precision {
	return Precision{
		Name: fmt.Sprintf("spiking alpha %v", alpha),
		Schedule: func(level, levels, t, _ int) float32 {
			if t == levels-1-level {
				return 1
			}
			return alpha
		},
	}
}

// Decaying is, d steps after the error has reached the level,
//
//	p = 0                  d < 0
//	p = 1                  d = 0
//	p = exp(-k d) S / 100  d > 0
//
// with S = sum of exp(-k j) over the steps j = 0, 1, ... that the level has
// left when the error arrives. (The factor S is that of the authors' program;
// see [DecayingNormalised].) It needs T >= N.
func Decaying(k float64) Precision {
	return decaying(fmt.Sprintf("decaying k %v", k), k, func(decay, sum float64) float64 {
		return float64(decay*sum) / 100
	})
}

// DecayingNormalised is [Decaying] with p = exp(-k d) / S for d > 0.
func DecayingNormalised(k float64) Precision {
	return decaying(fmt.Sprintf("decaying normalised k %v", k), k, func(decay, sum float64) float64 {
		return decay / sum
	})
}

func decaying(name string, k float64, later func(decay, sum float64) float64) Precision {
	schedule := func(level, levels, t, T int) float32 {
		arrival := levels - 1 - level
		switch {
		case t < arrival:
			return 0
		case t == arrival:
			return 1
		}
		sum := 0.0
		for j := range T - arrival {
			sum += detmath.Exp(-float64(k * float64(j)))
		}
		return float32(later(detmath.Exp(-float64(k*float64(t-arrival))), sum))
	}
	return Precision{Name: name, Schedule: schedule, EveryLevel: true}
}

// String returns the name.
func (p Precision) String() string {
	switch {
	case p.Schedule == nil:
		return "uniform"
	case p.Name == "":
		return "custom"
	}
	return p.Name
}

// at returns the precision, 1 for the zero value.
func (p Precision) at(level, levels, t, T int) float32 {
	if p.Schedule == nil {
		return 1
	}
	return p.Schedule(level, levels, t, T)
}

// check says whether the schedule can be used and is finite.
func (p Precision) check(levels, T int) error {
	if p.EveryLevel && T < levels {
		return fmt.Errorf("pcn: %v precision needs at least as many relaxation steps as levels: set Steps to %d or more, not %d",
			p, levels, T)
	}
	for level := range levels {
		for t := range T {
			if v := p.at(level, levels, t, T); !(v >= 0 && v <= maxFloat32) {
				return fmt.Errorf("pcn: %v precision of level %d at step %d is %v; it must be finite and not negative", p, level, t, v)
			}
		}
	}
	return nil
}
