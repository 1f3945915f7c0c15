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
	if err := t.fits(list); err != nil {
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
	for _, d := range t.updater.denses {
		d.forward.refresh(t.cfg.Kernels, 0, d.forward.columns())
	}
	for _, d := range t.updater.below {
		d.feedback.refresh(t.cfg.Kernels, 0, d.feedback.columns())
	}
}

// fits says where a list of tensors differs from the parameters' names and
// shapes.
func (t *Trainer) fits(list []Tensor) error {
	if len(list) != len(t.params) {
		return fmt.Errorf("pcn: %d tensors for %d parameters", len(list), len(t.params))
	}
	for i, p := range t.params {
		got := &list[i]
		switch {
		case got.Name != p.name:
			return fmt.Errorf("pcn: parameter %d is %q, not %q", i, p.name, got.Name)
		case !slices.Equal(got.Shape, p.shape):
			return fmt.Errorf("pcn: parameter %q has the shape %v, not %v", p.name, p.shape, got.Shape)
		case len(got.Data) != p.value.Rows*p.value.Cols:
			return fmt.Errorf("pcn: parameter %q has %d values, not %d", p.name, p.value.Rows*p.value.Cols, len(got.Data))
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
	if len(s.Steps) != len(t.params) || s.Count < 0 {
		return fmt.Errorf("pcn: an optimiser state with %d step counts for %d parameters", len(s.Steps), len(t.params))
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
		if len(m.of(t.params[0]).Data) > 0 {
			want = len(t.params)
		}
		if len(m.list) != want {
			return fmt.Errorf("pcn: %d %s moments, but %v wants %d", len(m.list), m.what, t.cfg.Optimizer.Kind, want)
		}
		if want == 0 {
			continue
		}
		if err := t.fits(m.list); err != nil {
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
