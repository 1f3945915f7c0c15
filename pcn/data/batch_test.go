package data

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// samples repeats pcn.Samples, which this package does not import.
type samples interface {
	Len() int
	Fill(dst []float32, i int)
	Label(i int) int
}

var (
	_ samples = (*Set)(nil)
	_ samples = (*Batch)(nil)
)

func TestBatch(t *testing.T) {
	s := numbered(9, 6, 5, 3)
	b := &Batch{Set: s, Places: []int32{7, 0, 7, 3}, Seed: 5, Epoch: 2}
	require.Equal(t, 4, b.Len())
	got, want := make([]float32, s.Features()), make([]float32, s.Features())
	for _, augment := range []Augment{{}, {Flip: true}, {Pad: 2}, {Flip: true, Pad: 4}} {
		b.Augment = augment
		for i, place := range b.Places {
			b.Fill(got, i)
			augment.Fill(want, s, 5, 2, int(place))
			require.Equal(t, want, got)
			require.Equal(t, s.Label(int(place)), b.Label(i))
		}
	}
}

func TestBatchDoesNotAllocate(t *testing.T) {
	s := numbered(9, 6, 5, 3)
	dst := make([]float32, s.Features())
	var b samples = &Batch{Set: s, Places: []int32{7, 0}, Augment: Augment{Pad: 1}}
	require.Zero(t, testing.AllocsPerRun(100, func() { b.Fill(dst, 1) }))
}
