package pcn

import (
	"crypto/sha256"
	"fmt"
	"slices"
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
