package kernels

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// rounding is the relative error of n roundings: n u/(1 - n u), u = 2^-24.
func rounding(n int) float64 { return float64(n) * 0x1p-24 / (1 - float64(n)*0x1p-24) }

// Each kernel against float64 with the float32 inputs taken as exact. A chain of
// n fma errs by rounding(n) times the sum of the magnitudes of its terms;
// rounded terms add their own roundings.
func TestBatchNormErrorBounds(t *testing.T) {
	r := rand.New(rand.NewPCG(81, 82))
	const batch, positions, channels = 3, 35, 21
	matrix := func(cols int) Matrix { m := oddMatrix(r, batch, cols); return m }
	x, dy := matrix(positions*channels), matrix(positions*channels)
	sums, products, squares := matrix(channels), matrix(channels), matrix(channels)
	y, dx := matrix(positions*channels), matrix(positions*channels)
	n, f := randomNormalisation(r, channels), FeedbackFactors{NewVector(channels), NewVector(channels), NewVector(channels)}
	for _, v := range [][]float32{f.Offset, f.Slope, f.Gain} {
		fill(r, v)
	}
	h := &handles[Generic]
	h.SumGradients(sums, products, dy, x, n)
	h.SumSquares(squares, x, n.Mean)
	h.Normalise(y, x, n)
	h.NormaliseFeedback(dx, dy, x, n, &f)
	within := func(got float32, want, bound float64) {
		t.Helper()
		require.LessOrEqual(t, math.Abs(float64(got)-want), bound)
		require.Less(t, bound, 1e-4*(1+math.Abs(want)), "the bound says nothing")
	}
	for i := range batch {
		for c := range channels {
			mean, inv, gamma, beta := float64(n.Mean[c]), float64(n.Inv[c]), float64(n.Gamma[c]), float64(n.Beta[c])
			offset, slope, gain := float64(f.Offset[c]), float64(f.Slope[c]), float64(f.Gain[c])
			var sum, product, square, sumSize, productSize float64
			for p := range positions {
				at := p*channels + c
				v, d := float64(x.Row(i)[at]), float64(dy.Row(i)[at])
				xhat := (v - mean) * inv
				within(y.Row(i)[at], gamma*xhat+beta, rounding(3)*(math.Abs(gamma*xhat)+math.Abs(beta)))
				within(dx.Row(i)[at], gain*(d-offset-slope*xhat),
					rounding(5)*math.Abs(gain)*(math.Abs(d)+math.Abs(offset)+math.Abs(slope*xhat)))
				sum, sumSize = sum+d, sumSize+math.Abs(d)
				product, productSize = product+d*xhat, productSize+math.Abs(d*xhat)
				square += (v - mean) * (v - mean)
			}
			within(sums.Row(i)[c], sum, rounding(positions)*sumSize)
			within(products.Row(i)[c], product, rounding(positions+2)*productSize)
			within(squares.Row(i)[c], square, rounding(positions+2)*square)
		}
	}
}

func randomNormalisation(r *rand.Rand, channels int) *Normalisation {
	n := &Normalisation{NewVector(channels), NewVector(channels), NewVector(channels), NewVector(channels)}
	for _, v := range [][]float32{n.Mean, n.Inv, n.Gamma, n.Beta} {
		fill(r, v)
	}
	for c, v := range n.Inv {
		n.Inv[c] = abs(v) + 0.1
	}
	return n
}

// layer is a batch normalisation in training, as a network would run it. Ema
// says that running statistics take part.
type layer struct {
	ema               bool
	keep, rest        float32 // m and 1 - m
	mean, variance    []float32
	runMean, runVar   []float32
	n                 Normalisation
	partial, products Matrix
	sums, products1   []float32
	f                 FeedbackFactors
}

func newLayer(r *rand.Rand, batch, channels int, ema bool) *layer {
	l := &layer{
		ema: ema, keep: 0.3, rest: 0.7,
		mean: NewVector(channels), variance: NewVector(channels), runMean: NewVector(channels), runVar: NewVector(channels),
		n: *randomNormalisation(r, channels), partial: NewMatrix(batch, channels), products: NewMatrix(batch, channels),
		sums: NewVector(channels), products1: NewVector(channels),
		f: FeedbackFactors{NewVector(channels), NewVector(channels), NewVector(channels)},
	}
	fill(r, l.runMean)
	for c := range l.runVar {
		l.runVar[c] = 0.5 + r.Float32()
	}
	return l
}

func (l *layer) forward(h *Handle, y, x Matrix, scale float32) {
	h.SumPositions(l.partial, x)
	h.ColumnSums(l.mean, l.partial, scale)
	h.SumSquares(l.partial, x, l.mean)
	h.ColumnSums(l.variance, l.partial, scale)
	copy(l.n.Mean, l.mean)
	variance := l.variance
	if l.ema {
		Blend(l.n.Mean, l.keep, l.runMean, l.rest, l.mean)
		variance = NewVector(len(l.mean))
		Blend(variance, l.keep, l.runVar, l.rest, l.variance)
	}
	InverseDeviation(l.n.Inv, variance, 1e-5)
	h.Normalise(y, x, &l.n)
}

func (l *layer) back(h *Handle, dx, dy, x Matrix, scale float32) {
	h.SumGradients(l.partial, l.products, dy, x, &l.n)
	h.ColumnSums(l.sums, l.partial, 1)
	h.ColumnSums(l.products1, l.products, 1)
	if l.ema {
		l.f.Set(&l.n, l.sums, l.products1, l.mean, scale, l.rest)
	} else {
		l.f.Set(&l.n, l.sums, l.products1, nil, scale, 1)
	}
	h.NormaliseFeedback(dx, dy, x, &l.n, &l.f)
}

// A whole layer agrees with float64, where the gradient is that of the textbook:
// with a = gamma dy and r = 1/sqrt(v + eps)
//
//	dm = -r sum a    dv = -r^3/2 sum a (x - m)
//	dx = r a + share (dm/n + 2 (x - batch mean) dv/n)
//
// A few hundred roundings of numbers of size 1 to 10 stay below 3e-5.
func TestBatchNormLayer(t *testing.T) {
	r := rand.New(rand.NewPCG(83, 84))
	const batch, positions, channels = 5, 24, 13
	const count = batch * positions
	const tolerance = 3e-5
	for _, ema := range []bool{false, true} {
		x, dy := oddMatrix(r, batch, positions*channels), oddMatrix(r, batch, positions*channels)
		for i := range batch {
			for j, v := range x.Row(i) {
				x.Row(i)[j] = 2*v + float32(j%channels)*0.5
			}
		}
		l := newLayer(r, batch, channels, ema)
		y, dx := NewMatrix(batch, positions*channels), NewMatrix(batch, positions*channels)
		h := Default()
		l.forward(h, y, x, float32(1.0/count))
		l.back(h, dx, dy, x, float32(1.0/count))
		for c := range channels {
			each := func(f func(i, at int, x, dy float64)) {
				for i := range batch {
					for p := range positions {
						at := p*channels + c
						f(i, at, float64(x.Row(i)[at]), float64(dy.Row(i)[at]))
					}
				}
			}
			gamma, beta := float64(l.n.Gamma[c]), float64(l.n.Beta[c])
			var batchMean, batchVar float64
			each(func(_, _ int, x, _ float64) { batchMean += x / count })
			each(func(_, _ int, x, _ float64) { batchVar += (x - batchMean) * (x - batchMean) / count })
			require.InDelta(t, batchMean, l.mean[c], tolerance)
			require.InDelta(t, batchVar, l.variance[c], tolerance)
			mean, variance, share := batchMean, batchVar, 1.0
			if ema {
				mean, variance = 0.3*float64(l.runMean[c])+0.7*batchMean, 0.3*float64(l.runVar[c])+0.7*batchVar
				share = 0.7
			}
			root := 1 / math.Sqrt(variance+1e-5)
			var dGamma, dBeta, dMean, dVar float64
			each(func(i, at int, x, dy float64) {
				require.InDelta(t, gamma*(x-mean)*root+beta, y.Row(i)[at], tolerance)
				dGamma += dy * (x - mean) * root
				dBeta += dy
				dMean -= root * gamma * dy
				dVar -= 0.5 * root * root * root * gamma * dy * (x - mean)
			})
			require.InDelta(t, dGamma, l.products1[c], tolerance)
			require.InDelta(t, dBeta, l.sums[c], tolerance)
			each(func(i, at int, x, dy float64) {
				want := root*gamma*dy + share*(dMean/count+2*(x-batchMean)*dVar/count)
				require.InDelta(t, want, dx.Row(i)[at], tolerance)
			})
		}
	}
}

// The two methods that fuse a normalisation with what follows have the bits of
// their steps.
func TestNormaliseFused(t *testing.T) {
	r := rand.New(rand.NewPCG(85, 86))
	const batch, channels = 3, 37
	cols := 700 * channels // several calls a sample
	n := randomNormalisation(r, channels)
	x, latent := oddMatrix(r, batch, cols), oddMatrix(r, batch, cols)
	for _, h := range tiers(t) {
		for _, act := range []Activation{Identity, GELU, LeakyReLU} {
			z, slope, dst, gotSlope := NewMatrix(batch, cols), NewMatrix(batch, cols), NewMatrix(batch, cols), NewMatrix(batch, cols)
			h.Normalise(z, x, n)
			h.Apply(z, &Epilogue{Kind: Activate, Act: act, Slope: slope})
			h.NormaliseActivate(act, dst, gotSlope, x, n)
			require.NoError(t, sameBits(z.Data, dst.Data))
			require.NoError(t, sameBits(slope.Data, gotSlope.Data))

			h.Normalise(z, x, n)
			h.Apply(z, &Epilogue{Kind: PredictionError, Act: act, Coeff: 0.3, Latent: latent, ErrorSlope: slope})
			h.NormaliseError(act, 0.3, dst, gotSlope, latent, x, n)
			require.NoError(t, sameBits(z.Data, dst.Data))
			require.NoError(t, sameBits(slope.Data, gotSlope.Data))
		}
	}
}

// Workers that split the samples leave the same bits, and the order of the
// positions shows.
func TestBatchNormSplit(t *testing.T) {
	r := rand.New(rand.NewPCG(87, 88))
	const batch, positions, channels = 7, 50, 20
	x := oddMatrix(r, batch, positions*channels)
	mean := NewVector(channels)
	reversed := clone(x)
	for i := range batch {
		for p := range positions {
			copy(reversed.Row(i)[p*channels:][:channels], x.Row(i)[(positions-1-p)*channels:])
		}
	}
	for _, h := range tiers(t) {
		whole, parts, other := NewMatrix(batch, channels), NewMatrix(batch, channels), NewMatrix(batch, channels)
		h.SumSquares(whole, x, mean)
		for _, cut := range [][2]int{{0, 3}, {3, 4}, {4, 7}} {
			h.SumSquares(parts.RowRange(cut[0], cut[1]), x.RowRange(cut[0], cut[1]), mean)
		}
		require.NoError(t, sameBits(whole.Data, parts.Data))
		h.SumSquares(other, reversed, mean)
		require.Error(t, sameBits(whole.Data, other.Data))
		require.InDeltaSlice(t, whole.Data, other.Data, 1e-3)
	}
}

func TestChannelVectors(t *testing.T) {
	variance := []float32{0, 1, 4, 1e-30, float32(math.Inf(1)), float32(math.NaN())}
	inv := make([]float32, len(variance))
	InverseDeviation(inv, variance, 0)
	require.NoError(t, sameBits([]float32{float32(math.Inf(1)), 1, 0.5, 1e15, 0, float32(math.NaN())}, inv))
	InverseDeviation(variance, variance, 1e-5)
	require.InDelta(t, 1/math.Sqrt(1+1e-5), variance[1], 1e-7)

	running := []float32{1, -2}
	Blend(running, 0.25, running, 0.75, []float32{5, 7})
	require.Equal(t, []float32{4, 4.75}, running)
}
