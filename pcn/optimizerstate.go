package pcn

import (
	"fmt"
	"slices"

	"github.com/gopcn/gopcn/kernels"
)

// OptimizerState is what an optimiser remembers from step to step.
type OptimizerState struct {
	// Count is the number of steps made, which drives the learning rate.
	Count int

	// Steps has, for each parameter, the number of steps that entered its
	// moments. They differ from Count only with SkipFull.
	Steps []int

	// First has each parameter's velocity (SGD with momentum) or mean (Adam),
	// Second its mean square (Adam). Both are empty where there is none.
	First, Second []Tensor
}

// OptimizerState returns a copy of the optimiser's state.
func (t *Trainer) OptimizerState() OptimizerState {
	s := OptimizerState{Count: t.updater.count}
	for _, p := range t.params {
		s.Steps = append(s.Steps, p.steps)
		if len(p.first.Data) > 0 {
			s.First = append(s.First, p.tensor(p.first))
		}
		if len(p.second.Data) > 0 {
			s.Second = append(s.Second, p.tensor(p.second))
		}
	}
	return s
}

// SetOptimizerState continues where another trainer of the same network and
// optimiser stopped. If the state does not fit an error says why, and nothing
// is changed.
func (t *Trainer) SetOptimizerState(s OptimizerState) error {
	if err := t.checkOptimizerState(&s); err != nil {
		return err
	}
	t.updater.count = s.Count
	for i, p := range t.params {
		p.steps = s.Steps[i]
		for _, m := range s.moments() {
			if len(m.list) > 0 {
				p.set(m.of(p), m.list[i].Data)
			}
		}
	}
	return nil
}

// moments are both lists of a state, with where a parameter has its own.
func (s *OptimizerState) moments() [2]moments {
	return [2]moments{
		{"first", s.First, func(p *param) kernels.Matrix { return p.first }},
		{"second", s.Second, func(p *param) kernels.Matrix { return p.second }},
	}
}

type moments struct {
	what string
	list []Tensor
	of   func(*param) kernels.Matrix
}

func (t *Trainer) checkOptimizerState(s *OptimizerState) error {
	if len(s.Steps) != len(t.params) {
		return fmt.Errorf("pcn: an optimiser state with %d step counts for %d parameters", len(s.Steps), len(t.params))
	}
	if s.Count < 0 || slices.ContainsFunc(s.Steps, func(n int) bool { return n < 0 }) {
		return fmt.Errorf("pcn: an optimiser state with negative step counts: %d, %v", s.Count, s.Steps)
	}
	for _, m := range s.moments() {
		want := 0
		if len(t.params) > 0 && len(m.of(t.params[0]).Data) > 0 {
			want = len(t.params)
		}
		if len(m.list) != want {
			return fmt.Errorf("pcn: %d %s moments, but %v wants %d", len(m.list), m.what, t.cfg.Optimizer.Kind, want)
		}
		if want == 0 {
			continue
		}
		if err := fits("parameter", m.list, t.Parameters()); err != nil {
			return err
		}
	}
	return nil
}
