package kernels

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// convCase is a convolution with operands for all directions.
type convCase struct {
	s       ConvShape
	x, w, e Matrix // batch x Inputs, Out x Taps, batch x Outputs
	bias    []float32
}

func newConvCase(r *rand.Rand, s ConvShape, batch int) convCase {
	c := convCase{s: s, x: oddMatrix(r, batch, s.Inputs()), w: oddMatrix(r, s.Out, s.Taps()), e: oddMatrix(r, batch, s.Outputs())}
	c.bias = NewVector(s.Out)
	fill(r, c.bias)
	return c
}

func (c *convCase) String() string {
	return fmt.Sprintf("%+v batch %d", c.s, c.x.Rows)
}

// cutChain adds terms in order and starts anew where segments end.
type cutChain struct {
	total, z float32
	segment  int
}

func (c *cutChain) add(segment int, a, b float32) {
	c.upTo(segment)
	c.z = fma(a, b, c.z)
}

func (c *cutChain) upTo(segment int) {
	for c.segment < segment {
		if c.segment == 0 {
			c.total = c.z
		} else {
			c.total += c.z
		}
		c.z = 0
		c.segment++
	}
}

func (c *cutChain) end(segments int) float32 {
	c.upTo(segments)
	return c.total
}

// eachTap visits the taps of all chains: kernel element (kh, kw), output pixel
// and input pixel.
func (c *convCase) eachTap(visit func(oh, ow, kh, kw, y, x int)) {
	s := &c.s
	for oh := range s.OutHeight() {
		for ow := range s.OutWidth() {
			for kh := range s.KernelHeight {
				for kw := range s.KernelWidth {
					y, x := oh*s.Stride-s.Padding+kh, ow*s.Stride-s.Padding+kw
					if y >= 0 && y < s.Height && x >= 0 && x < s.Width {
						visit(oh, ow, kh, kw, y, x)
					}
				}
			}
		}
	}
}

func (c *convCase) naivePredict() Matrix {
	s := &c.s
	u := NewMatrix(c.x.Rows, s.Outputs())
	chains := make([]cutChain, s.Outputs())
	segments := (s.Taps() + segment - 1) / segment
	for n := range c.x.Rows {
		for i := range chains {
			chains[i] = cutChain{z: c.bias[i%s.Out]}
		}
		c.eachTap(func(oh, ow, kh, kw, y, x int) {
			for co := range s.Out {
				for ci := range s.In {
					tap := (kh*s.KernelWidth+kw)*s.In + ci
					chains[(oh*s.OutWidth()+ow)*s.Out+co].add(tap/segment, c.x.Row(n)[(y*s.Width+x)*s.In+ci], c.w.Row(co)[tap])
				}
			}
		})
		for i := range chains {
			u.Row(n)[i] = chains[i].end(segments)
		}
	}
	return u
}

func (c *convCase) naiveFeedback() Matrix {
	s := &c.s
	dx := NewMatrix(c.x.Rows, s.Inputs())
	terms := s.KernelHeight * s.KernelWidth * s.Out
	for n := range c.x.Rows {
		for y := range s.Height {
			for x := range s.Width {
				for ci := range s.In {
					var chain cutChain
					for kh := range s.KernelHeight {
						for kw := range s.KernelWidth {
							oh, okh := strided(y+s.Padding-kh, s.Stride, s.OutHeight())
							ow, okw := strided(x+s.Padding-kw, s.Stride, s.OutWidth())
							for co := 0; co < s.Out && okh && okw; co++ {
								chain.add(((kh*s.KernelWidth+kw)*s.Out+co)/segment,
									c.e.Row(n)[(oh*s.OutWidth()+ow)*s.Out+co], c.w.Row(co)[(kh*s.KernelWidth+kw)*s.In+ci])
							}
						}
					}
					dx.Row(n)[(y*s.Width+x)*s.In+ci] = chain.end((terms + segment - 1) / segment)
				}
			}
		}
	}
	return dx
}

// naiveGradient returns the gradients of weights and bias, times scale.
func (c *convCase) naiveGradient(cut int, scale float32) (Matrix, []float32) {
	s := &c.s
	dw, db := NewMatrix(s.Out, s.Taps()), NewVector(s.Out)
	weights, bias := make([]cutChain, s.Out*s.Taps()), make([]cutChain, s.Out)
	for n := range c.x.Rows {
		c.eachTap(func(oh, ow, kh, kw, y, x int) {
			for co := range s.Out {
				e := c.e.Row(n)[(oh*s.OutWidth()+ow)*s.Out+co]
				for ci := range s.In {
					weights[co*s.Taps()+(kh*s.KernelWidth+kw)*s.In+ci].add(n/cut, e, c.x.Row(n)[(y*s.Width+x)*s.In+ci])
				}
			}
		})
		for i := range s.Outputs() {
			bias[i%s.Out].add(n/cut, 1, c.e.Row(n)[i])
		}
	}
	segments := max(1, (c.x.Rows+cut-1)/cut)
	for co := range s.Out {
		db[co] = bias[co].end(segments) * scale
		for t := range s.Taps() {
			dw.Row(co)[t] = weights[co*s.Taps()+t].end(segments) * scale
		}
	}
	return dw, db
}

func (c *convCase) check(t *testing.T, ws *Workspace) {
	t.Helper()
	s := &c.s
	u, dx := c.naivePredict(), c.naiveFeedback()
	const scale = 1. / 64
	var dw Matrix
	var db []float32
	for _, h := range tiers(t) {
		conv := h.NewConv(*s)
		if dw.Data == nil {
			dw, db = c.naiveGradient(conv.SegmentSamples(), scale)
		}
		packed := conv.Pack(NewVector(conv.PackedSize()), c.w)
		got := NewMatrix(c.x.Rows, s.Outputs())
		conv.Predict(ws, got, c.x, &packed, &Epilogue{Bias: c.bias})
		require.NoError(t, sameBits(u.Data, got.Data), "%v predict %v", h.ISA(), c)

		packed = conv.PackFeedback(NewVector(conv.PackedFeedbackSize()), c.w)
		got = NewMatrix(c.x.Rows, s.Inputs())
		conv.Feedback(ws, got, c.e, &packed, nil)
		require.NoError(t, sameBits(dx.Data, got.Data), "%v feedback %v", h.ISA(), c)

		got, partial, gotBias := NewMatrix(s.Out, s.Taps()), NewMatrix(s.Out, s.Taps()), NewVector(s.Out)
		for _, cut := range [][2]int{{0, s.Out / 2}, {s.Out / 2, s.Out}} {
			conv.WeightGradient(ws, got, partial, c.e, c.x, cut[0], cut[1], scale)
			conv.BiasGradient(gotBias, c.e, cut[0], cut[1], scale)
		}
		require.NoError(t, sameBits(dw.Data, got.Data), "%v weights %v", h.ISA(), c)
		require.NoError(t, sameBits(db, gotBias), "%v bias %v", h.ISA(), c)
	}
}

func TestConvGrid(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	ws := NewWorkspace()
	shapes := []ConvShape{
		{Height: 4, Width: 4, In: 8, Out: 8, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1},
		{Height: 5, Width: 7, In: 3, Out: 17, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1},
		{Height: 7, Width: 6, In: 5, Out: 33, KernelHeight: 3, KernelWidth: 3, Stride: 2, Padding: 1},
		{Height: 8, Width: 8, In: 4, Out: 6, KernelHeight: 1, KernelWidth: 1, Stride: 2, Padding: 0},
		{Height: 6, Width: 5, In: 16, Out: 3, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 0},
		{Height: 3, Width: 3, In: 2, Out: 2, KernelHeight: 5, KernelWidth: 4, Stride: 1, Padding: 3},
		{Height: 5, Width: 5, In: 3, Out: 4, KernelHeight: 1, KernelWidth: 2, Stride: 3, Padding: 2},
		{Height: 1, Width: 9, In: 1, Out: 1, KernelHeight: 1, KernelWidth: 3, Stride: 1, Padding: 1},
		{Height: 2, Width: 2, In: 40, Out: 20, KernelHeight: 2, KernelWidth: 2, Stride: 2, Padding: 0},
		// Inputs and errors of weight gradients read in place, one of them, neither.
		{Height: 9, Width: 10, In: 16, Out: 17, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1},
		{Height: 3, Width: 17, In: 32, Out: 8, KernelHeight: 3, KernelWidth: 3, Stride: 2, Padding: 1},
		{Height: 4, Width: 9, In: 24, Out: 40, KernelHeight: 1, KernelWidth: 3, Stride: 1, Padding: 1},
		{Height: 3, Width: 8, In: 20, Out: 12, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1},
		{Height: 2, Width: 9, In: 72, Out: 34, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1},
		{Height: 5, Width: 6, In: 3, Out: 16, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1},
		{Height: 5, Width: 4, In: 2, Out: 64, KernelHeight: 3, KernelWidth: 3, Stride: 2, Padding: 1},
		// Few input channels: several panels, taps that leave room for few image rows, and more taps than that.
		{Height: 6, Width: 5, In: 2, Out: 150, KernelHeight: 5, KernelWidth: 5, Stride: 1, Padding: 2},
		{Height: 9, Width: 3, In: 1, Out: 40, KernelHeight: 9, KernelWidth: 9, Stride: 1, Padding: 4},
		{Height: 17, Width: 5, In: 1, Out: 3, KernelHeight: 17, KernelWidth: 17, Stride: 1, Padding: 8},
	}
	for _, s := range shapes {
		for _, batch := range []int{0, 1, 2, 7, 13} {
			c := newConvCase(r, s, batch)
			c.check(t, ws)
		}
	}
}

// TestConvLong crosses the segments of chains: along the taps, along the batch,
// and the blocks of samples.
func TestConvLong(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 24))
	ws := NewWorkspace()
	for _, c := range []convCase{
		newConvCase(r, ConvShape{Height: 2, Width: 3, In: 1000, Out: 2, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1}, 2),
		newConvCase(r, ConvShape{Height: 2, Width: 2, In: 2, Out: 1000, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1}, 2),
		newConvCase(r, ConvShape{Height: 32, Width: 32, In: 1, Out: 2, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1}, 19),
		newConvCase(r, ConvShape{Height: 2, Width: 300, In: 1, Out: 2, KernelHeight: 1, KernelWidth: 3, Stride: 1, Padding: 1}, 3),
		newConvCase(r, ConvShape{Height: 3, Width: 3, In: 2, Out: 3, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1}, 2*Default().Profile().ConvSamples+5),
	} {
		c.check(t, ws)
	}
}

// TestConvNegativeControl shows that one wrong tap is seen.
func TestConvNegativeControl(t *testing.T) {
	r := rand.New(rand.NewPCG(25, 26))
	s := ConvShape{Height: 4, Width: 4, In: 3, Out: 4, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1}
	c := newConvCase(r, s, 2)
	want := c.naivePredict()
	h, ws := Default(), NewWorkspace()
	conv := h.NewConv(s)
	conv.forward.parts[0].a++
	packed := conv.Pack(NewVector(conv.PackedSize()), c.w)
	got := NewMatrix(2, s.Outputs())
	conv.Predict(ws, got, c.x, &packed, &Epilogue{Bias: c.bias})
	require.Error(t, sameBits(want.Data, got.Data))
}

// TestConvEpilogues holds fused against stand-alone epilogues.
func TestConvEpilogues(t *testing.T) {
	r := rand.New(rand.NewPCG(27, 28))
	ws := NewWorkspace()
	s := ConvShape{Height: 5, Width: 4, In: 3, Out: 18, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1}
	c := newConvCase(r, s, 9)
	for _, h := range tiers(t) {
		conv := h.NewConv(s)
		packed := conv.Pack(NewVector(conv.PackedSize()), c.w)
		chains := NewMatrix(9, s.Outputs())
		conv.Predict(ws, chains, c.x, &packed, &Epilogue{Bias: c.bias})

		fused, alone := NewMatrix(9, s.Outputs()), clone(chains)
		slope := NewMatrix(9, s.Outputs())
		slopeAlone := clone(slope)
		conv.Predict(ws, fused, c.x, &packed, &Epilogue{Kind: Activate, Bias: c.bias, Act: GELU, Slope: slope})
		h.Apply(alone, &Epilogue{Kind: Activate, Act: GELU, Slope: slopeAlone})
		require.NoError(t, sameBits(alone.Data, fused.Data))
		require.NoError(t, sameBits(slopeAlone.Data, slope.Data))

		alone = clone(chains)
		conv.Predict(ws, fused, c.x, &packed, &Epilogue{Kind: PredictionError, Bias: c.bias, Act: Tanh, Latent: c.e, Coeff: 0.5, ErrorSlope: slope})
		h.Apply(alone, &Epilogue{Kind: PredictionError, Act: Tanh, Latent: c.e, Coeff: 0.5, ErrorSlope: slopeAlone})
		require.NoError(t, sameBits(alone.Data, fused.Data))
		require.NoError(t, sameBits(slopeAlone.Data, slope.Data))

		packed = conv.PackFeedback(NewVector(conv.PackedFeedbackSize()), c.w)
		back := NewMatrix(9, s.Inputs())
		conv.Feedback(ws, back, c.e, &packed, nil)
		latents := []Matrix{clone(c.x), clone(c.x)}
		velocities := []Matrix{NewMatrix(9, s.Inputs()), NewMatrix(9, s.Inputs())}
		own := oddMatrix(r, 9, s.Inputs())
		e := Epilogue{Kind: LatentUpdate, Latent: latents[0], Velocity: velocities[0], Error: own, Rate: 0.3, Momentum: 0.5, Nesterov: true}
		conv.Feedback(ws, Matrix{}, c.e, &packed, &e)
		e.Latent, e.Velocity = latents[1], velocities[1]
		h.Apply(back, &e)
		require.NoError(t, sameBits(latents[1].Data, latents[0].Data))
		require.NoError(t, sameBits(velocities[1].Data, velocities[0].Data))
	}
}

func TestConvPanics(t *testing.T) {
	s := ConvShape{Height: 4, Width: 4, In: 3, Out: 4, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1}
	h, ws := Default(), NewWorkspace()
	require.PanicsWithValue(t, badConv, func() { h.NewConv(ConvShape{}) })
	tooBig := s
	tooBig.KernelWidth = 7
	require.PanicsWithValue(t, badConv, func() { h.NewConv(tooBig) })
	conv := h.NewConv(s)
	w, x, u := NewMatrix(4, 27), NewMatrix(2, 48), NewMatrix(2, 64)
	packed := conv.Pack(NewVector(conv.PackedSize()), w)
	for want, f := range map[string]func(){
		foreignConv:      func() { conv.Feedback(ws, x, u, &packed, nil) },
		argImage.shape:   func() { conv.Predict(ws, u, u, &packed, nil) },
		argC.shape:       func() { conv.Predict(ws, x, x, &packed, nil) },
		badBias:          func() { conv.Predict(ws, u, x, &packed, &Epilogue{Bias: make([]float32, 3)}) },
		argWeights.shape: func() { conv.Pack(nil, x) },
		argDst.length:    func() { conv.PackFeedback(nil, w) },
		badRange:         func() { conv.WeightGradient(ws, w, Matrix{}, u, x, 0, 5, 1) },
		nilWork:          func() { conv.Predict(nil, u, x, &packed, nil) },
	} {
		require.PanicsWithValue(t, want, f)
	}
}

func TestConvAllocatesNothing(t *testing.T) {
	s := ConvShape{Height: 4, Width: 4, In: 3, Out: 20, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1}
	c := newConvCase(rand.New(rand.NewPCG(29, 30)), s, 8)
	ws := NewWorkspace()
	for _, h := range tiers(t) {
		conv := h.NewConv(s)
		forward := conv.Pack(NewVector(conv.PackedSize()), c.w)
		feedback := conv.PackFeedback(NewVector(conv.PackedFeedbackSize()), c.w)
		u, dw := NewMatrix(8, s.Outputs()), NewMatrix(s.Out, s.Taps())
		e := Epilogue{Bias: c.bias}
		require.Zero(t, testing.AllocsPerRun(3, func() {
			conv.Predict(ws, u, c.x, &forward, &e)
			conv.Feedback(ws, c.x, u, &feedback, nil)
			conv.WeightGradient(ws, dw, Matrix{}, u, c.x, 0, s.Out, 1)
			conv.BiasGradient(c.bias, u, 0, s.Out, 1)
		}), h.ISA())
	}
}

func FuzzConv(f *testing.F) {
	f.Add(uint64(1), uint8(4), uint8(4), uint8(3), uint8(9), uint8(3), uint8(3), uint8(1), uint8(1), uint8(5))
	f.Add(uint64(2), uint8(7), uint8(5), uint8(17), uint8(2), uint8(1), uint8(1), uint8(2), uint8(0), uint8(3))
	ws := NewWorkspace()
	f.Fuzz(func(t *testing.T, seed uint64, height, width, in, out, kh, kw, stride, padding, batch uint8) {
		s := ConvShape{Height: int(height%9) + 1, Width: int(width%9) + 1, In: int(in%40) + 1, Out: int(out%40) + 1,
			KernelHeight: int(kh%5) + 1, KernelWidth: int(kw%5) + 1, Stride: int(stride%3) + 1, Padding: int(padding % 4)}
		if !s.valid() || s.Outputs()*s.Taps()*int(batch%9) > 2_000_000 {
			t.Skip("impossible, or too big for the portable path")
		}
		c := newConvCase(rand.New(rand.NewPCG(seed, 0)), s, int(batch%9))
		c.check(t, ws)
	})
}
