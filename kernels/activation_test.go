package kernels

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestActivationNames(t *testing.T) {
	require.Len(t, Activations(), 9)
	for _, a := range Activations() {
		got, err := ParseActivation(a.String())
		require.NoError(t, err)
		require.Equal(t, a, got)
	}
	_, err := ParseActivation("tanhh")
	require.ErrorContains(t, err, "tanhh")
	require.Equal(t, "Activation(77)", Activation(77).String())
}

// The corner values that the documentation of Activation promises.
func TestActivationCorners(t *testing.T) {
	nan, inf, minusZero := float32(math.NaN()), float32(math.Inf(1)), float32(math.Copysign(0, -1))
	const tiny = 1e-35
	for _, c := range []struct {
		act             Activation
		x, value, slope float32
		tolerance       float64
		slopeTolerance  float64
	}{
		{act: ReLU, x: minusZero, value: minusZero, slope: 0},
		{act: ReLU, x: 0, value: 0, slope: 0},
		{act: ReLU, x: nan, value: nan, slope: 0},
		{act: ReLU, x: -inf, value: 0, slope: 0},
		{act: ReLU, x: inf, value: inf, slope: 1},
		{act: LeakyReLU, x: minusZero, value: minusZero, slope: 1},
		{act: LeakyReLU, x: nan, value: nan, slope: 0.01},
		{act: LeakyReLU, x: -inf, value: -inf, slope: 0.01},
		{act: HardTanh, x: nan, value: nan, slope: 0},
		{act: HardTanh, x: -1, value: -1, slope: 1},
		{act: HardTanh, x: inf, value: 1, slope: 0},
		{act: HardTanh, x: minusZero, value: minusZero, slope: 1},
		{act: Tanh, x: minusZero, value: minusZero, slope: 1},
		{act: Tanh, x: inf, value: 1, slope: 0},
		{act: Tanh, x: -inf, value: -1, slope: 0},
		{act: Tanh, x: nan, value: nan, slope: nan},
		{act: Sigmoid, x: minusZero, value: 0.5, slope: 0.25},
		{act: Sigmoid, x: inf, value: 1, slope: 0},
		{act: Sigmoid, x: -inf, value: 0, slope: 0},
		{act: Sigmoid, x: nan, value: nan, slope: nan},
		{act: SiLU, x: minusZero, value: minusZero, slope: 0.5},
		{act: SiLU, x: inf, value: inf, slope: 1},
		{act: SiLU, x: -inf, value: 0, slope: 0, tolerance: tiny, slopeTolerance: tiny},
		{act: SiLU, x: nan, value: nan, slope: nan},
		{act: GELU, x: minusZero, value: minusZero, slope: 0.5},
		{act: GELU, x: inf, value: inf, slope: 1},
		{act: GELU, x: -inf, value: 0, slope: 0, tolerance: tiny, slopeTolerance: tiny},
		{act: GELU, x: nan, value: nan, slope: nan},
		{act: GELUErf, x: minusZero, value: minusZero, slope: 0.5, slopeTolerance: 1e-7},
		{act: GELUErf, x: inf, value: inf, slope: 1},
		{act: GELUErf, x: -inf, value: 0, slope: 0, tolerance: tiny, slopeTolerance: tiny},
		{act: GELUErf, x: nan, value: nan, slope: nan},
	} {
		for _, h := range tiers(t) {
			y, s := []float32{1}, []float32{1}
			h.Activate(c.act, y, s, []float32{c.x})
			requireCorner(t, c.value, y[0], c.tolerance, "%v %v(%v)", h.ISA(), c.act, c.x)
			requireCorner(t, c.slope, s[0], c.slopeTolerance, "%v %v'(%v)", h.ISA(), c.act, c.x)
		}
	}
}

func requireCorner(t *testing.T, want, got float32, tolerance float64, what ...any) {
	t.Helper()
	if tolerance > 0 {
		require.InDelta(t, want, got, tolerance, what...)
		return
	}
	require.NoError(t, sameBits([]float32{want}, []float32{got}), what...)
}

func TestExpCorners(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, h := range tiers(t) {
		y := make([]float32, 6)
		h.Exp(y, []float32{-inf, inf, 0, float32(math.Copysign(0, -1)), 88.7228, -103.5})
		require.Equal(t, []float32{0, inf, 1, 1}, y[:4])
		require.InEpsilon(t, math.Exp(float64(float32(88.7228))), y[4], 1e-6)
		require.Equal(t, float32(math.SmallestNonzeroFloat32), y[5])
	}
}
