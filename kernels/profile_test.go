package kernels

import (
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// randomProfile returns a valid profile, often with numbers at their bounds.
func randomProfile(r *rand.Rand) Profile {
	for {
		var p Profile
		for _, s := range p.Settings() {
			least, most := (s.Least+s.Unit-1)/s.Unit, s.Most/s.Unit
			steps := r.IntN(most - least + 1)
			switch r.IntN(4) {
			case 0:
				steps = r.IntN(min(4, most-least+1))
			case 1:
				steps = min(steps, r.IntN(most-least+1), r.IntN(most-least+1))
			case 2:
				steps = most - least - r.IntN(min(2, most-least+1))
			}
			*s.Value = (least + steps) * s.Unit
		}
		if p.Check() == nil {
			return p
		}
	}
}

// TestProfilesChangeNoBit compares the digests of all products and convolutions
// under random profiles with the committed ones.
func TestProfilesChangeNoBit(t *testing.T) {
	r := rand.New(rand.NewPCG(71, 72))
	for _, h := range tiers(t) {
		count := 30
		if h.ISA() == Generic || testing.Short() {
			count = 3
		}
		for range count {
			p := randomProfile(r)
			tuned, err := h.WithProfile(p)
			require.NoError(t, err)
			require.Equal(t, p, tuned.Profile())
			require.Equal(t, h.ISA(), tuned.ISA())
			require.Equal(t, productDigests, digestsOn(tuned), "%v %+v", h.ISA(), p)
		}
	}
}

// checkProfiled compares a random product and a random convolution under a
// profile with the naive chains.
func checkProfiled(t *testing.T, r *rand.Rand, ws *Workspace, p Profile) {
	t.Helper()
	for _, plain := range tiers(t) {
		h, err := plain.WithProfile(p)
		require.NoError(t, err)
		m, n := 1+r.IntN(60), 1+r.IntN(90)
		switch r.IntN(4) {
		case 0: // few rows
			m = 1 + r.IntN(6)
		case 1: // tall and narrow
			m, n = 1+r.IntN(700), 1+r.IntN(12)
		}
		pc := newProductCase(r, Op(r.IntN(3)), m, 1+r.IntN(300), n)
		pc.variant(r, r.IntN(4))
		want := pc.naive()
		got := clone(pc.c)
		h.MatMul(ws, pc.op, got, pc.a, pc.b, &pc.e)
		require.NoError(t, sameBits(want.Data, got.Data), "%v %+v", h.ISA(), p)
		got = clone(pc.c)
		packed := h.Pack(NewVector(h.PackedSize(pc.k, pc.n)), pc.op, pc.b)
		h.MatMulPacked(ws, pc.op, got, pc.a, &packed, &pc.e)
		require.NoError(t, sameBits(want.Data, got.Data), "%v packed %+v", h.ISA(), p)

		s := ConvShape{Height: 1 + r.IntN(9), Width: 3 + r.IntN(9), In: 1 + r.IntN(20), Out: 1 + r.IntN(20),
			KernelHeight: 1 + r.IntN(2), KernelWidth: 3, Stride: 1 + r.IntN(2), Padding: 1}
		c := newConvCase(r, s, 1+r.IntN(9))
		conv := h.NewConv(s)
		u := NewMatrix(c.x.Rows, s.Outputs())
		weights := conv.Pack(NewVector(conv.PackedSize()), c.w)
		conv.Predict(ws, u, c.x, &weights, &Epilogue{Bias: c.bias})
		require.NoError(t, sameBits(c.naivePredict().Data, u.Data), "%v %+v %+v", h.ISA(), s, p)
		dw, partial := NewMatrix(s.Out, s.Taps()), NewMatrix(s.Out, s.Taps())
		conv.WeightGradient(ws, dw, partial, c.e, c.x, 0, s.Out, 1)
		gradient, _ := c.naiveGradient(conv.SegmentSamples(), 1)
		require.NoError(t, sameBits(gradient.Data, dw.Data), "%v %+v %+v", h.ISA(), s, p)
	}
}

// Ten rows in blocks of eight: what passes by once with all rows in one block is
// copied here, in pieces that fit the workspace.
func TestFewRowsInBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(77, 78))
	ws := NewWorkspace()
	for _, plain := range tiers(t) {
		p := plain.Profile()
		p.BlockRows = 8
		h, err := plain.WithProfile(p)
		require.NoError(t, err)
		for _, shape := range [][3]int{{mostDots, streamDepth, 530}, {600, streamDepth, mostDots}} {
			if testing.Short() || plain.ISA() == Generic {
				shape[1] = 40
			}
			pc := newProductCase(r, NT, shape[0], shape[1], shape[2])
			want, got := pc.naive(), clone(pc.c)
			h.MatMul(ws, pc.op, got, pc.a, pc.b, &pc.e)
			require.NoError(t, sameBits(want.Data, got.Data), "%v %v", h.ISA(), shape)
		}
	}
}

func TestProfiledProducts(t *testing.T) {
	r := rand.New(rand.NewPCG(73, 74))
	ws := NewWorkspace()
	for range 20 {
		checkProfiled(t, r, ws, randomProfile(r))
	}
}

// FuzzProfile takes any numbers: what Check accepts must compute the right
// bits, and what it refuses must be refused by WithProfile too.
func FuzzProfile(f *testing.F) {
	for _, isa := range []ISA{Generic, AVX2, AVX512} {
		p := defaultProfile(isa, caches{})
		f.Add(uint64(isa), p.StripRows, p.BlockRows, p.BlockDepth, p.BlockDepthTransposed, p.BlockColumns, p.DirectRows, p.DirectFloats, p.CopyColumns,
			p.ConvSamples, p.GradientPositions, p.Spins)
	}
	f.Add(uint64(9), 5, 8, 32, 32, 64, 0, 0, 0, 4, 32, 0)
	ws := NewWorkspace()
	f.Fuzz(func(t *testing.T, seed uint64, strip, rows, depth, transposed, columns, directRows, directFloats, copyColumns, samples, positions, spins int) {
		p := Profile{strip, rows, depth, transposed, columns, directRows, directFloats, copyColumns, samples, positions, spins}
		if err := p.Check(); err != nil {
			_, refused := Default().WithProfile(p)
			require.Equal(t, err, refused)
			return
		}
		checkProfiled(t, rand.New(rand.NewPCG(seed, 75)), ws, p)
	})
}

// Whatever a CPU says of its caches makes a valid profile.
func TestDefaultProfiles(t *testing.T) {
	r := rand.New(rand.NewPCG(76, 77))
	for range 2000 {
		c := caches{l1: r.IntN(1<<(1+r.IntN(30))) - 1, l2: int(r.Int64N(1<<(1+r.IntN(40)))) - 1}
		for _, isa := range []ISA{Generic, AVX2, AVX512} {
			require.NoError(t, defaultProfile(isa, c).Check(), "%v %+v", isa, c)
		}
	}
	for _, h := range tiers(t) {
		require.NoError(t, h.Profile().Check())
	}
	// The values that were found by hand on CPUs with these caches.
	zen3 := defaultProfile(AVX2, caches{l1: 32 << 10, l2: 512 << 10})
	require.Equal(t, []int{96, 1024, 136, 512}, []int{zen3.BlockRows, zen3.BlockDepth, zen3.BlockDepthTransposed, zen3.BlockColumns})
	zen4 := defaultProfile(AVX512, caches{l1: 32 << 10, l2: 1 << 20, halfStores: true})
	require.Equal(t, 6, zen4.StripRows)
	require.Equal(t, []int{144, 512, 256, 512}, []int{zen4.BlockRows, zen4.BlockDepth, zen4.BlockDepthTransposed, zen4.BlockColumns})
}

// TestProfileRefuses goes beyond the bounds of each number, and of their
// products, one at a time.
func TestProfileRefuses(t *testing.T) {
	good := defaultProfile(AVX2, caches{})
	for i, s := range good.Settings() {
		for _, v := range []int{s.Least - 1, s.Most + 1, -s.Unit, math.MinInt, math.MaxInt} {
			p := good
			*p.Settings()[i].Value = v
			require.ErrorContains(t, p.Check(), s.Name, v)
			_, err := Default().WithProfile(p)
			require.Error(t, err)
		}
		if s.Unit > 1 {
			p := good
			*p.Settings()[i].Value += s.Unit / 2
			require.ErrorContains(t, p.Check(), s.Name)
		}
	}
	good = defaultProfile(AVX512, caches{})
	for change, f := range map[string]func(*Profile){
		"block_depth x block_columns": func(p *Profile) { p.BlockDepth, p.BlockColumns = 1024, 1024 },
		"block_rows x (block_depth":   func(p *Profile) { p.BlockRows, p.BlockDepth = 512, 512 },
		"transposed x block_columns":  func(p *Profile) { p.BlockDepthTransposed, p.BlockColumns, p.BlockRows = 2048, 512, 8 },
		"transposed x (block_rows":    func(p *Profile) { p.BlockDepthTransposed, p.BlockRows = 512, 200 },
		"block_rows x (block_columns": func(p *Profile) {
			p.BlockColumns, p.BlockRows = 1024, 192
			p.BlockDepth, p.BlockDepthTransposed = 200, 200
		},
		"conv_samples x (block_columns":   func(p *Profile) { p.ConvSamples = 512 },
		"gradient_positions is 513":       func(p *Profile) { p.GradientPositions = mostPositions + 1 },
		"multiple of 64 from 64 to 2048":  func(p *Profile) { p.BlockColumns = 96 },
		"block_depth is 0: want a multip": func(p *Profile) { p.BlockDepth = 0 },
	} {
		p := good
		f(&p)
		require.ErrorContains(t, p.Check(), change)
	}
}

// Every number of a profile is listed, under its name.
func TestProfileSettings(t *testing.T) {
	var p Profile
	v := reflect.ValueOf(&p).Elem()
	list := p.Settings()
	require.Len(t, list, v.NumField())
	for i, s := range list {
		require.Equal(t, strings.ToLower(v.Type().Field(i).Name), strings.ReplaceAll(s.Name, "_", ""))
		require.Same(t, v.Field(i).Addr().Interface(), s.Value)
	}
}

// Operands know the handle that packed them, profile included.
func TestProfileForeignOperands(t *testing.T) {
	h, ws := Default(), NewWorkspace()
	tuned, err := h.WithProfile(h.Profile())
	require.NoError(t, err)
	a, b, c := NewMatrix(4, 5), NewMatrix(5, 6), NewMatrix(4, 6)
	packed := h.Pack(NewVector(h.PackedSize(5, 6)), NN, b)
	require.PanicsWithValue(t, foreignPack, func() { tuned.MatMulPacked(ws, NN, c, a, &packed, nil) })
}

// Rows of pixels of any width fit the workspace, copies of errors included.
func TestGradientFitsWorkspace(t *testing.T) {
	ws := NewWorkspace()
	for isa := range tiles {
		h := &handles[isa]
		for _, in := range []int{3, 16} {
			for width := 3; width <= widestRow; width += 7 {
				s := ConvShape{Height: 3, Width: width, In: in, Out: 512, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1}
				g := gradient{c: &Conv{h: h, shape: s}, s: s, oh: s.OutHeight(), ow: s.OutWidth(), p: product{h: h, ws: ws, g: h.g}}
				positions := max(1, g.positions()/g.ow) * g.ow
				n, panel := g.channels(), 16
				require.Positive(t, n)
				if g.transposed() {
					panel = 2 * h.g.nr
				}
				require.LessOrEqual(t, (n+panel-1)/panel*panel*positions, len(ws.panels), "%v %+v", ISA(isa), s)
				require.LessOrEqual(t, positions*h.g.nr, len(ws.strip))
			}
		}
	}
}
