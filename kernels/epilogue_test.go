package kernels

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// epilogueCase is a set of matrices for every kind of epilogue.
type epilogueCase struct {
	z, slope, latent, errorSlope, err, prior, velocity Matrix
}

func newEpilogueCase(r *rand.Rand, rows, cols int) epilogueCase {
	next := func() Matrix { return oddMatrix(r, rows, cols) }
	return epilogueCase{next(), next(), next(), next(), next(), next(), next()}
}

func (c *epilogueCase) clone() epilogueCase {
	return epilogueCase{
		clone(c.z), clone(c.slope), clone(c.latent), clone(c.errorSlope), clone(c.err), clone(c.prior), clone(c.velocity),
	}
}

func (c *epilogueCase) requireSame(t *testing.T, got *epilogueCase, what ...any) {
	t.Helper()
	require.NoError(t, sameBits(c.z.Data, got.z.Data), what...)
	require.NoError(t, sameBits(c.slope.Data, got.slope.Data), what...)
	require.NoError(t, sameBits(c.latent.Data, got.latent.Data), what...)
	require.NoError(t, sameBits(c.errorSlope.Data, got.errorSlope.Data), what...)
	require.NoError(t, sameBits(c.velocity.Data, got.velocity.Data), what...)
}

// epilogue describes the case for a kind; with leaves out optional matrices.
func (c *epilogueCase) epilogue(kind EpilogueKind, act Activation, with bool) Epilogue {
	e := Epilogue{Kind: kind, Act: act}
	switch kind {
	case Store:
		e.Scale = 0.3
	case Activate:
		if with {
			e.Slope = c.slope
		}
	case PredictionError:
		e.Coeff, e.Latent = 0.7, c.latent
		if with {
			e.ErrorSlope = c.errorSlope
		}
	case LatentUpdate:
		e.Rate, e.Momentum, e.Nesterov, e.Latent = 0.1, 0.6, act%2 == 0, c.latent
		if with {
			e.Error, e.Prior, e.Velocity = c.err, c.prior, c.velocity
		}
	}
	return e
}

// byHand does what the comments of EpilogueKind say, element by element.
func (c *epilogueCase) byHand(e *Epilogue) {
	h := &handles[Generic]
	for i := range c.z.Rows {
		for j := range c.z.Cols {
			at := func(m *Matrix) *float32 { return &m.Data[i*m.Stride+j] }
			z := at(&c.z)
			x, u, s := []float32{*z}, []float32{0}, []float32{0}
			h.Activate(e.Act, u, s, x)
			switch e.Kind {
			case Store:
				*z *= e.Scale
			case Activate:
				*z = u[0]
				if e.Slope.Data != nil {
					*at(&c.slope) = s[0]
				}
			case PredictionError:
				d := *at(&c.latent) - u[0]
				*z = e.Coeff * d
				if e.ErrorSlope.Data != nil {
					*at(&c.errorSlope) = *z * s[0]
				}
			case LatentUpdate:
				var g, d float32
				if e.Error.Data != nil {
					g = *at(&c.err) - (*at(&c.prior) + *z)
				} else {
					g = 0 - *z
				}
				d = g
				if e.Velocity.Data != nil {
					v := at(&c.velocity)
					*v = fma(e.Momentum, *v, g)
					d = *v
					if e.Nesterov {
						d = fma(e.Momentum, d, g)
					}
				}
				*at(&c.latent) = fma(-e.Rate, d, *at(&c.latent))
			}
		}
	}
}

// eachEpilogue calls f with every kind and activation, with and without the
// optional matrices.
func eachEpilogue(f func(kind EpilogueKind, act Activation, with bool)) {
	for kind := Store; kind <= LatentUpdate; kind++ {
		for _, act := range Activations() {
			f(kind, act, false)
			f(kind, act, true)
		}
	}
}

func TestApplyMeansWhatItSays(t *testing.T) {
	r := rand.New(rand.NewPCG(51, 52))
	eachEpilogue(func(kind EpilogueKind, act Activation, with bool) {
		c := newEpilogueCase(r, 4, 39)
		want := c.clone()
		e := want.epilogue(kind, act, with)
		want.byHand(&e)
		for _, h := range tiers(t) {
			got := c.clone()
			e := got.epilogue(kind, act, with)
			h.Apply(got.z, &e)
			want.requireSame(t, &got, "%v kind %d %v %v", h.ISA(), kind, act, with)
		}
	})
}

// A product with an epilogue gives the bits of a plain product and Apply: every
// kind, for operands as they are and packed, however they lie.
func TestFusedIsUnfused(t *testing.T) {
	r := rand.New(rand.NewPCG(53, 54))
	ws := NewWorkspace()
	for _, shape := range [][3]int{{1, 3, 1}, {13, 40, 70}, {2, 40, 133}, {7, 33, 40}, {33, 40, 9}, {200, Default().Profile().BlockDepth + 9, 33}, {5, segment + 2, 18}} {
		if testing.Short() && shape[1] > 100 {
			continue
		}
		m, k, n := shape[0], shape[1], shape[2]
		bias := make([]float32, n)
		fill(r, bias)
		op := NN
		eachEpilogue(func(kind EpilogueKind, act Activation, with bool) {
			if m > 13 && act != Tanh && act != GELU {
				return
			}
			op = (op + 1) % 3
			pc := newProductCase(r, op, m, k, n)
			c := newEpilogueCase(r, m, n)
			for _, h := range tiers(t) {
				want := c.clone()
				h.MatMul(ws, op, want.z, pc.a, pc.b, &Epilogue{Bias: bias})
				e := want.epilogue(kind, act, with)
				h.Apply(want.z, &e)

				packed := h.Pack(NewVector(h.PackedSize(k, n)), op, pc.b)
				for form, product := range map[string]func(c Matrix, e *Epilogue){
					"plain":  func(c Matrix, e *Epilogue) { h.MatMul(ws, op, c, pc.a, pc.b, e) },
					"packed": func(c Matrix, e *Epilogue) { h.MatMulPacked(ws, op, c, pc.a, &packed, e) },
				} {
					got := c.clone()
					e = got.epilogue(kind, act, with)
					e.Bias = bias
					product(got.z, &e)
					if kind == LatentUpdate {
						got.z = want.z // not written
					}
					want.requireSame(t, &got, "%v %v %s kind %d %v %v %v", h.ISA(), op, form, kind, act, with, shape)
				}
			}
		})
	}
}

// The comparison must notice momentum used before the velocity moves.
func TestEpilogueNegativeControl(t *testing.T) {
	c := newEpilogueCase(rand.New(rand.NewPCG(55, 56)), 3, 9)
	right, wrong := c.clone(), c.clone()
	e := right.epilogue(LatentUpdate, Identity, true)
	right.byHand(&e)
	e = wrong.epilogue(LatentUpdate, Identity, true)
	e.Nesterov = false
	wrong.byHand(&e)
	require.NoError(t, sameBits(right.velocity.Data, wrong.velocity.Data))
	require.Error(t, sameBits(right.latent.Data, wrong.latent.Data))
}

// The first move from rest is a move whose latents were copied and whose
// velocities were cleared before, signs of zeros included.
func TestStart(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, h := range tiers(t) {
		for _, nesterov := range []bool{false, true} {
			c := newEpilogueCase(r, 7, 37)
			start := oddMatrix(r, 7, 37)
			for _, m := range []Matrix{start, c.velocity, c.latent} {
				hardFill(r, m.Data)
			}
			want := c.clone()
			for i := range start.Rows {
				copy(want.latent.Row(i), start.Row(i))
				clear(want.velocity.Row(i))
			}
			e := c.epilogue(LatentUpdate, Identity, true)
			e.Nesterov, e.Start = nesterov, start
			h.Apply(c.z, &e)
			e = want.epilogue(LatentUpdate, Identity, true)
			e.Nesterov = nesterov
			h.Apply(want.z, &e)
			want.requireSame(t, &c, h.ISA())
		}
	}
}
