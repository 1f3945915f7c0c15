package pcn

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/gopcn/gopcn/kernels"
)

// Parameters returns copies of all parameters in canonical order, see
// [InitialParameters].
func (t *Trainer) Parameters() []Tensor {
	list := make([]Tensor, len(t.params))
	for i, p := range t.params {
		list[i] = p.tensor(p.value)
	}
	return list
}

// SetParameters replaces all parameters. The list must have the names and
// shapes of [Trainer.Parameters], in the same order; otherwise an error says
// where it does not, and nothing is changed. The optimiser's state stays.
func (t *Trainer) SetParameters(list []Tensor) error {
	if err := fits("parameter", list, t.Parameters()); err != nil {
		return err
	}
	for i, p := range t.params {
		p.set(p.value, list[i].Data)
	}
	t.repack()
	return nil
}

// Digest returns the [Digest] of the parameters.
func (t *Trainer) Digest() [sha256.Size]byte { return Digest(t.Parameters()) }

// repack renews all packs after the weights were set from outside.
func (t *Trainer) repack() {
	for i := range t.updater.groups {
		d := t.updater.groups[i].layer
		if d == nil {
			continue
		}
		d.forward.refresh(t.cfg.Kernels, 0, d.forward.columns())
		if !d.feedback.absent() {
			d.feedback.refresh(t.cfg.Kernels, 0, d.feedback.columns())
		}
	}
}

// fits says where a list of tensors differs from the names and shapes of
// another.
func fits(what string, list, want []Tensor) error {
	if len(list) != len(want) {
		return fmt.Errorf("pcn: %d tensors for %d %ss", len(list), len(want), what)
	}
	for i, w := range want {
		got := &list[i]
		switch {
		case got.Name != w.Name:
			return fmt.Errorf("pcn: %s %d is %q, not %q", what, i, w.Name, got.Name)
		case !slices.Equal(got.Shape, w.Shape):
			return fmt.Errorf("pcn: %s %q has the shape %v, not %v", what, w.Name, w.Shape, got.Shape)
		case len(got.Data) != len(w.Data):
			return fmt.Errorf("pcn: %s %q has %d values, not %d", what, w.Name, len(w.Data), len(got.Data))
		}
	}
	return nil
}

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
	if len(s.Steps) != len(t.params) {
		return fmt.Errorf("pcn: an optimiser state with %d step counts for %d parameters", len(s.Steps), len(t.params))
	}
	if s.Count < 0 || slices.ContainsFunc(s.Steps, func(n int) bool { return n < 0 }) {
		return fmt.Errorf("pcn: an optimiser state with negative step counts: %d, %v", s.Count, s.Steps)
	}
	moments := []struct {
		what string
		list []Tensor
		of   func(*param) kernels.Matrix
	}{
		{"first", s.First, func(p *param) kernels.Matrix { return p.first }},
		{"second", s.Second, func(p *param) kernels.Matrix { return p.second }},
	}
	for _, m := range moments {
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
	t.updater.count = s.Count
	for i, p := range t.params {
		p.steps = s.Steps[i]
		for _, m := range moments {
			if len(m.list) > 0 {
				p.set(m.of(p), m.list[i].Data)
			}
		}
	}
	return nil
}
