package detmath

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// ulps is the distance of got from want in units in the last place of want.
func ulps(got, want float64) float64 {
	unit := math.Nextafter(math.Abs(want), math.Inf(1)) - math.Abs(want)
	return math.Abs(got-want) / unit
}

func TestExp(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200000 {
		x := (r.Float64() - 0.5) * 1400
		if r.IntN(2) == 0 {
			x = -r.ExpFloat64()
		}
		// math.Exp itself is off by up to one unit.
		require.LessOrEqual(t, ulps(Exp(x), math.Exp(x)), 2.0, "x = %v", x)
	}
	require.Equal(t, 1.0, Exp(0))
	require.Equal(t, math.E, Exp(1))
	require.Equal(t, math.Inf(1), Exp(710))
	require.Equal(t, math.Inf(1), Exp(math.Inf(1)))
	require.Zero(t, Exp(-746))
	require.Zero(t, Exp(math.Inf(-1)))
	require.True(t, math.IsNaN(Exp(math.NaN())))
	require.Equal(t, math.Exp(-744), Exp(-744), "subnormal")
	require.InEpsilon(t, 1.3549863193146328e308, Exp(709.5), 1e-15)
}

func TestCos(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 200000 {
		x := (r.Float64() - 0.5) * 200
		require.InDelta(t, math.Cos(x), Cos(x), 2.3e-16, "x = %v", x)
	}
	for i := range 10001 {
		x := math.Pi * float64(i) / 10000
		require.InDelta(t, math.Cos(x), Cos(x), 1.2e-16, "x = %v", x)
	}
	require.Equal(t, 1.0, Cos(0))
	require.Equal(t, -1.0, Cos(math.Pi))
	require.Equal(t, Cos(1.5), Cos(-1.5))
	require.True(t, math.IsNaN(Cos(math.Inf(1))))
	require.True(t, math.IsNaN(Cos(math.NaN())))
}

func TestPow(t *testing.T) {
	for _, x := range []float64{0.9, 0.999, 0.5, 1.5, -2} {
		for _, n := range []int{0, 1, 2, 3, 10, 1000} {
			require.InEpsilon(t, math.Pow(x, float64(n)), Pow(x, n), 1e-13, "%v^%d", x, n)
		}
	}
	require.Equal(t, 1.0, Pow(0, 0))
	require.Zero(t, Pow(0.9, math.MaxInt), "long runs end in zero, not in a loop")
	require.Panics(t, func() { Pow(2, -1) })
}

// The bits are part of every run's result. These come from the definitions
// above on one machine; every other must agree.
func TestBitsArePinned(t *testing.T) {
	var h uint64
	for i := range 2000 {
		x := float64(i) / 64
		for _, v := range []float64{Exp(-x), Cos(x), Pow(1-x/1000, i)} {
			h = (h ^ math.Float64bits(v)) * 0x100000001b3
		}
	}
	require.Equal(t, uint64(0x2c7a08bad69754a3), h)
}
