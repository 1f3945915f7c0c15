package kernels

// dotsCall is one call of a kernel for products whose B runs along k in memory:
// the dot products of mr rows of A with sets x dotsLanes rows of B. Each element
// of C is one chain:
//
//	z = init
//	for l = 0..k-1: z = fma(A[i*ars + l*acs], B[j*brs + l], z)
//	C[i*crs + j] = z
//
// A nil init means +0. If there is a panel, sets is 2 at most, acs is 1 and B is
// left in the panel, in rows of two sets: panel[l*nr + j] = B[j*brs + l]. The
// kernels read this struct.
type dotsCall struct {
	mr, sets, k int
	a           []float32
	ars, acs    int
	b           []float32
	brs         int
	c           []float32
	crs         int
	init        []float32
	irs         int
	panel       []float32
}

// mostDots is the most rows of A that a dotsCall may have, leastPacking the fewest
// if it has a panel.
const (
	mostDots     = 10
	leastPacking = mostDots/2 + 1
)

func (t *dotsCall) generic(lanes int) {
	for i := range t.mr {
		for j := range t.sets * lanes {
			var z float32
			if t.init != nil {
				z = t.init[i*t.irs+j]
			}
			for l := range t.k {
				z = fma(t.a[i*t.ars+l*t.acs], t.b[j*t.brs+l], z)
			}
			t.c[i*t.crs+j] = z
		}
	}
	for l := range t.k {
		for j := 0; t.panel != nil && j < t.sets*lanes; j++ {
			t.panel[l*2*lanes+j] = t.b[j*t.brs+l]
		}
	}
}
