package kernels

// tileCall is one call of a micro-kernel: strips of mr rows below each other,
// cols <= nr columns wide. Each element of C is one chain through all parts:
//
//	z = init
//	for each part, for l = 0..part.k-1: z = fma(A[part.a + i*ars + l*acs], B[part.b + l*brs + j/nr*bps + j%nr], z)
//	C = z * scale
//
// From strip to strip of A it is step. B has nr readable columns in each panel that it reaches into; panels are bps
// apart, and nr if B is in one piece. A nil init means +0. The micro-kernels read this
// struct and chainPart.
type tileCall struct {
	mr, strips, cols int
	parts            []chainPart // at least one, none empty
	a                []float32
	ars, acs, step   int
	b                []float32
	brs, bps         int
	c                []float32
	crs              int
	init             []float32
	irs              int
	scale            float32
}

// A chainPart is a stretch of a chain along which A and B advance evenly.
type chainPart struct {
	a, b int // where it starts
	k    int // its terms
}

func (t *tileCall) generic() {
	const widest = 32
	nr := tiles[Generic].nr
	for i := range t.mr * t.strips {
		var z [widest]float32
		if t.init != nil {
			copy(z[:t.cols], t.init[i*t.irs:])
		}
		for _, part := range t.parts {
			a := t.a[i/t.mr*t.step+i%t.mr*t.ars+part.a:]
			for j := 0; j < t.cols; j += nr {
				b := t.b[part.b+j/nr*t.bps:]
				for l := range part.k {
					fmaRow(z[j:min(j+nr, t.cols)], a[l*t.acs], b[l*t.brs:])
				}
			}
		}
		c := t.c[i*t.crs:]
		for j := range t.cols {
			c[j] = z[j] * t.scale
		}
	}
}
