package kernels

// Descriptions of one call of an element-wise kernel: rows x cols elements of
// several matrices, each with its own row stride. The assembly reads the same
// structs (its generators take the offsets from here); a nil slice is an absent
// matrix.

// activationBlock computes dst = f(src) and slope = f'(src). Dst or slope may
// be nil.
type activationBlock struct {
	act         Activation
	rows, cols  int
	src         []float32
	srcStride   int
	dst         []float32
	dstStride   int
	slope       []float32
	slopeStride int
}

func (b *activationBlock) generic() {
	for i := range b.rows {
		src := b.src[i*b.srcStride:][:b.cols]
		dst, slope := row(b.dst, i, b.dstStride, b.cols), row(b.slope, i, b.slopeStride, b.cols)
		for j, x := range src {
			y, s := evaluate(b.act, x)
			if dst != nil {
				dst[j] = y
			}
			if slope != nil {
				slope[j] = s
			}
		}
	}
}

// expBlock computes dst = exp(src).
type expBlock struct {
	rows, cols int
	src        []float32
	srcStride  int
	dst        []float32
	dstStride  int
}

func (b *expBlock) generic() {
	for i := range b.rows {
		dst := b.dst[i*b.dstStride:][:b.cols]
		for j, x := range b.src[i*b.srcStride:][:b.cols] {
			dst[j] = exp(x)
		}
	}
}

// errorBlock computes z = coeff (latent - f(z)) and slope = that times f'(z).
// Slope may be nil.
type errorBlock struct {
	act          Activation
	rows, cols   int
	z            []float32
	zStride      int
	latent       []float32
	latentStride int
	slope        []float32
	slopeStride  int
	coeff        float32
}

func (b *errorBlock) generic() {
	for i := range b.rows {
		z, latent := b.z[i*b.zStride:][:b.cols], b.latent[i*b.latentStride:][:b.cols]
		slope := row(b.slope, i, b.slopeStride, b.cols)
		for j, h := range latent {
			u, s := evaluate(b.act, z[j])
			e := b.coeff * float32(h-u)
			z[j] = e
			if slope != nil {
				slope[j] = e * s
			}
		}
	}
}

// latentBlock moves latents by their gradient, as LatentUpdate says. Err,
// prior, velocity and start may be nil.
type latentBlock struct {
	rows, cols     int
	z              []float32
	zStride        int
	err            []float32
	errStride      int
	prior          []float32
	priorStride    int
	velocity       []float32
	velocityStride int
	latent         []float32
	latentStride   int
	start          []float32
	startStride    int
	minusRate      float32
	momentum       float32
	nesterov       bool
}

func (b *latentBlock) generic() {
	for i := range b.rows {
		z, latent := b.z[i*b.zStride:][:b.cols], b.latent[i*b.latentStride:][:b.cols]
		err, prior := row(b.err, i, b.errStride, b.cols), row(b.prior, i, b.priorStride, b.cols)
		velocity := row(b.velocity, i, b.velocityStride, b.cols)
		start := row(b.start, i, b.startStride, b.cols)
		for j, f := range z {
			h, v, g := latent[j], float32(0), float32(0)
			if start != nil {
				h = start[j]
			} else if velocity != nil {
				v = velocity[j]
			}
			if prior != nil {
				f = prior[j] + f
			}
			if err != nil {
				g = err[j]
			}
			g -= f
			d := g
			if velocity != nil {
				d = fma(b.momentum, v, g)
				velocity[j] = d
				if b.nesterov {
					d = fma(b.momentum, d, g)
				}
			}
			latent[j] = fma(b.minusRate, d, h)
		}
	}
}

// fits panics unless a block lies within its slice (nil is an absent one),
// which assembly relies on. Arguments have been checked before; this catches
// mistakes between there and here.
func fits(x []float32, rows, stride, cols int) {
	if x != nil {
		_ = x[(rows-1)*stride+cols-1]
	}
}

func (b *activationBlock) fits() {
	fits(b.src, b.rows, b.srcStride, b.cols)
	fits(b.dst, b.rows, b.dstStride, b.cols)
	fits(b.slope, b.rows, b.slopeStride, b.cols)
}

func (b *expBlock) fits() {
	fits(b.src, b.rows, b.srcStride, b.cols)
	fits(b.dst, b.rows, b.dstStride, b.cols)
}

func (b *errorBlock) fits() {
	fits(b.z, b.rows, b.zStride, b.cols)
	fits(b.latent, b.rows, b.latentStride, b.cols)
	fits(b.slope, b.rows, b.slopeStride, b.cols)
}

func (b *latentBlock) fits() {
	fits(b.z, b.rows, b.zStride, b.cols)
	fits(b.err, b.rows, b.errStride, b.cols)
	fits(b.prior, b.rows, b.priorStride, b.cols)
	fits(b.velocity, b.rows, b.velocityStride, b.cols)
	fits(b.latent, b.rows, b.latentStride, b.cols)
	fits(b.start, b.rows, b.startStride, b.cols)
}

// row returns row i of a block, or nil of an absent one.
func row(x []float32, i, stride, cols int) []float32 {
	if x == nil {
		return nil
	}
	return x[i*stride:][:cols]
}
