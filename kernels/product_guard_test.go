//go:build darwin || linux

package kernels

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// guardedMatrix is a matrix whose data starts or ends at a page that faults.
func guardedMatrix(t testing.TB, r *rand.Rand, rows, cols int, atEnd bool) Matrix {
	m := Matrix{Rows: rows, Cols: cols, Stride: cols + 3}
	if rows > 0 && cols > 0 {
		m.Data = guarded(t, (rows-1)*m.Stride+cols, atEnd)
		fill(r, m.Data)
	}
	return m
}

// TestProductsStayInside puts all operands of products against pages that
// fault, at both ends, packed ones included.
func TestProductsStayInside(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	ws := NewWorkspace()
	for _, shape := range [][3]int{{1, 1, 1}, {3, 2, 7}, {6, 5, 16}, {7, 9, 17}, {12, 8, 32}, {13, 17, 33}, {25, 33, 47}, {2, 300, 9}, {1, 40, 130}, {3, 37, 67}, {10, 9, 33}, {40, 40, 10}, {33, 33, 9}, {64, 35, 3}} {
		m, k, n := shape[0], shape[1], shape[2]
		for _, atEnd := range []bool{false, true} {
			for _, op := range []Op{NN, NT, TN} {
				ar, ac, br, bc := m, k, k, n
				if op == TN {
					ar, ac = k, m
				}
				if op == NT {
					br, bc = n, k
				}
				a, b, c := guardedMatrix(t, r, ar, ac, atEnd), guardedMatrix(t, r, br, bc, atEnd), guardedMatrix(t, r, m, n, atEnd)
				bias, latent, slope := guarded(t, n, atEnd), guardedMatrix(t, r, m, n, atEnd), guardedMatrix(t, r, m, n, atEnd)
				for _, h := range tiers(t) {
					require.NoError(t, faultOf(func() {
						packed := h.Pack(guarded(t, h.PackedSize(k, n), atEnd), op, b)
						for _, e := range []*Epilogue{
							nil, {Accumulate: true}, {Bias: bias, Kind: Activate, Act: GELU, Slope: slope},
							{Kind: PredictionError, Act: Tanh, Latent: latent, ErrorSlope: slope, Coeff: 1},
							{Kind: LatentUpdate, Latent: latent, Error: slope, Rate: 0.1},
						} {
							h.MatMul(ws, op, c, a, b, e)
							h.MatMulPacked(ws, op, c, a, &packed, e)
						}
					}), "%v %v %v at end %v", h.ISA(), op, shape, atEnd)
				}
			}
		}
	}
}

// TestPackingStaysInside packs panels of every width, whole and in part, from
// and to memory against pages that fault.
func TestPackingStaysInside(t *testing.T) {
	r := rand.New(rand.NewPCG(37, 38))
	for _, k := range []int{1, 3, 8, 13} {
		for cols := 1; cols <= 33; cols++ {
			for _, atEnd := range []bool{false, true} {
				strip, strips := guarded(t, k*cols+15, atEnd), guarded(t, (k+stripGap)*cols, atEnd)
				rows, along := guardedMatrix(t, r, k, cols, atEnd), guardedMatrix(t, r, cols, k, atEnd)
				for _, h := range tiers(t) {
					dst, wide := guarded(t, h.PackedSize(k, cols), atEnd), guarded(t, 2*k*h.PanelColumns(), atEnd)
					require.NoError(t, faultOf(func() {
						h.Pack(dst, NN, rows)
						h.Pack(dst, NT, along)
						if cols <= h.g.tall {
							h.packStrip(strip, rows.Data, rows.Stride, k, cols)
						}
						if mr := cols / 4; cols%4 == 0 && mr >= 3 {
							h.packFourStrips(strips, mr*(k+stripGap), rows.Data, rows.Stride, k, mr)
						}
						if cols <= 2*h.PanelColumns() {
							h.packWide(wide, rows.Data, rows.Stride, k, cols, 2*h.PanelColumns())
						}
					}), "%v %dx%d at end %v", h.ISA(), k, cols, atEnd)
				}
			}
		}
	}
}

// TestConvolutionsStayInside does the same for the directions of convolutions.
func TestConvolutionsStayInside(t *testing.T) {
	r := rand.New(rand.NewPCG(33, 34))
	ws := NewWorkspace()
	for _, s := range []ConvShape{
		{Height: 4, Width: 5, In: 3, Out: 9, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1},
		{Height: 9, Width: 9, In: 17, Out: 33, KernelHeight: 3, KernelWidth: 3, Stride: 2, Padding: 1},
		{Height: 3, Width: 3, In: 8, Out: 16, KernelHeight: 1, KernelWidth: 1, Stride: 2, Padding: 0},
		{Height: 3, Width: 9, In: 8, Out: 5, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1},
		{Height: 4, Width: 4, In: 1, Out: 32, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1},
		{Height: 8, Width: 8, In: 48, Out: 19, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 0},
	} {
		for _, atEnd := range []bool{false, true} {
			const batch = 7
			x, u := guardedMatrix(t, r, batch, s.Inputs(), atEnd), guardedMatrix(t, r, batch, s.Outputs(), atEnd)
			w, dw, partial := guardedMatrix(t, r, s.Out, s.Taps(), atEnd), guardedMatrix(t, r, s.Out, s.Taps(), atEnd), guardedMatrix(t, r, s.Out, s.Taps(), atEnd)
			e, dx, bias := guardedMatrix(t, r, batch, s.Outputs(), atEnd), guardedMatrix(t, r, batch, s.Inputs(), atEnd), guarded(t, s.Out, atEnd)
			for _, h := range tiers(t) {
				conv := h.NewConv(s)
				require.NoError(t, faultOf(func() {
					forward := conv.Pack(guarded(t, conv.PackedSize(), atEnd), w)
					feedback := conv.PackFeedback(guarded(t, conv.PackedFeedbackSize(), atEnd), w)
					conv.Predict(ws, u, x, &forward, &Epilogue{Bias: bias, Kind: Activate, Act: ReLU})
					conv.Feedback(ws, dx, e, &feedback, nil)
					conv.WeightGradient(ws, dw, partial, e, x, 0, s.Out, 0.5)
					conv.BiasGradient(bias, e, 0, s.Out, 0.5)
				}), "%v %+v at end %v", h.ISA(), s, atEnd)
			}
		}
	}
}

// TestProductGuardsFault is the control: one element beyond faults.
func TestProductGuardsFault(t *testing.T) {
	r := rand.New(rand.NewPCG(35, 36))
	m := guardedMatrix(t, r, 2, 16, true)
	call := tileCall{mr: 2, strips: 2, cols: 16, parts: []chainPart{{k: 1}}, a: NewVector(64), ars: 1, acs: 1,
		b: NewVector(64), brs: 16, c: m.Data, crs: m.Stride, scale: 1}
	for _, h := range tiers(t) {
		require.Error(t, faultOf(func() { h.tile(&call) }), h.ISA())
	}
}
