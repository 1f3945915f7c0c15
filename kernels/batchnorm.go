package kernels

var (
	vecMean  = vectorMessagesFor("mean")
	vecInv   = vectorMessagesFor("inv")
	vecGamma = vectorMessagesFor("gamma")
	vecBeta  = vectorMessagesFor("beta")
)

// Normalisation is what batch normalisation does to a channel, one element of
// each vector a channel:
//
//	xhat = (x - mean) inv
//	y    = fma(gamma, xhat, beta)
//
// with one rounding an operation. Inv is 1/sqrt(variance + eps), see
// [InverseDeviation]. Mean and variance are those of the batch, running ones in
// evaluation, or a blend of both.
type Normalisation struct {
	Mean, Inv, Gamma, Beta []float32
}

// channels checks the vectors and returns how many channels they have.
func (n *Normalisation) channels() int {
	c := len(n.Mean)
	checkLength(n.Inv, c, &vecInv)
	checkLength(n.Gamma, c, &vecGamma)
	checkLength(n.Beta, c, &vecBeta)
	return c
}

// checkApartFrom panics if an output meets a vector.
func (n *Normalisation) checkApartFrom(out *Matrix) {
	checkApart(out.used(), n.Mean, &vecMean)
	checkApart(out.used(), n.Inv, &vecInv)
	checkApart(out.used(), n.Gamma, &vecGamma)
	checkApart(out.used(), n.Beta, &vecBeta)
}

// Normalise computes dst = y of x, both batch x positions*channels. Dst may be x
// itself.
func (h *Handle) Normalise(dst, x Matrix, n *Normalisation) {
	positions := n.check(&dst, &x, &argDst)
	for i := range x.Rows {
		for t := newStretch(positions, len(n.Mean)); t.next(); {
			b := n.block(&dst, &x, i, &t)
			h.normalise(&b)
		}
	}
}

// NormaliseActivate computes z = y of x, and then dst = f(z) and, where slope
// has data, slope = f'(z): the bits of [Handle.Normalise] and [Handle.Activate]
// in one pass through memory. All are batch x positions*channels. Dst may be x
// itself; slope must not overlap anything.
func (h *Handle) NormaliseActivate(act Activation, dst, slope, x Matrix, n *Normalisation) {
	if int(act) >= len(activationNames) {
		panic(badAct)
	}
	positions := n.check(&dst, &x, &argDst)
	n.checkSecond(&slope, &dst, &x, &argSourceSlope)
	for i := range x.Rows {
		for t := newStretch(positions, len(n.Mean)); t.next(); {
			b := n.block(&dst, &x, i, &t)
			h.normalise(&b)
			h.activate(&activationBlock{
				act: act, rows: 1, cols: t.rows * t.cols,
				src: dst.from(i, t.at), dst: dst.from(i, t.at), slope: slope.from(i, t.at),
			})
		}
	}
}

// NormaliseError takes y of x for the input of the activation of a prediction
// u = f(y) of the latent h. It writes the weighted error e = coeff (h - u) and,
// where errorSlope has data, errorSlope = e f'(y): the bits of
// [Handle.Normalise] and a [PredictionError] epilogue in one pass through
// memory. All are batch x positions*channels. E may be x itself; errorSlope may
// be latent itself; other overlaps panic.
func (h *Handle) NormaliseError(act Activation, coeff float32, e, errorSlope, latent, x Matrix, n *Normalisation) {
	if int(act) >= len(activationNames) {
		panic(badAct)
	}
	positions := n.check(&e, &x, &argE)
	latent.checkShape(x.Rows, x.Cols, &argPoolLatent)
	e.checkApart(&latent, &argE)
	n.checkSecond(&errorSlope, &e, &x, &argErrorOut)
	if !errorSlope.absent() {
		errorSlope.checkOverlay(&latent, &argErrorOut)
	}
	for i := range x.Rows {
		for t := newStretch(positions, len(n.Mean)); t.next(); {
			b := n.block(&e, &x, i, &t)
			h.normalise(&b)
			h.predictionError(&errorBlock{
				act: act, rows: 1, cols: t.rows * t.cols,
				z: e.from(i, t.at), latent: latent.from(i, t.at), slope: errorSlope.from(i, t.at), coeff: coeff,
			})
		}
	}
}

var argErrorOut = messagesFor("errorSlope")

// check is for the arguments that all methods share. The first output may be x.
func (n *Normalisation) check(dst, x *Matrix, msg *messages) (positions int) {
	channels := n.channels()
	x.check(&argX)
	positions = positionsOf(x, x.Rows, channels, &argX)
	dst.checkShape(x.Rows, x.Cols, msg)
	dst.checkOverlay(x, msg)
	n.checkApartFrom(dst)
	return positions
}

// checkSecond is for the optional second output.
func (n *Normalisation) checkSecond(out, first, x *Matrix, msg *messages) {
	if out.absent() {
		return
	}
	out.checkShape(x.Rows, x.Cols, msg)
	out.checkApart(first, msg)
	out.checkApart(x, msg)
	n.checkApartFrom(out)
}

// block describes a call of the kernel.
func (n *Normalisation) block(dst, x *Matrix, i int, t *stretch) normaliseBlock {
	return normaliseBlock{
		rows: t.rows, cols: t.cols,
		dst: dst.from(i, t.at), dstStride: t.channels,
		x: x.from(i, t.at), xStride: t.channels,
		mean: n.Mean[t.channel:], inv: n.Inv[t.channel:], gamma: n.Gamma[t.channel:], beta: n.Beta[t.channel:],
	}
}

// normaliseBlock is one call of the kernel: rows positions of cols channels. The
// assembly reads the same struct.
type normaliseBlock struct {
	rows, cols             int
	dst                    []float32
	dstStride              int
	x                      []float32
	xStride                int
	mean, inv, gamma, beta []float32
}

func (b *normaliseBlock) fits() {
	fits(b.dst, b.rows, b.dstStride, b.cols)
	fits(b.x, b.rows, b.xStride, b.cols)
	for _, vector := range [...][]float32{b.mean, b.inv, b.gamma, b.beta} {
		fits(vector, 1, 0, b.cols)
	}
}

func (b *normaliseBlock) generic() {
	for i := range b.rows {
		dst := row(b.dst, i, b.dstStride, b.cols)
		for j, x := range row(b.x, i, b.xStride, b.cols) {
			xhat := float32(x-b.mean[j]) * b.inv[j]
			dst[j] = fma(b.gamma[j], xhat, b.beta[j])
		}
	}
}
