package kernels

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// packCase is one panel to be packed. The source lies in the middle of
// canaries, which must not get into the panel.
type packCase struct {
	src     Matrix
	k, cols int
}

func newPackCase(r *rand.Rand, transposed bool, k, cols int) packCase {
	if transposed {
		return packCase{oddMatrix(r, cols, k), k, cols}
	}
	return packCase{oddMatrix(r, k, cols), k, cols}
}

// panelOf packs with one of the functions into memory that holds something
// else.
func (pc *packCase) panelOf(width int, pack func(dst []float32)) []float32 {
	dst := NewVector(pc.k*width + 8)
	for i := range dst {
		dst[i] = canary
	}
	pack(dst[:pc.k*width])
	return dst
}

// Every number of columns and rows gives the panel of portable Go, with zeros
// in the columns that are missing, and nothing behind it.
func TestPackedPanels(t *testing.T) {
	r := rand.New(rand.NewPCG(61, 62))
	for _, h := range tiers(t) {
		nr := h.PanelColumns()
		for _, k := range []int{1, 2, 7, 8, 9, 16, 23, 40} {
			for cols := 1; cols <= 2*nr; cols++ {
				for _, transposed := range []bool{false, true} {
					pc := newPackCase(r, transposed, k, cols)
					src, ld := pc.src.Data, pc.src.Stride
					if cols <= nr {
						want := pc.panelOf(nr, func(dst []float32) { packPanelGeneric(dst, src, ld, transposed, k, cols, nr) })
						got := pc.panelOf(nr, func(dst []float32) { h.packPanel(dst, src, ld, transposed, k, cols) })
						require.NoError(t, sameBits(want, got), "%v %v %dx%d", h.ISA(), transposed, k, cols)
					}
					if !transposed {
						want := pc.panelOf(2*nr, func(dst []float32) { packPanelGeneric(dst, src, ld, false, k, cols, 2*nr) })
						got := pc.panelOf(2*nr, func(dst []float32) { h.packWide(dst, src, ld, k, cols, 2*nr) })
						require.NoError(t, sameBits(want, got), "%v wide %dx%d", h.ISA(), k, cols)
					}
				}
			}
		}
	}
}

// A panel longer than one assembly call is one panel.
func TestPackedPanelsOfManyRows(t *testing.T) {
	r := rand.New(rand.NewPCG(63, 64))
	const k = 2*packRowsOfCall + 5
	for _, h := range tiers(t) {
		nr := h.PanelColumns()
		for _, transposed := range []bool{false, true} {
			pc := newPackCase(r, transposed, k, 3)
			want := pc.panelOf(nr, func(dst []float32) { packPanelGeneric(dst, pc.src.Data, pc.src.Stride, transposed, k, 3, nr) })
			got := pc.panelOf(nr, func(dst []float32) { h.packPanel(dst, pc.src.Data, pc.src.Stride, transposed, k, 3) })
			require.NoError(t, sameBits(want, got), "%v %v", h.ISA(), transposed)
		}
	}
}

// Runs of rows lie behind each other in the panel, in their order.
func TestPackedRuns(t *testing.T) {
	r := rand.New(rand.NewPCG(65, 66))
	for _, h := range tiers(t) {
		nr := h.PanelColumns()
		for cols := 1; cols <= nr; cols++ {
			src := oddMatrix(r, 20, cols)
			runs := []chainPart{{a: 3 * src.Stride, k: 4}, {a: 0, k: 1}, {a: 11 * src.Stride, k: 9}}
			pc := packCase{src, 14, cols}
			want := pc.panelOf(nr, func(dst []float32) {
				for _, run := range runs {
					packPanelGeneric(dst, src.Data[run.a:], src.Stride, false, run.k, cols, nr)
					dst = dst[run.k*nr:]
				}
			})
			got := pc.panelOf(nr, func(dst []float32) { h.packRuns(dst, src.Data, runs, src.Stride, cols) })
			require.NoError(t, sameBits(want, got), "%v %d columns", h.ISA(), cols)
		}
	}
}

// The comparison must notice a column that was left out.
func TestPackedPanelsNegativeControl(t *testing.T) {
	pc := newPackCase(rand.New(rand.NewPCG(67, 68)), false, 3, 5)
	all := pc.panelOf(16, func(dst []float32) { packPanelGeneric(dst, pc.src.Data, pc.src.Stride, false, 3, 5, 16) })
	fewer := pc.panelOf(16, func(dst []float32) { packPanelGeneric(dst, pc.src.Data, pc.src.Stride, false, 3, 4, 16) })
	require.Error(t, sameBits(all, fewer))
}

// Strips of a transposed A lie term by term without gaps, and may be written a
// little over their end.
func TestPackedStrips(t *testing.T) {
	r := rand.New(rand.NewPCG(69, 70))
	for _, h := range tiers(t) {
		for mr := 1; mr <= h.g.tall; mr++ {
			for _, k := range []int{1, 3, 4, 5, 8, 19} {
				src := oddMatrix(r, k, mr)
				want, got := NewVector(k*mr+16), NewVector(k*mr+16)
				packStripGeneric(want, src.Data, src.Stride, k, mr)
				h.packStrip(got, src.Data, src.Stride, k, mr)
				require.NoError(t, sameBits(want[:k*mr], got[:k*mr]), "%v %d rows, k %d", h.ISA(), mr, k)

				if mr < 3 || mr > 8 { // none is copied with three others
					continue
				}
				four, step := oddMatrix(r, k, 4*mr), mr*(k+stripGap)
				want, got = NewVector(4*step), NewVector(4*step)
				packFourStripsGeneric(want, step, four.Data, four.Stride, k, mr)
				h.packFourStrips(got, step, four.Data, four.Stride, k, mr)
				for i := range 4 {
					require.NoError(t, sameBits(want[i*step:i*step+k*mr], got[i*step:i*step+k*mr]), "%v strip %d of %d rows, k %d", h.ISA(), i, mr, k)
				}
			}
		}
	}
}
