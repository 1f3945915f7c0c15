package reference

import (
	"fmt"
	"maps"
	"slices"
)

// A Tensor is a dense row-major array. The first dimension of activations is
// the batch.
type Tensor struct {
	Shape []int
	Data  []float64
}

// Tensors maps names (of nodes, parameters or running statistics) to tensors.
type Tensors map[string]*Tensor

// NewTensor returns a tensor of zeros.
func NewTensor(shape ...int) *Tensor {
	return &Tensor{Shape: slices.Clone(shape), Data: make([]float64, volume(shape))}
}

// FromData returns a tensor that holds a copy of data.
func FromData(shape []int, data []float64) (*Tensor, error) {
	for _, d := range shape {
		if d < 1 {
			return nil, fmt.Errorf("shape %v has an empty dimension", shape)
		}
	}
	if volume(shape) != len(data) {
		return nil, fmt.Errorf("shape %v does not hold %d values", shape, len(data))
	}
	return &Tensor{Shape: slices.Clone(shape), Data: slices.Clone(data)}, nil
}

// Clone returns a copy that shares nothing with t.
func (t *Tensor) Clone() *Tensor {
	return &Tensor{Shape: slices.Clone(t.Shape), Data: slices.Clone(t.Data)}
}

// IsZero reports whether every element is exactly zero (of either sign).
func (t *Tensor) IsZero() bool {
	for _, v := range t.Data {
		if v != 0 {
			return false
		}
	}
	return true
}

// add does t += c s.
func (t *Tensor) add(c float64, s *Tensor) {
	for k, v := range s.Data {
		t.Data[k] += c * v
	}
}

// scaled returns c t.
func (t *Tensor) scaled(c float64) *Tensor {
	r := zerosLike(t)
	r.add(c, t)
	return r
}

func zerosLike(t *Tensor) *Tensor { return NewTensor(t.Shape...) }

// Clone returns a deep copy.
func (ts Tensors) Clone() Tensors {
	r := make(Tensors, len(ts))
	for name, t := range ts {
		r[name] = t.Clone()
	}
	return r
}

// Names returns the names in ascending order.
func (ts Tensors) Names() []string { return slices.Sorted(maps.Keys(ts)) }

// Zero returns the names of the tensors that are exactly zero everywhere, in
// ascending order.
func (ts Tensors) Zero() []string {
	names := []string{}
	for _, name := range ts.Names() {
		if ts[name].IsZero() {
			names = append(names, name)
		}
	}
	return names
}

func (ts Tensors) zerosLike() Tensors {
	r := make(Tensors, len(ts))
	for name, t := range ts {
		r[name] = zerosLike(t)
	}
	return r
}

// scaled returns every tensor multiplied by c.
func (ts Tensors) scaled(c float64) Tensors {
	r := make(Tensors, len(ts))
	for name, t := range ts {
		r[name] = t.scaled(c)
	}
	return r
}

func volume(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// batched returns the shape of a batch of n samples.
func batched(n int, sample []int) []int { return append([]int{n}, sample...) }
