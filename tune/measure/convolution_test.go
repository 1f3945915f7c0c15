package measure

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
)

// What workers do together is what one does alone.
func TestConvolutionParts(t *testing.T) {
	h := kernels.Default()
	c := NewConvolution(3, 10, 5, 7)
	for _, d := range []struct {
		part   func(h *kernels.Handle, worker, workers int) Contestant
		result *kernels.Matrix
	}{{c.Predict, &c.out}, {c.Feedback, &c.back}, {c.Gradient, &c.dw}} {
		whole := d.part(h, 0, 1)
		whole.Run()
		want := append([]float32(nil), d.result.Data...)
		require.NotEqual(t, make([]float32, len(want)), want)
		require.Equal(t, c.FLOPs(), whole.FLOPs)
		clear(d.result.Data)
		flops := 0.0
		for worker := range 3 {
			part := d.part(h, worker, 3)
			part.Run()
			flops += part.FLOPs
		}
		require.Equal(t, want, d.result.Data)
		require.InEpsilon(t, c.FLOPs(), flops, 1e-12)
	}
	require.Equal(t, 2.*13*13*3*10*7, c.FLOPs(), "13 of 15 taps along each side")
}
