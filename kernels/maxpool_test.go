package kernels

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// The pools by their definition, pixel by pixel.

// eachWindow calls f with the place of a pooled element and the places of its
// window's pixels.
func (s PoolShape) eachWindow(f func(pooled int, pixels [4]int)) {
	for y := range s.Height / 2 {
		for x := range s.Width / 2 {
			for c := range s.Channels {
				at := (2*y*s.Width+2*x)*s.Channels + c
				below := at + s.Width*s.Channels
				f((y*(s.Width/2)+x)*s.Channels+c, [4]int{at, at + s.Channels, below, below + s.Channels})
			}
		}
	}
}

func TestMaxPoolMeaning(t *testing.T) {
	r := rand.New(rand.NewPCG(71, 72))
	k := poolKernels()[3]
	for _, shape := range []PoolShape{{2, 2, 3}, {5, 7, 9}, {4, 6, 16}, {7, 3, 40}} {
		for _, h := range tiers(t) {
			c := newSpatialCase(r, &k, shape, 3, fill)
			got := k.runCopy(h, c)
			for i := range 3 {
				shape.eachWindow(func(pooled int, pixels [4]int) {
					src, slope := c.m[2].Row(i), c.m[3].Row(i)
					winner := 0
					for n, at := range pixels {
						if src[at] > src[pixels[winner]] {
							winner = n
						}
					}
					require.Equal(t, src[pixels[winner]], got.m[0].Row(i)[pooled])
					require.Equal(t, slope[pixels[winner]], got.m[1].Row(i)[pooled])
					require.EqualValues(t, winner, got.winners.RowRange(i, i+1).Data[pooled])
				})
			}
		}
	}
}

func TestUnpoolMeaning(t *testing.T) {
	r := rand.New(rand.NewPCG(73, 74))
	k := poolKernels()[5]
	for _, shape := range []PoolShape{{1, 5, 3}, {2, 2, 3}, {5, 7, 9}, {4, 6, 16}, {7, 3, 40}} {
		for _, h := range tiers(t) {
			c := newSpatialCase(r, &k, shape, 3, fill)
			got := k.runCopy(h, c)
			for i := range 3 {
				want := make([]float32, shape.Inputs()) // dropped pixels too
				shape.eachWindow(func(pooled int, pixels [4]int) {
					if w := c.winners.from(i, pooled)[0]; w < 4 {
						want[pixels[w]] = c.m[1].Row(i)[pooled] * c.m[2].Row(i)[pixels[w]]
					}
				})
				require.NoError(t, sameBits(want, got.m[0].Row(i)))
			}
		}
	}
}

// What happens on ties and to NaN does not depend on the tier or on where in a
// register a channel is.
func TestMaxPoolTies(t *testing.T) {
	nan, inf, minusZero := float32(math.NaN()), float32(math.Inf(1)), float32(math.Copysign(0, -1))
	for _, c := range []struct {
		pixels [4]float32
		winner uint8
	}{
		{[4]float32{1, 1, 1, 1}, 0},
		{[4]float32{0, 2, 2, 2}, 1},
		{[4]float32{0, 1, 2, 2}, 2},
		{[4]float32{2, 1, 2, 3}, 3},
		{[4]float32{minusZero, 0, minusZero, 0}, 0},
		{[4]float32{0, minusZero, 0, 0}, 0},
		{[4]float32{-1, minusZero, 0, -2}, 1},
		{[4]float32{-inf, -inf, -inf, -inf}, 0},
		{[4]float32{1, inf, inf, 2}, 1},
		{[4]float32{nan, 1, 2, 3}, 0}, // nothing is greater than NaN
		{[4]float32{1, nan, 2, nan}, 2},
		{[4]float32{1, nan, nan, nan}, 0},
		{[4]float32{-inf, nan, nan, nan}, 0},
		{[4]float32{-math.SmallestNonzeroFloat32, 0, math.SmallestNonzeroFloat32, 0}, 2},
	} {
		for _, channels := range []int{1, 7, 8, 16, 19} {
			shape := PoolShape{2, 2, channels}
			src, slope := NewMatrix(1, shape.Inputs()), NewMatrix(1, shape.Inputs())
			for k, v := range c.pixels {
				for j := range channels {
					src.Data[k*channels+j] = v
					slope.Data[k*channels+j] = float32(k)
				}
			}
			for _, h := range tiers(t) {
				dst, pooled, winners := NewMatrix(1, channels), NewMatrix(1, channels), NewWinners(1, channels)
				h.MaxPool(shape, dst, winners, pooled, src, slope)
				for j := range channels {
					require.EqualValues(t, c.winner, winners.Data[j], "%v %v", h.ISA(), c.pixels)
					require.EqualValues(t, c.winner, pooled.Data[j], "%v %v", h.ISA(), c.pixels)
					require.NoError(t, sameBits([]float32{c.pixels[c.winner]}, dst.Data[j:j+1]), "%v %v", h.ISA(), c.pixels)
				}
			}
		}
	}
}

// PoolError has the bits of the steps that it fuses.
func TestPoolErrorIsItsSteps(t *testing.T) {
	r := rand.New(rand.NewPCG(75, 76))
	const coeff = 0.7
	k := poolKernels()[7]
	for _, shape := range []PoolShape{{2, 2, 3}, {5, 7, 9}, {4, 6, 16}, {1, 4, 2}} {
		for _, h := range tiers(t) {
			c := newSpatialCase(r, &k, shape, 3, hardFill)
			e, dsrc, latent, src, slope := c.m[0], c.m[1], c.m[2], c.m[3], c.m[4]
			u, pooledSlope, winners := NewMatrix(3, shape.Outputs()), NewMatrix(3, shape.Outputs()), NewWinners(3, shape.Outputs())
			h.MaxPool(shape, u, winners, pooledSlope, src, slope)
			h.Apply(u, &Epilogue{Kind: PredictionError, Coeff: coeff, Latent: latent})
			scattered := NewMatrix(3, shape.Inputs())
			for i := range 3 {
				if u.Cols > 0 {
					h.Mul(pooledSlope.Row(i), u.Row(i), pooledSlope.Row(i))
				}
			}
			h.Unpool(shape, scattered, pooledSlope, winners, Matrix{})

			h.PoolError(shape, coeff, e, dsrc, latent, src, slope)
			for i := range 3 {
				require.NoError(t, sameBits(u.rowFrom(i), e.rowFrom(i)), "%v %v", h.ISA(), shape)
				require.NoError(t, sameBits(scattered.Row(i), dsrc.Row(i)), "%v %v", h.ISA(), shape)
			}
		}
	}
}

// The mean over positions is an ascending chain and one product; its way back is
// a product a position.
func TestAveragePoolMeaning(t *testing.T) {
	r := rand.New(rand.NewPCG(77, 78))
	shape := PoolShape{5, 7, 19}
	const positions = 35
	const scale = float32(1.0 / positions)
	k := poolKernels()[10]
	for _, h := range tiers(t) {
		c := newSpatialCase(r, &k, shape, 2, fill)
		mean := NewMatrix(2, shape.Channels)
		orderShows := false
		h.AveragePool(mean, c.m[2], scale)
		h.AveragePoolFeedback(c.m[0], c.m[1], scale, c.m[2])
		for i := range 2 {
			for ch := range shape.Channels {
				var sum, descending float32
				exact, size := 0.0, 0.0
				for p := range positions {
					sum += c.m[2].Row(i)[p*shape.Channels+ch]
					descending += c.m[2].Row(i)[(positions-1-p)*shape.Channels+ch]
					exact += float64(c.m[2].Row(i)[p*shape.Channels+ch])
					size += math.Abs(float64(c.m[2].Row(i)[p*shape.Channels+ch]))
					back := float32(c.m[1].Row(i)[ch]*scale) * c.m[2].Row(i)[p*shape.Channels+ch]
					require.Equal(t, back, c.m[0].Row(i)[p*shape.Channels+ch])
				}
				require.Equal(t, sum*scale, mean.Row(i)[ch])
				require.InDelta(t, exact/positions, mean.Row(i)[ch], (positions+2)*0x1p-24*size/positions)
				orderShows = orderShows || descending != sum
			}
		}
		require.True(t, orderShows)
	}
}
