package kernels

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func softmax64(u []float32) []float64 {
	largest := math.Inf(-1)
	for _, x := range u {
		largest = math.Max(largest, float64(x))
	}
	p, sum := make([]float64, len(u)), 0.0
	for i, x := range u {
		p[i] = math.Exp(float64(x) - largest)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

func TestSoftmaxAgainstFloat64(t *testing.T) {
	r := rand.New(rand.NewPCG(81, 82))
	h := Default()
	for _, cols := range []int{1, 2, 10, 100, 1000} {
		u, target := oddMatrix(r, 6, cols), oddMatrix(r, 6, cols)
		p, e := NewMatrix(6, cols), NewMatrix(6, cols)
		h.Softmax(p, u)
		h.CrossEntropyError(e, u, target, 0.5)
		loss := 0.0
		for i := range 6 {
			want := softmax64(u.Row(i))
			sum := 0.0
			for _, y := range target.Row(i) {
				sum += float64(y)
			}
			for j, y := range target.Row(i) {
				require.InEpsilon(t, want[j], float64(p.Row(i)[j]), 2e-6)
				require.InDelta(t, 0.5*(float64(y)-want[j]*sum), float64(e.Row(i)[j]), 1e-5)
				loss -= float64(y) * math.Log(want[j])
			}
		}
		require.InDelta(t, loss, float64(h.CrossEntropy(u, target)), 1e-5*math.Abs(loss)+1e-4*float64(cols))
	}
}

// The error is the negative gradient of the loss.
func TestCrossEntropyGradient(t *testing.T) {
	h := Default()
	r := rand.New(rand.NewPCG(83, 84))
	u, target, e := NewMatrix(1, 5), NewMatrix(1, 5), NewMatrix(1, 5)
	fill(r, u.Row(0))
	copy(target.Row(0), []float32{0, 0.25, 0, 0.75, 0})
	h.CrossEntropyError(e, u, target, 1)
	for j := range 5 {
		const step = 1.0 / 64
		x := u.Row(0)[j]
		u.Row(0)[j] = x + step
		up := h.CrossEntropy(u, target)
		u.Row(0)[j] = x - step
		down := h.CrossEntropy(u, target)
		u.Row(0)[j] = x
		require.InDelta(t, -float64(e.Row(0)[j]), float64(up-down)/(2*step), 1e-3)
	}
}

func TestSoftmaxSpecialRows(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, c := range []struct{ u, want []float32 }{
		{[]float32{3, 3}, []float32{0.5, 0.5}},
		{[]float32{-inf, 3}, []float32{0, 1}},
		{[]float32{-3e38, 3e38}, []float32{0, 1}},
		{[]float32{1, nan, 2}, []float32{nan, nan, nan}},
		{[]float32{1, inf, 2}, []float32{nan, nan, nan}},
		{[]float32{-inf, -inf}, []float32{nan, nan}},
	} {
		for _, h := range tiers(t) {
			u := Matrix{Rows: 1, Cols: len(c.u), Stride: len(c.u), Data: c.u}
			p := NewMatrix(1, len(c.u))
			h.Softmax(p, u)
			require.NoError(t, sameBits(c.want, p.Row(0)), "%v %v", h.ISA(), c.u)
		}
	}
}

func TestLog(t *testing.T) {
	r := rand.New(rand.NewPCG(85, 86))
	for range 100000 {
		x := math.Ldexp(0.5+r.Float64(), r.IntN(200)-100)
		want := math.Log(x)
		require.InDelta(t, want, logOf(x), 1e-15*math.Max(1, math.Abs(want)), "log %v", x)
	}
	require.Zero(t, logOf(1))
	require.Equal(t, math.Inf(1), logOf(math.Inf(1)))
	require.True(t, math.IsNaN(logOf(math.NaN())))
}
