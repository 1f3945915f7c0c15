package kernels

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Ranges of channels packed one after the other make the whole.
func TestPackFeedbackColumns(t *testing.T) {
	for _, h := range []*Handle{Default()} {
		nr := h.PanelColumns()
		c := h.NewConv(ConvShape{Height: 4, Width: 4, In: 2*nr + 3, Out: 5, KernelHeight: 3, KernelWidth: 2, Stride: 1, Padding: 1})
		w := NewMatrix(5, c.Shape().Taps())
		for i := range w.Data {
			w.Data[i] = float32(i)
		}
		want, got := NewVector(c.PackedFeedbackSize()), NewVector(c.PackedFeedbackSize())
		c.PackFeedback(want, w)
		for lo := 0; lo < c.Shape().In; lo += nr {
			require.NotEqual(t, want, got)
			c.PackFeedbackColumns(got, w, lo, min(lo+nr, c.Shape().In))
		}
		require.Equal(t, want, got)
	}
}

func TestPackFeedbackColumnsPanics(t *testing.T) {
	h := Default()
	c := h.NewConv(ConvShape{Height: 4, Width: 4, In: 40, Out: 5, KernelHeight: 3, KernelWidth: 3, Stride: 1})
	w, dst := NewMatrix(5, c.Shape().Taps()), NewVector(c.PackedFeedbackSize())
	for _, r := range [][2]int{{1, 40}, {0, 41}, {-32, 0}, {32, 0}, {0, 33}} {
		require.PanicsWithValue(t, "kernels: PackFeedbackColumns: not a range of whole panels",
			func() { c.PackFeedbackColumns(dst, w, r[0], r[1]) })
	}
	require.Panics(t, func() { c.PackFeedbackColumns(dst[1:], w, 0, 40) })
	require.Panics(t, func() { c.PackFeedbackColumns(dst, NewMatrix(5, 3), 0, 40) })
}
