package kernels

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// canonical sums terms as the package comment words it: chain after chain.
func canonical(n int, add func(chain float32, i int) float32) float32 {
	var c [64]float32
	for chain := range c {
		for i := chain; i < n; i += 64 {
			c[chain] = add(c[chain], i)
		}
	}
	for half := 32; half >= 1; half /= 2 {
		for chain := range half {
			c[chain] += c[chain+half]
		}
	}
	return c[0]
}

func TestReductionsInCanonicalOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(71, 72))
	for _, n := range []int{0, 1, 63, 64, 65, 1000, blockFloats, 3*blockFloats + 70} {
		x, y := make([]float32, n), make([]float32, n)
		fill(r, x)
		fill(r, y)
		sum := canonical(n, func(c float32, i int) float32 { return c + x[i] })
		dot := canonical(n, func(c float32, i int) float32 { return fma(x[i], y[i], c) })
		energy := 0.5 * canonical(n, func(c float32, i int) float32 { d := x[i] - y[i]; return fma(d, d, c) })
		for _, h := range tiers(t) {
			require.Equal(t, sum, h.Sum(x), "%v %d", h.ISA(), n)
			require.Equal(t, dot, h.Dot(x, y), "%v %d", h.ISA(), n)
			require.Equal(t, energy, h.Energy(x, y), "%v %d", h.ISA(), n)
		}
	}
}

// Sums differ from the exact ones by at most gamma_k times the sum of
// magnitudes, where k roundings lie on the longest way: n/64 in a chain and six
// of the halving.
func TestReductionsErrorBound(t *testing.T) {
	r := rand.New(rand.NewPCG(73, 74))
	const n = 5000
	const unit = 0x1p-24
	const k = n/64 + 1 + 6
	const gamma = k * unit / (1 - k*unit)
	x, y := make([]float32, n), make([]float32, n)
	fill(r, x)
	fill(r, y)
	var sum, sums, dot, dots float64
	for i := range x {
		a, b := float64(x[i]), float64(y[i])
		sum += a
		sums += math.Abs(a)
		dot += a * b
		dots += math.Abs(a * b)
	}
	h := Default()
	require.InDelta(t, sum, float64(h.Sum(x)), gamma*sums)
	require.InDelta(t, dot, float64(h.Dot(x, y)), gamma*dots)
}

// The suite must notice sums in another order.
func TestReductionsNegativeControl(t *testing.T) {
	r := rand.New(rand.NewPCG(75, 76))
	x := make([]float32, 1000)
	fill(r, x)
	var ascending float32
	for _, v := range x {
		ascending += v
	}
	require.NotEqual(t, ascending, Default().Sum(x))
}

func TestEnergyRows(t *testing.T) {
	r := rand.New(rand.NewPCG(77, 78))
	x, y := oddMatrix(r, 7, 30), oddMatrix(r, 7, 30)
	var want float32
	for i := range 7 {
		want += Default().Energy(x.Row(i), y.Row(i))
	}
	require.Equal(t, want, Default().EnergyRows(x, y))
	require.Zero(t, Default().EnergyRows(Matrix{Rows: 3}, Matrix{Rows: 3}))
}

func TestColumnSums(t *testing.T) {
	r := rand.New(rand.NewPCG(79, 80))
	rows := []int{0, 1, 5, segment - 1, segment, 2*segment + 3}
	if testing.Short() {
		rows = rows[:3]
	}
	for _, rows := range rows {
		for _, cols := range []int{1, 10, 33, 70, 130} {
			a := oddMatrix(r, rows, cols)
			want := make([]float32, cols)
			for j := range want {
				for lo := 0; lo < rows; lo += segment {
					var chain float32
					for i := lo; i < min(lo+segment, rows); i++ {
						chain += a.Data[i*a.Stride+j]
					}
					want[j] += chain // +0 + chain is chain: no chain is -0
				}
				want[j] *= 0.25
			}
			for _, h := range tiers(t) {
				got := make([]float32, cols)
				fill(r, got)
				h.ColumnSums(got, a, 0.25)
				require.NoError(t, sameBits(want, got), "%v %dx%d", h.ISA(), rows, cols)
			}
		}
	}
}
