package kernels

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// An output may be exactly one of the inputs where the method says so, and the
// result is the same as without overlay.
func TestSpatialKernelsOverlay(t *testing.T) {
	r := rand.New(rand.NewPCG(51, 52))
	for _, k := range spatialKernels() {
		for _, pair := range k.overlays {
			for _, shape := range []PoolShape{{4, 6, 16}, {5, 3, 21}, {2, 5, poolFloats + 9}} {
				out, in := pair[0], pair[1]
				c := newSpatialCase(r, &k, shape, 2, fill)
				c.m[out] = clone(c.m[in])
				want := k.runCopy(&handles[Generic], c)
				for _, h := range tiers(t) {
					shared := c.clone()
					shared.m[out] = shared.m[in]
					k.run(h, shared)
					require.NoError(t, sameBits(want.m[out].Data, shared.m[out].Data), "%v %s %v", h.ISA(), k.name, pair)
				}
			}
		}
	}
}

// Any other overlap of an output panics before anything is written, with a
// message that names an argument.
func TestSpatialKernelsOverlapPanics(t *testing.T) {
	r := rand.New(rand.NewPCG(53, 54))
	shape := PoolShape{4, 6, 5}
	for _, k := range spatialKernels() {
		for _, out := range k.outputs {
			for other := range k.kinds {
				if other == out {
					continue
				}
				for _, shift := range []int{0, 1, -1, 4} {
					allowed := false
					for _, pair := range k.overlays {
						allowed = allowed || shift == 0 && pair == [2]int{out, other}
					}
					if allowed {
						continue
					}
					c := newSpatialCase(r, &k, shape, 3, fill)
					memory := NewVector(800)
					for _, i := range []int{out, other} {
						rows, cols := shape.size(k.kinds[i], 3)
						offset := 100
						if i == other {
							offset += shift
						}
						c.m[i] = placed(memory, offset, rows, cols)
					}
					message := panicOf(func() { k.run(&handles[Generic], c) })
					require.Contains(t, message, "overlaps", "%s: %d on %d by %d", k.name, out, other, shift)
					require.True(t, strings.HasPrefix(message, "kernels: "), message)
					require.NoError(t, sameBits(NewVector(800), memory), "%s wrote before it panicked", k.name)
				}
			}
		}
	}
}

// Every argument of another shape panics, by name.
func TestSpatialKernelsShapePanics(t *testing.T) {
	r := rand.New(rand.NewPCG(55, 56))
	for _, k := range spatialKernels() {
		for i := range k.kinds {
			c := newSpatialCase(r, &k, PoolShape{4, 7, 5}, 3, fill)
			rows, cols := c.m[i].Rows, c.m[i].Cols
			c.m[i] = NewMatrix(rows, cols+1)
			message := panicOf(func() { k.run(Default(), c) })
			require.True(t, strings.HasPrefix(message, "kernels: "), "%s: %d: %q", k.name, i, message)
			if k.kinds[i] == 'v' {
				continue
			}
			for _, bad := range []Matrix{
				NewMatrix(rows+1, cols),
				{Rows: rows, Cols: cols, Stride: cols, Data: make([]float32, rows*cols-1)},
				{Rows: rows, Cols: cols, Stride: cols - 1, Data: make([]float32, rows*cols)},
				{Rows: -1, Cols: cols, Stride: cols},
				{Rows: math.MaxInt, Cols: cols, Stride: cols, Data: make([]float32, cols)},
			} {
				c.m[i] = bad
				message := panicOf(func() { k.run(Default(), c) })
				if bad.Rows < 0 && message == "" {
					continue // without data it is absent
				}
				require.True(t, strings.HasPrefix(message, "kernels: "), "%s: %d: %q", k.name, i, message)
			}
		}
	}
}

func TestSpatialPanics(t *testing.T) {
	h := Default()
	shape := PoolShape{4, 6, 5}
	var none Matrix
	image, pooled, perChannel := NewMatrix(3, shape.Inputs()), NewMatrix(3, shape.Outputs()), NewMatrix(3, shape.Channels)
	winners := NewWinners(3, shape.Outputs())
	vector := func() []float32 { return make([]float32, shape.Channels) }
	norm := func() *Normalisation { return &Normalisation{vector(), vector(), vector(), vector()} }
	without := func(change func(n *Normalisation)) *Normalisation {
		n := norm()
		change(n)
		return n
	}
	wrong := func(change func(w *Winners)) Winners {
		w := winners
		change(&w)
		return w
	}
	normalise := func(change func(n *Normalisation)) func() {
		return func() { h.Normalise(image, image, without(change)) }
	}
	unpool := func(change func(w *Winners)) func() {
		return func() { h.Unpool(shape, image, pooled, wrong(change), none) }
	}
	factors := func(change func(f *FeedbackFactors)) func() {
		f := &FeedbackFactors{vector(), vector(), vector()}
		change(f)
		return func() { f.Set(norm(), vector(), vector(), nil, 1, 1) }
	}
	for _, c := range []struct {
		message string
		f       func()
	}{
		{badPool, func() { h.MaxPool(PoolShape{0, 6, 5}, pooled, Winners{}, none, image, none) }},
		{badPool, func() { h.Unpool(PoolShape{4, -6, 5}, image, pooled, winners, none) }},
		{badPool, func() { h.PoolError(PoolShape{4, 1 << 20, 5}, 1, pooled, image, pooled, image, none) }},
		{argSrc.shape, func() { h.MaxPool(shape, pooled, Winners{}, none, pooled, none) }},
		{argDst.shape, func() { h.MaxPool(shape, image, Winners{}, none, NewMatrix(3, shape.Inputs()), none) }},
		{argSourceSlope.shape, func() { h.MaxPool(shape, pooled, Winners{}, NewMatrix(3, shape.Outputs()), image, none) }},
		{argPooledSlope.shape, func() { h.MaxPool(shape, pooled, Winners{}, perChannel, image, NewMatrix(3, shape.Inputs())) }},
		{argWinners.shape, func() { h.MaxPool(shape, pooled, NewWinners(2, shape.Outputs()), none, image, none) }},
		{argWinners.length, unpool(func(w *Winners) { w.Data = w.Data[:70] })},
		{argWinners.length, unpool(func(w *Winners) { w.Data = nil })},
		{argWinners.stride, unpool(func(w *Winners) { w.Stride = 3 })},
		{argWinners.stride, unpool(func(w *Winners) { w.Stride = math.MaxInt })},
		{argErr.shape, func() { h.Unpool(shape, image, image, winners, none) }},
		{argDsrc.shape, func() { h.Unpool(shape, perChannel, pooled, winners, none) }},
		{argPoolLatent.shape, func() { h.PoolError(shape, 1, pooled, image, perChannel, image, none) }},
		{argE.shape, func() { h.PoolError(shape, 1, perChannel, image, pooled, image, none) }},
		{argSrc.shape, func() { h.AveragePool(perChannel, NewMatrix(3, shape.Inputs()+1), 1) }},
		{argDsrc.shape, func() { h.AveragePoolFeedback(NewMatrix(2, shape.Inputs()), perChannel, 1, none) }},
		{argX.shape, func() { h.SumPositions(NewMatrix(3, 0), image) }},
		{argX.shape, func() { h.SumPositions(NewMatrix(2, 5), image) }},
		{argPartial.overlap, func() { h.SumPositions(image, image) }},
		{vecMean.length, func() { h.SumSquares(perChannel, image, vector()[1:]) }},
		{argProducts.shape, func() { h.SumGradients(perChannel, pooled, image, image, norm()) }},
		{argDy.shape, func() { h.SumGradients(perChannel, NewMatrix(3, 5), pooled, image, norm()) }},
		{vecInv.length, normalise(func(n *Normalisation) { n.Inv = nil })},
		{vecGamma.length, normalise(func(n *Normalisation) { n.Gamma = nil })},
		{vecBeta.length, normalise(func(n *Normalisation) { n.Beta = nil })},
		{vecBeta.overlap, normalise(func(n *Normalisation) { n.Beta = image.Row(1)[:5] })},
		{badAct, func() { h.NormaliseActivate(99, image, none, image, norm()) }},
		{badAct, func() { h.NormaliseError(99, 1, image, none, NewMatrix(3, shape.Inputs()), image, norm()) }},
		{vecOffset.length, factors(func(f *FeedbackFactors) { f.Offset = nil })},
		{vecSlope.length, factors(func(f *FeedbackFactors) { f.Slope = nil })},
		{vecGain.length, factors(func(f *FeedbackFactors) { f.Gain = nil })},
		{vecOffset.overlap, factors(func(f *FeedbackFactors) { f.Offset = f.Slope })},
		{vecBatchMean.length, func() {
			(&FeedbackFactors{vector(), vector(), vector()}).Set(norm(), vector(), vector(), make([]float32, 3), 1, 1)
		}},
		{vecInv.length, func() { InverseDeviation(vector(), nil, 1) }},
		{vecY.length, func() { Blend(vector(), 1, vector(), 1, nil) }},
		{"kernels: NewWinners: negative dimension", func() { NewWinners(1, -1) }},
		{"kernels: RowRange: rows out of range", func() { winners.RowRange(2, 4) }},
	} {
		require.Equal(t, c.message, panicOf(c.f))
	}
}

// Matrices without rows, and images without a whole window, are no error.
func TestSpatialKernelsEmpty(t *testing.T) {
	r := rand.New(rand.NewPCG(57, 58))
	for _, k := range spatialKernels() {
		for _, shape := range []PoolShape{{4, 6, 5}, {1, 3, 5}, {3, 1, 5}} {
			for batch := range 2 {
				c := newSpatialCase(r, &k, shape, batch, fill)
				for i := range c.m {
					if c.m[i].Rows == 0 || c.m[i].Cols == 0 {
						c.m[i].Data = nil
					}
				}
				if c.winners.Rows == 0 || c.winners.Cols == 0 {
					c.winners.Data = nil
				}
				for _, h := range tiers(t) {
					require.NotPanics(t, func() { k.run(h, c) }, "%v %s %v", h.ISA(), k.name, shape)
				}
			}
		}
	}
	h, norm := Default(), &Normalisation{}
	none := NewMatrix(3, 0)
	h.AveragePool(none, none, 1)
	h.AveragePoolFeedback(none, none, 1, Matrix{})
	h.SumSquares(none, none, nil)
	h.SumGradients(none, none, none, none, norm)
	h.Normalise(none, none, norm)
	h.NormaliseFeedback(none, none, none, norm, &FeedbackFactors{})
}
