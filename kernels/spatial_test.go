package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// A spatialKernel is one method on images under test, in a form that all of
// them share: it gets matrices, one letter of kinds each, and winners, and
// writes some of them.
//
//	i  an image a sample: batch x Inputs
//	p  a pooled image a sample: batch x Outputs
//	c  a number a sample and channel: batch x Channels
//	v  a number a channel: one row
type spatialKernel struct {
	name     string
	group    string // for fuzzing
	kinds    string
	winners  byte     // 'r' if it reads winners, 'w' if it writes them
	outputs  []int    // the matrices it writes
	overlays [][2]int // an output and what it may be exactly the same as
	run      func(h *Handle, c *spatialCase)
}

// spatialCase is what a kernel gets.
type spatialCase struct {
	shape   PoolShape
	m       []Matrix
	winners Winners
}

func (c *spatialCase) vector(i int) []float32 { return c.m[i].Row(0) }

// normalisation takes four vectors from number i on.
func (c *spatialCase) normalisation(i int) Normalisation {
	return Normalisation{Mean: c.vector(i), Inv: c.vector(i + 1), Gamma: c.vector(i + 2), Beta: c.vector(i + 3)}
}

func spatialKernels() []spatialKernel { return append(poolKernels(), batchNormKernels()...) }

func poolKernels() []spatialKernel {
	var none Matrix
	return []spatialKernel{
		{name: "max-pool", group: "pool", kinds: "pi", outputs: []int{0}, run: func(h *Handle, c *spatialCase) {
			h.MaxPool(c.shape, c.m[0], Winners{}, none, c.m[1], none)
		}},
		{name: "max-pool-winners", group: "pool", kinds: "pi", winners: 'w', outputs: []int{0}, run: func(h *Handle, c *spatialCase) {
			h.MaxPool(c.shape, c.m[0], c.winners, none, c.m[1], none)
		}},
		{name: "max-pool-slope", group: "pool", kinds: "ppii", outputs: []int{0, 1}, run: func(h *Handle, c *spatialCase) {
			h.MaxPool(c.shape, c.m[0], Winners{}, c.m[1], c.m[2], c.m[3])
		}},
		{name: "max-pool-both", group: "pool", kinds: "ppii", winners: 'w', outputs: []int{0, 1}, run: func(h *Handle, c *spatialCase) {
			h.MaxPool(c.shape, c.m[0], c.winners, c.m[1], c.m[2], c.m[3])
		}},
		{name: "unpool", group: "pool", kinds: "ip", winners: 'r', outputs: []int{0}, run: func(h *Handle, c *spatialCase) {
			h.Unpool(c.shape, c.m[0], c.m[1], c.winners, none)
		}},
		{name: "unpool-slope", group: "pool", kinds: "ipi", winners: 'r', outputs: []int{0}, overlays: [][2]int{{0, 2}},
			run: func(h *Handle, c *spatialCase) { h.Unpool(c.shape, c.m[0], c.m[1], c.winners, c.m[2]) }},
		{name: "pool-error", group: "pool", kinds: "pipi", outputs: []int{0, 1}, overlays: [][2]int{{0, 2}, {1, 3}},
			run: func(h *Handle, c *spatialCase) { h.PoolError(c.shape, 0.3, c.m[0], c.m[1], c.m[2], c.m[3], none) }},
		{name: "pool-error-slope", group: "pool", kinds: "pipii", outputs: []int{0, 1}, overlays: [][2]int{{0, 2}, {1, 3}, {1, 4}},
			run: func(h *Handle, c *spatialCase) { h.PoolError(c.shape, 0.3, c.m[0], c.m[1], c.m[2], c.m[3], c.m[4]) }},
		{name: "average-pool", group: "pool", kinds: "ci", outputs: []int{0}, run: func(h *Handle, c *spatialCase) {
			h.AveragePool(c.m[0], c.m[1], 0.1)
		}},
		{name: "average-pool-feedback", group: "pool", kinds: "ic", outputs: []int{0}, run: func(h *Handle, c *spatialCase) {
			h.AveragePoolFeedback(c.m[0], c.m[1], 0.1, none)
		}},
		{name: "average-pool-feedback-slope", group: "pool", kinds: "ici", outputs: []int{0}, overlays: [][2]int{{0, 2}},
			run: func(h *Handle, c *spatialCase) { h.AveragePoolFeedback(c.m[0], c.m[1], 0.1, c.m[2]) }},
	}
}

func batchNormKernels() []spatialKernel {
	var none Matrix
	list := []spatialKernel{
		{name: "sum-positions", kinds: "ci", outputs: []int{0}, run: func(h *Handle, c *spatialCase) { h.SumPositions(c.m[0], c.m[1]) }},
		{name: "sum-squares", kinds: "civ", outputs: []int{0}, run: func(h *Handle, c *spatialCase) {
			h.SumSquares(c.m[0], c.m[1], c.vector(2))
		}},
		{name: "sum-gradients", kinds: "cciivv", outputs: []int{0, 1}, run: func(h *Handle, c *spatialCase) {
			h.SumGradients(c.m[0], c.m[1], c.m[2], c.m[3], &Normalisation{Mean: c.vector(4), Inv: c.vector(5)})
		}},
		{name: "normalise", kinds: "iivvvv", outputs: []int{0}, overlays: [][2]int{{0, 1}}, run: func(h *Handle, c *spatialCase) {
			n := c.normalisation(2)
			h.Normalise(c.m[0], c.m[1], &n)
		}},
		{name: "feedback-factors", kinds: "vvvvvvvvvv", outputs: []int{0, 1, 2}, run: func(_ *Handle, c *spatialCase) {
			f := FeedbackFactors{c.vector(0), c.vector(1), c.vector(2)}
			n := c.normalisation(3)
			f.Set(&n, c.vector(7), c.vector(8), c.vector(9), 0.02, 0.1)
		}},
		{name: "normalise-feedback", kinds: "iiivvvvvvv", outputs: []int{0}, overlays: [][2]int{{0, 1}, {0, 2}},
			run: func(h *Handle, c *spatialCase) {
				n := c.normalisation(3)
				h.NormaliseFeedback(c.m[0], c.m[1], c.m[2], &n, &FeedbackFactors{c.vector(7), c.vector(8), c.vector(9)})
			}},
	}
	for _, act := range []Activation{Identity, ReLU, GELU} {
		list = append(list, spatialKernel{
			name: "normalise-" + act.String(), kinds: "iivvvv", outputs: []int{0}, overlays: [][2]int{{0, 1}},
			run: func(h *Handle, c *spatialCase) {
				n := c.normalisation(2)
				h.NormaliseActivate(act, c.m[0], none, c.m[1], &n)
			},
		}, spatialKernel{
			name: "normalise-" + act.String() + "-slope", kinds: "iiivvvv", outputs: []int{0, 1}, overlays: [][2]int{{0, 2}},
			run: func(h *Handle, c *spatialCase) {
				n := c.normalisation(3)
				h.NormaliseActivate(act, c.m[0], c.m[1], c.m[2], &n)
			},
		}, spatialKernel{
			name: "normalise-error-" + act.String(), kinds: "iiivvvv", outputs: []int{0}, overlays: [][2]int{{0, 2}},
			run: func(h *Handle, c *spatialCase) {
				n := c.normalisation(3)
				h.NormaliseError(act, 0.3, c.m[0], none, c.m[1], c.m[2], &n)
			},
		}, spatialKernel{
			name: "normalise-error-" + act.String() + "-slope", kinds: "iiiivvvv", outputs: []int{0, 1}, overlays: [][2]int{{0, 3}, {1, 2}},
			run: func(h *Handle, c *spatialCase) {
				n := c.normalisation(4)
				h.NormaliseError(act, 0.3, c.m[0], c.m[1], c.m[2], c.m[3], &n)
			},
		})
	}
	for i := range list {
		list[i].group = "batchnorm"
	}
	return list
}

// size returns the rows and columns of a matrix of a kind.
func (s PoolShape) size(kind byte, batch int) (rows, cols int) {
	switch kind {
	case 'i':
		return batch, s.Inputs()
	case 'p':
		return batch, s.Outputs()
	case 'c':
		return batch, s.Channels
	default:
		return 1, s.Channels
	}
}

// gapWinner fills memory between winners.
const gapWinner = 0xcc

// newSpatialCase makes arguments with odd strides and starts. Every fourth
// number equals its neighbour, so that windows have ties; now and then a winner
// is none.
func newSpatialCase(r *rand.Rand, k *spatialKernel, shape PoolShape, batch int, fill func(*rand.Rand, []float32)) *spatialCase {
	c := &spatialCase{shape: shape}
	for i := range k.kinds {
		rows, cols := shape.size(k.kinds[i], batch)
		m := oddMatrix(r, rows, cols)
		for row := range rows {
			x := m.rowFrom(row)
			fill(r, x)
			for j := shape.Channels; j < len(x); j++ {
				if r.IntN(4) == 0 {
					x[j] = x[j-shape.Channels]
				}
			}
		}
		c.m = append(c.m, m)
	}
	rows, cols := shape.size('p', batch)
	stride, skip := cols+1+r.IntN(5), r.IntN(4)
	w := Winners{Rows: rows, Cols: cols, Data: make([]uint8, skip+rows*stride+8)[skip:], Stride: stride}
	for i := range w.Data {
		w.Data[i] = gapWinner
		if i/stride < rows && i%stride < cols {
			if w.Data[i] = uint8(r.IntN(4)); r.IntN(50) == 0 {
				w.Data[i] = uint8(r.IntN(256))
			}
		}
	}
	c.winners = w
	return c
}

func (c *spatialCase) clone() *spatialCase {
	d := *c
	d.m = nil
	for _, m := range c.m {
		d.m = append(d.m, clone(m))
	}
	d.winners.Data = append([]uint8(nil), c.winners.Data...)
	return &d
}

func (k *spatialKernel) runCopy(h *Handle, c *spatialCase) *spatialCase {
	d := c.clone()
	k.run(h, d)
	return d
}

func (c *spatialCase) same(other *spatialCase) error {
	for i := range c.m {
		if err := sameBits(c.m[i].Data, other.m[i].Data); err != nil {
			return fmt.Errorf("matrix %d: %w", i, err)
		}
	}
	for i, w := range c.winners.Data {
		if other.winners.Data[i] != w {
			return fmt.Errorf("winner %d: %d, want %d", i, other.winners.Data[i], w)
		}
	}
	return nil
}

// requireGaps looks for writes between and behind the rows.
func (c *spatialCase) requireGaps(t *testing.T, name string) {
	t.Helper()
	for i := range c.m {
		requireCanaries(t, &c.m[i], name, [2]int{c.m[i].Rows, c.m[i].Cols}, i)
	}
	for i, w := range c.winners.Data {
		if i/c.winners.Stride >= c.winners.Rows || i%c.winners.Stride >= c.winners.Cols {
			require.EqualValues(t, gapWinner, w, "%s: gap of winners at %d", name, i)
		}
	}
}

// spatialShapes are images of all small numbers of channels, and some that one
// call cannot do.
func spatialShapes() (list []PoolShape) {
	sizes := [][2]int{{1, 1}, {2, 2}, {3, 3}, {4, 6}, {5, 4}, {1, 4}, {4, 1}, {2, 7}}
	for c := 1; c <= 70; c++ {
		for i, size := range sizes {
			if (c+i)%4 == 0 && !testing.Short() || c%24 == i {
				list = append(list, PoolShape{size[0], size[1], c})
			}
		}
	}
	return append(list, PoolShape{3, 5, poolFloats + 3}, PoolShape{2, 2, blockFloats + 5}, PoolShape{5, 601, 7}, PoolShape{33, 34, 20})
}

// Every tier gives the bits of portable Go and touches nothing between and
// behind the rows.
func TestSpatialKernelsSameBits(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	for _, k := range spatialKernels() {
		for i, shape := range spatialShapes() {
			c := newSpatialCase(r, &k, shape, i%4, hardFill)
			want := k.runCopy(&handles[Generic], c)
			want.requireGaps(t, fmt.Sprintf("%s %v", k.name, shape))
			for _, h := range tiers(t)[1:] {
				require.NoError(t, want.same(k.runCopy(h, c)), "%v %s %v", h.ISA(), k.name, shape)
			}
		}
	}
}

// The comparison must notice one changed bit, one changed canary and one other
// winner.
func TestSpatialKernelsNegativeControl(t *testing.T) {
	r := rand.New(rand.NewPCG(43, 44))
	k := poolKernels()[3]
	c := newSpatialCase(r, &k, PoolShape{4, 5, 9}, 2, fill)
	want := k.runCopy(&handles[Generic], c)
	for _, at := range []int{0, 30, len(c.m[0].Data) - 1} {
		got := k.runCopy(&handles[Generic], c)
		x := &got.m[0].Data[at]
		*x = math.Float32frombits(math.Float32bits(*x) ^ 1)
		require.Error(t, want.same(got))
	}
	got := k.runCopy(&handles[Generic], c)
	got.winners.Data[7] ^= 1
	require.Error(t, want.same(got))
}

func TestSpatialKernelsAllocateNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(45, 46))
	for _, h := range tiers(t) {
		for _, k := range spatialKernels() {
			c := newSpatialCase(r, &k, PoolShape{3, 5, 19}, 2, fill)
			require.Zero(t, testing.AllocsPerRun(10, func() { k.run(h, c) }), "%v %s", h.ISA(), k.name)
		}
	}
}
