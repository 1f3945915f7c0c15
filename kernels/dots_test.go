package kernels

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// newDotsCall makes a call whose operands have odd strides and whose result
// lies among canaries.
func newDotsCall(r *rand.Rand, mr, rows, k int, acrossA, withInit bool) dotsCall {
	a, b, c, init := oddMatrix(r, mr, k), oddMatrix(r, rows, k), oddMatrix(r, mr, rows), oddMatrix(r, mr, rows)
	t := dotsCall{mr: mr, k: k, a: a.Data, ars: a.Stride, acs: 1, b: b.Data, brs: b.Stride, c: c.Data, crs: c.Stride}
	if acrossA {
		a = oddMatrix(r, k, mr)
		t.a, t.ars, t.acs = a.Data, 1, a.Stride
	}
	if withInit {
		t.init, t.irs = init.Data, init.Stride
	}
	return t
}

// Every kernel gives the bits of the chains that dotsCall describes.
func TestDots(t *testing.T) {
	r := rand.New(rand.NewPCG(71, 72))
	for _, h := range tiers(t) {
		for mr := 1; mr <= mostDots; mr++ {
			lanes := h.dotsLanes(mr)
			for _, k := range []int{1, 2, 3, 4, 5, 7, 8, 31, 64} {
				for _, sets := range []int{1, 2, 3} {
					for variant := range 4 {
						call := newDotsCall(r, mr, sets*lanes, k, variant%2 == 0, variant/2 == 0)
						call.sets = sets
						want, got := call, call
						want.c, got.c = append([]float32(nil), call.c...), append([]float32(nil), call.c...)
						want.generic(lanes)
						h.dots(&got)
						require.NoError(t, sameBits(want.c, got.c), "%v %d rows, %d sets, k %d, variant %d", h.ISA(), mr, sets, k, variant)
					}
				}
			}
		}
	}
}

// TestDotsPack does the same for kernels that pack, and looks at the panel and
// behind it.
func TestDotsPack(t *testing.T) {
	r := rand.New(rand.NewPCG(75, 76))
	for _, h := range tiers(t) {
		lanes := h.packLanes()
		for mr := leastPacking; mr <= mostDots; mr++ {
			for _, k := range []int{1, 2, 3, 4, 5, 7, 8, 31, 64} {
				for sets := 1; sets <= 2; sets++ {
					for variant := range 2 {
						call := newDotsCall(r, mr, sets*lanes, k, false, variant == 0)
						call.sets, call.panel = sets, NewVector(2*k*lanes+64)
						fill(r, call.panel)
						want, got := call, call
						want.c, got.c = append([]float32(nil), call.c...), append([]float32(nil), call.c...)
						want.panel, got.panel = append([]float32(nil), call.panel...), append([]float32(nil), call.panel...)
						want.generic(lanes)
						h.dotsPack(&got)
						require.NoError(t, sameBits(want.c, got.c), "%v %d rows, k %d, %d sets, variant %d", h.ISA(), mr, k, sets, variant)
						require.NoError(t, sameBits(want.panel, got.panel), "%v %d rows, k %d, %d sets, variant %d", h.ISA(), mr, k, sets, variant)
						for j := range lanes {
							require.Equal(t, call.b[j*call.brs+k-1], got.panel[(k-1)*2*lanes+j])
						}
					}
				}
			}
		}
	}
}

// The comparison must notice terms in another order.
func TestDotsNegativeControl(t *testing.T) {
	call := newDotsCall(rand.New(rand.NewPCG(73, 74)), 2, 8, 40, false, false)
	call.sets = 1
	reversed := call
	reversed.a, reversed.b = append([]float32(nil), call.a...), append([]float32(nil), call.b...)
	for l := range call.k {
		for i := range call.mr {
			reversed.a[i*call.ars+l] = call.a[i*call.ars+call.k-1-l]
		}
		for j := range 8 {
			reversed.b[j*call.brs+l] = call.b[j*call.brs+call.k-1-l]
		}
	}
	call.generic(8)
	want := append([]float32(nil), call.c...)
	reversed.generic(8)
	require.Error(t, sameBits(want, reversed.c))
}
