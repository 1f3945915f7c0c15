package kernels

// tileCall is one call of a micro-kernel: strips of mr rows below each other,
// cols <= nr columns wide, k terms long. For each element of C it runs
//
//	z = init; for l = 0..k-1 ascending: z = fma(A[i*ars+l*acs], B[l*brs+j], z); C = z * scale
//
// B has nr readable columns. A nil init means +0.
type tileCall struct {
	mr, strips, cols, k int
	a                   []float32
	ars, acs            int
	b                   []float32
	brs                 int
	c                   []float32
	crs                 int
	init                []float32
	irs                 int
	scale               float32
}

func (t *tileCall) generic() {
	const nr = 16
	for i := range t.mr * t.strips {
		var z [nr]float32
		if t.init != nil {
			copy(z[:t.cols], t.init[i*t.irs:])
		}
		a := t.a[i*t.ars:]
		for l := range t.k {
			x := a[l*t.acs]
			b := t.b[l*t.brs:]
			for j := range t.cols {
				z[j] = fma(x, b[j], z[j])
			}
		}
		c := t.c[i*t.crs:]
		for j := range t.cols {
			c[j] = z[j] * t.scale
		}
	}
}
