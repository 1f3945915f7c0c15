package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// tiers returns the handles of all tiers of this process.
func tiers(t testing.TB) []*Handle {
	list, err := Available()
	require.NoError(t, err)
	handles := make([]*Handle, len(list))
	for i, isa := range list {
		handles[i], err = For(isa)
		require.NoError(t, err)
	}
	return handles
}

// productCase is one product in float32 with everything needed to run it.
type productCase struct {
	op      Op
	m, k, n int
	a, b, c Matrix
	e       Epilogue
}

// canary fills memory that a kernel must not write.
const canary = float32(-12345.678)

// newProductCase makes operands with strides beyond the columns and starts off
// the vector grid. The gaps hold canaries.
func newProductCase(r *rand.Rand, op Op, m, k, n int) productCase {
	pc := productCase{op: op, m: m, k: k, n: n}
	ar, ac, br, bc := m, k, k, n
	if op == TN {
		ar, ac = ac, ar
	}
	if op == NT {
		br, bc = bc, br
	}
	pc.a, pc.b, pc.c = oddMatrix(r, ar, ac), oddMatrix(r, br, bc), oddMatrix(r, m, n)
	return pc
}

// oddMatrix is rows x cols random numbers in rows of a prime-ish stride that
// start one to three floats off alignment.
func oddMatrix(r *rand.Rand, rows, cols int) Matrix {
	stride := cols + []int{0, 1, 3, 7, 13}[r.IntN(5)]
	if stride == 0 {
		stride = 1
	}
	skip := r.IntN(4)
	data := NewVector(skip + rows*stride + 8)[skip:]
	for i := range data {
		data[i] = canary
	}
	m := Matrix{Rows: rows, Cols: cols, Data: data, Stride: stride}
	for i := range rows {
		fill(r, m.Row(i))
	}
	return m
}

func fill(r *rand.Rand, x []float32) {
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
}

// clone copies a matrix with its gaps.
func clone(m Matrix) Matrix {
	m.Data = append([]float32(nil), m.Data...)
	return m
}

func (pc *productCase) at(a *Matrix, transposed bool, i, j int) float32 {
	if transposed {
		i, j = j, i
	}
	return a.Data[i*a.Stride+j]
}

// naive runs every chain as the contract words it.
func (pc *productCase) naive() Matrix {
	c := clone(pc.c)
	for i := range pc.m {
		for j := range pc.n {
			var total float32
			for lo := 0; lo == 0 || lo < pc.k; lo += segment {
				var z float32
				if lo == 0 && pc.e.Bias != nil {
					z = pc.e.Bias[j]
				} else if lo == 0 && pc.e.Accumulate {
					z = c.Data[i*c.Stride+j]
				}
				for l := lo; l < min(lo+segment, pc.k); l++ {
					z = fma(pc.at(&pc.a, pc.op == TN, i, l), pc.at(&pc.b, pc.op == NT, l, j), z)
				}
				if lo == 0 {
					total = z
				} else {
					total += z
				}
			}
			if pc.e.Scale != 0 {
				total *= pc.e.Scale
			}
			c.Data[i*c.Stride+j] = total
		}
	}
	return c
}

// sameBits says where two vectors differ in a bit; NaNs count as equal.
func sameBits(want, got []float32) error {
	if len(want) != len(got) {
		return fmt.Errorf("length %d, want %d", len(got), len(want))
	}
	for i := range want {
		w, g := math.Float32bits(want[i]), math.Float32bits(got[i])
		if w != g && (want[i] == want[i] || got[i] == got[i]) {
			return fmt.Errorf("element %d: %v (%#08x), want %v (%#08x)", i, got[i], g, want[i], w)
		}
	}
	return nil
}

// check runs the case on every tier, plain and packed.
func (pc *productCase) check(t *testing.T, ws *Workspace) {
	t.Helper()
	want := pc.naive()
	name := fmt.Sprintf("%v %dx%dx%d acc=%v bias=%v scale=%v", pc.op, pc.m, pc.k, pc.n, pc.e.Accumulate, pc.e.Bias != nil, pc.e.Scale)
	for _, h := range tiers(t) {
		c := clone(pc.c)
		h.MatMul(ws, pc.op, c, pc.a, pc.b, &pc.e)
		require.NoError(t, sameBits(want.Data, c.Data), "%v plain %s", h.ISA(), name)

		packed := h.Pack(NewVector(h.PackedSize(pc.k, pc.n)), pc.op, pc.b)
		require.True(t, packed.Matches(pc.op, pc.b))
		c = clone(pc.c)
		h.MatMulPacked(ws, pc.op, c, pc.a, &packed, &pc.e)
		require.NoError(t, sameBits(want.Data, c.Data), "%v packed %s", h.ISA(), name)
	}
}

// variants sets what the chains start from and end with.
func (pc *productCase) variant(r *rand.Rand, v int) {
	pc.e = Epilogue{}
	switch v % 4 {
	case 1:
		pc.e.Accumulate = true
	case 2:
		pc.e.Bias = NewVector(pc.n + 1)[1:]
		fill(r, pc.e.Bias)
		if pc.n == 0 {
			pc.e.Bias = []float32{}
		}
	case 3:
		pc.e.Scale = 1. / 128
	}
}

func TestProductGrid(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	ws := NewWorkspace()
	ks := []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 31}
	ms := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 17, 25}
	ns := []int{0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 65}
	v := 0
	for _, op := range []Op{NN, NT, TN} {
		for _, m := range ms {
			for _, n := range ns {
				for _, k := range ks {
					if testing.Short() && (m*31+n*17+k)%11 != 0 {
						continue
					}
					pc := newProductCase(r, op, m, k, n)
					pc.variant(r, v)
					v++
					pc.check(t, ws)
				}
			}
		}
	}
}

// TestProductBlocks crosses every block boundary of every tier, and the
// segments of long chains.
func TestProductBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	ws := NewWorkspace()
	var shapes [][3]int
	for _, h := range tiers(t) {
		mc, kc, nc := h.g.mc, h.g.kc, h.g.nc
		shapes = append(shapes, [][3]int{
			{5, kc - 1, 9}, {5, kc, 9}, {5, kc + 1, 9}, {3, 2*kc + 3, 17},
			{mc + 1, 5, 7}, {2*mc + 5, 3, 3}, {130, 4, 5},
			{3, 5, nc + 1}, {7, 3, 2*nc + 31},
		}...)
	}
	shapes = append(shapes, [][3]int{
		{2, segment, 3}, {2, segment + 1, 3}, {1, 2*segment + 5, 2}, {13, segment + 8, 1},
		{70, 200, 40}, {6, 1024, 16}, {40, 33, 1024},
	}...)
	for i, s := range shapes {
		if testing.Short() && s[0]*s[1]*s[2] > 200_000 {
			continue
		}
		for _, op := range []Op{NN, NT, TN} {
			pc := newProductCase(r, op, s[0], s[1], s[2])
			pc.variant(r, i)
			pc.check(t, ws)
			pc.variant(r, i+1)
			pc.check(t, ws)
		}
	}
}

// TestProductStrategies crosses the boundaries between the ways to compute a
// product: few rows, results narrower than a vector, and remainders of both.
func TestProductStrategies(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	ws := NewWorkspace()
	few := []int{1, 2, 3, 4, 5, 6, 9, 10, 11}
	many := []int{8, 16, 31, 32, 33, 63, 64, 65, 72, 129, 130}
	v := 0
	for _, k := range []int{swapDepth - 1, swapDepth, swapDepth + 1, 70} {
		for _, a := range few {
			for _, b := range many {
				v++
				if testing.Short() && v%7 != 0 {
					continue
				}
				for _, shape := range [][2]int{{a, b}, {b, a}} {
					pc := newProductCase(r, Op(v%3), shape[0], k, shape[1])
					pc.variant(r, v/3)
					pc.check(t, ws)
				}
			}
		}
	}
	for i, shape := range [][3]int{
		{2, streamDepth + 7, 70}, {swapRows + 9, 40, 9}, {40, streamDepth + 5, 10}, {9, segment + 40, 33}, {32, segment + 5, 9},
	} {
		if testing.Short() && i%2 == 0 {
			continue
		}
		for _, op := range []Op{NN, NT, TN} {
			pc := newProductCase(r, op, shape[0], shape[1], shape[2])
			pc.variant(r, i+int(op))
			pc.check(t, ws)
		}
	}
}

// TestProductAliasedStride has rows half pages and whole pages apart, which are
// copied or not on both sides of each threshold.
func TestProductAliasedStride(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	ws := NewWorkspace()
	p := Default().Profile()
	for _, shape := range [][3]int{{23, 29, 37}, {5, 40, 9}, {9, 17, p.CopyColumns + 5}, {p.DirectRows + 3, 20, 33}} {
		for _, stride := range []int{pageFloats / 2, pageFloats} {
			for _, op := range []Op{NN, NT, TN} {
				pc := newProductCase(r, op, shape[0], shape[1], shape[2])
				for _, m := range []*Matrix{&pc.a, &pc.b} {
					m.Stride = stride
					m.Data = NewVector(m.Rows * m.Stride)
					fill(r, m.Data)
				}
				pc.check(t, ws)
			}
		}
	}
}

// farApart gives a matrix rows so far apart that a core has not the address
// translations of more than thirty at hand: translated/30 floats and some more.
func farApart(r *rand.Rand, m Matrix, more int) Matrix {
	m.Stride = translated/30 + more
	m.Data = NewVector((m.Rows-1)*m.Stride + m.Cols)
	fill(r, m.Data)
	return m
}

// TestProductFarRows has operands with rows far apart: a transposed A is copied
// strip by strip, B some panels at a time.
func TestProductFarRows(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	ws := NewWorkspace()
	for i, shape := range [][3]int{
		{13, 33, stripColumns - 1}, {13, 33, stripColumns}, {1, 40, 130}, {67, 40, 131}, {200, 300, stripColumns + 5},
		{31, 31, severalColumns}, {26, 40, severalColumns + 9}, {40, severalRows, 2*severalColumns - 3}, {30, severalRows + 1, 70},
	} {
		m, k, n := shape[0], shape[1], shape[2]
		if testing.Short() && k > 100 {
			continue
		}
		for _, op := range []Op{NN, TN} {
			pc := newProductCase(r, op, m, k, n)
			pc.b = farApart(r, pc.b, 8*i+1)
			if op == TN {
				pc.a = farApart(r, pc.a, 8*i+1)
			}
			pc.variant(r, i+int(op))
			pc.check(t, ws)
		}
	}
}

// TestProductLongStrips has a transposed A that is copied because its chains are
// long and C is wide, and neighbours of it that are not.
func TestProductLongStrips(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	ws := NewWorkspace()
	long := 3*Default().g.kct + 1
	for i, shape := range [][3]int{{13, long, manyColumns}, {7, long - 1, manyColumns}, {7, long, manyColumns - 1}, {8, 2*long + 5, manyColumns + 3}} {
		pc := newProductCase(r, TN, shape[0], shape[1], shape[2])
		pc.variant(r, i)
		pc.check(t, ws)
	}
}

// TestProductSpecialValues feeds infinities, NaN, signed zeros and denormals.
func TestProductSpecialValues(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	ws := NewWorkspace()
	specials := []float32{0, float32(math.Copysign(0, -1)), 1, -1, float32(math.Inf(1)), float32(math.Inf(-1)),
		float32(math.NaN()), math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32, 1e-38, -3e-39, math.MaxFloat32, -math.MaxFloat32, 1e-20, -1e-23}
	for i := range 60 {
		pc := newProductCase(r, Op(i%3), 1+r.IntN(15), r.IntN(6), 1+r.IntN(40))
		for _, m := range []Matrix{pc.a, pc.b, pc.c} {
			for i := range m.Rows {
				for j := range m.Cols {
					if r.IntN(2) == 0 {
						m.Row(i)[j] = specials[r.IntN(len(specials))]
					}
				}
			}
		}
		pc.variant(r, i)
		pc.check(t, ws)
	}
}

// TestProductNegativeControl shows that the suite sees a wrong order: the same
// chains in descending order differ in some bit.
func TestProductNegativeControl(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	pc := newProductCase(r, NN, 8, 40, 8)
	want := pc.naive()
	reversed := pc
	reversed.a, reversed.b = clone(pc.a), clone(pc.b)
	for l := range pc.k {
		for i := range pc.m {
			reversed.a.Row(i)[l] = pc.a.Row(i)[pc.k-1-l]
		}
		copy(reversed.b.Row(l), pc.b.Row(pc.k-1-l))
	}
	got := reversed.naive()
	require.Error(t, sameBits(want.Data, got.Data))
	require.InDeltaSlice(t, want.Data, got.Data, 1e-4)
}

// TestProductErrorBound compares portable Go with float64. A chain of n
// roundings errs by at most gamma_n (|c| + sum |a||b|), gamma_n = n u/(1-n u), u
// = 2^-24, and by half the smallest subnormal a step besides.
func TestProductErrorBound(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	h, ws := &handles[Generic], NewWorkspace()
	for _, k := range []int{1, 7, 300, segment + 700} {
		pc := newProductCase(r, NT, 3, k, 5)
		pc.e.Accumulate = true
		c := clone(pc.c)
		h.MatMul(ws, pc.op, c, pc.a, pc.b, &pc.e)
		for i := range pc.m {
			for j := range pc.n {
				exact := float64(pc.c.Row(i)[j])
				size := math.Abs(exact)
				for l := range k {
					term := float64(pc.a.Row(i)[l]) * float64(pc.b.Row(j)[l])
					exact += term
					size += math.Abs(term)
				}
				segments := (k + segment - 1) / segment
				n := float64(min(k, segment) + segments)
				gamma := n * 0x1p-24 / (1 - n*0x1p-24)
				bound := gamma*size + n*0x1p-150
				require.LessOrEqual(t, math.Abs(float64(c.Row(i)[j])-exact), bound, "k=%d", k)
			}
		}
	}
}

func TestProductPanics(t *testing.T) {
	h, ws := Default(), NewWorkspace()
	a, b, c := NewMatrix(4, 5), NewMatrix(5, 6), NewMatrix(4, 6)
	short := b
	short.Data = short.Data[:3]
	narrow := b
	narrow.Stride = 2
	huge := Matrix{Rows: math.MaxInt, Cols: 6, Stride: 6, Data: make([]float32, 6)}
	packed := (&handles[Generic]).Pack(NewVector(4096), NN, b)
	foreign := packed
	foreign.h = nil
	for name, f := range map[string]func(){
		argB.shape:     func() { h.MatMul(ws, NT, c, a, b, nil) },
		argC.shape:     func() { h.MatMul(ws, NN, NewMatrix(4, 7), a, b, nil) },
		argB.length:    func() { h.MatMul(ws, NN, c, a, short, nil) },
		argB.stride:    func() { h.MatMul(ws, NN, c, a, narrow, nil) },
		argA.stride:    func() { h.MatMul(ws, NN, c, huge, b, nil) },
		argA.dimension: func() { h.MatMul(ws, NN, c, Matrix{Rows: -1, Cols: 5}, b, nil) },
		argC.overlap:   func() { h.MatMul(ws, NN, a, a, NewMatrix(5, 5), nil) },
		badOp:          func() { h.MatMul(ws, Op(3), c, a, b, nil) },
		nilWork:        func() { h.MatMul(nil, NN, c, a, b, nil) },
		foreignPack:    func() { h.MatMulPacked(ws, NN, c, a, &foreign, nil) },
		argDst.length:  func() { h.Pack(nil, NN, b) },
		argDst.overlap: func() { h.Pack(b.Data, NN, Matrix{Rows: 1, Cols: 1, Stride: 1, Data: b.Data}) },
	} {
		require.PanicsWithValue(t, name, f)
	}
}

func TestProductAllocatesNothing(t *testing.T) {
	ws := NewWorkspace()
	for _, shape := range [][3]int{{40, 50, 60}, {1, 50, 140}, {5, 50, 60}, {40, 50, 10}} {
		m, k, n := shape[0], shape[1], shape[2]
		a, b, along, c := NewMatrix(m, k), NewMatrix(k, n), NewMatrix(n, k), NewMatrix(m, n)
		for _, h := range tiers(t) {
			packed := h.Pack(NewVector(h.PackedSize(k, n)), NN, b)
			e := Epilogue{Accumulate: true}
			require.Zero(t, testing.AllocsPerRun(10, func() {
				h.MatMul(ws, NN, c, a, b, nil)
				h.MatMul(ws, NT, c, a, along, nil)
				h.MatMulPacked(ws, NN, c, a, &packed, &e)
				h.MatMul(ws, NN, c, a, b, &Epilogue{Scale: 2})
			}), "%v %v", h.ISA(), shape)
		}
	}
}

func FuzzProduct(f *testing.F) {
	f.Add(uint64(1), uint8(0), uint16(7), uint16(9), uint16(33))
	f.Add(uint64(2), uint8(1), uint16(12), uint16(515), uint16(10))
	f.Add(uint64(3), uint8(2), uint16(200), uint16(3), uint16(64))
	f.Add(uint64(4), uint8(64), uint16(100), uint16(77), uint16(10))
	f.Add(uint64(5), uint8(128), uint16(1), uint16(77), uint16(200))
	f.Add(uint64(6), uint8(32), uint16(50), uint16(150), uint16(140))
	f.Add(uint64(7), uint8(33), uint16(50), uint16(40), uint16(140))
	ws := NewWorkspace()
	f.Fuzz(func(t *testing.T, seed uint64, op uint8, m, k, n uint16) {
		if op&64 != 0 {
			n %= 12
		}
		if op&128 != 0 {
			m %= 12
		}
		pc := newProductCase(rand.New(rand.NewPCG(seed, 0)), Op(op%3), int(m%260), int(k%600), int(n%560))
		if pc.m*pc.k*pc.n > 3_000_000 {
			t.Skip("too big for the portable path")
		}
		if op&32 != 0 && min(pc.m, pc.k, pc.n) > 0 {
			apart := rand.New(rand.NewPCG(seed, 2))
			if pc.op == TN {
				pc.a = farApart(apart, pc.a, int(seed%50))
			}
			pc.b = farApart(apart, pc.b, int(seed%60))
		}
		pc.variant(rand.New(rand.NewPCG(seed, 1)), int(op)/3)
		pc.check(t, ws)
	})
}
