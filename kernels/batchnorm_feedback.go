package kernels

// FeedbackFactors are what the feedback through a batch normalisation needs of
// a channel besides mean and inv, one element of each vector a channel:
//
//	dx = gain ((dy - offset) - slope xhat)
//
// [Handle.NormaliseFeedback] says in which operations, [FeedbackFactors.Set]
// computes them.
type FeedbackFactors struct {
	Offset, Slope, Gain []float32
}

var (
	vecOffset    = vectorMessagesFor("offset")
	vecGain      = vectorMessagesFor("gain")
	vecSums      = vectorMessagesFor("sums")
	vecProducts  = vectorMessagesFor("products")
	vecBatchMean = vectorMessagesFor("batchMean")
)

// Set computes the factors from the sums of dy and of dy xhat over the whole
// batch ([Handle.SumGradients] and [Handle.ColumnSums] with scale 1). Scale is
// float32(1/n), n = batch x positions. The gradient flows through the mean and
// the variance:
//
//	offset = sums scale
//	slope  = products scale
//	gain   = gamma inv
//
// Where n.Mean and n.Inv are only in part those of the batch, batchMean is given
// and share (1 - m of an exponential average) is their part; then
//
//	offset = offset share
//	slope  = slope share
//	d      = mean - batchMean
//	d      = d inv
//	offset = fma(slope, d, offset)
//
// Share 0 is evaluation: then only the gain counts. Without batchMean share is
// not used. Each line is one rounding. The factors must not overlap anything.
func (f *FeedbackFactors) Set(n *Normalisation, sums, products, batchMean []float32, scale, share float32) {
	channels := n.channels()
	checkLength(sums, channels, &vecSums)
	checkLength(products, channels, &vecProducts)
	if batchMean != nil {
		checkLength(batchMean, channels, &vecBatchMean)
	}
	f.checkLengths(channels)
	f.checkApartFrom(sums, products, batchMean, n.Mean, n.Inv, n.Gamma, n.Beta)
	for c := range channels {
		offset, slope := float32(sums[c]*scale), float32(products[c]*scale)
		if batchMean != nil {
			offset, slope = float32(offset*share), float32(slope*share)
			offset = fma(slope, float32(n.Mean[c]-batchMean[c])*n.Inv[c], offset)
		}
		f.Offset[c], f.Slope[c], f.Gain[c] = offset, slope, float32(n.Gamma[c]*n.Inv[c])
	}
}

func (f *FeedbackFactors) checkLengths(channels int) {
	checkLength(f.Offset, channels, &vecOffset)
	checkLength(f.Slope, channels, &vecSlope)
	checkLength(f.Gain, channels, &vecGain)
}

func (f *FeedbackFactors) checkApartFrom(inputs ...[]float32) {
	checkApart(f.Offset, f.Slope, &vecOffset)
	checkApart(f.Slope, f.Gain, &vecSlope)
	checkApart(f.Gain, f.Offset, &vecGain)
	for _, in := range inputs {
		checkApart(f.Offset, in, &vecOffset)
		checkApart(f.Slope, in, &vecSlope)
		checkApart(f.Gain, in, &vecGain)
	}
}

var argDx = messagesFor("dx")

// NormaliseFeedback computes the gradient dx from the gradient dy of the
// normalised values, for each element
//
//	xhat = x - mean
//	xhat = xhat inv
//	t    = dy - offset
//	t    = fma(-slope, xhat, t)
//	dx   = gain t
//
// with one rounding a line. Dx, dy and x are batch x positions*channels; x is
// what was normalised. Dx may be dy or x itself.
func (h *Handle) NormaliseFeedback(dx, dy, x Matrix, n *Normalisation, f *FeedbackFactors) {
	channels := n.channels()
	f.checkLengths(channels)
	x.check(&argX)
	positions := positionsOf(&x, x.Rows, channels, &argX)
	dy.checkShape(x.Rows, x.Cols, &argDy)
	dx.checkShape(x.Rows, x.Cols, &argDx)
	dx.checkOverlay(&dy, &argDx)
	dx.checkOverlay(&x, &argDx)
	n.checkApartFrom(&dx)
	checkApart(dx.used(), f.Offset, &vecOffset)
	checkApart(dx.used(), f.Slope, &vecSlope)
	checkApart(dx.used(), f.Gain, &vecGain)
	for i := range x.Rows {
		for t := newStretch(positions, channels); t.next(); {
			h.normaliseFeedback(&feedbackBlock{
				rows: t.rows, cols: t.cols,
				dst: dx.from(i, t.at), dstStride: channels,
				dy: dy.from(i, t.at), dyStride: channels,
				x: x.from(i, t.at), xStride: channels,
				mean: n.Mean[t.channel:], inv: n.Inv[t.channel:],
				offset: f.Offset[t.channel:], slope: f.Slope[t.channel:], gain: f.Gain[t.channel:],
			})
		}
	}
}

// feedbackBlock is one call of the kernel: rows positions of cols channels. The
// assembly reads the same struct.
type feedbackBlock struct {
	rows, cols          int
	dst                 []float32
	dstStride           int
	dy                  []float32
	dyStride            int
	x                   []float32
	xStride             int
	mean, inv           []float32
	offset, slope, gain []float32
}

func (b *feedbackBlock) fits() {
	fits(b.dst, b.rows, b.dstStride, b.cols)
	fits(b.dy, b.rows, b.dyStride, b.cols)
	fits(b.x, b.rows, b.xStride, b.cols)
	for _, vector := range [...][]float32{b.mean, b.inv, b.offset, b.slope, b.gain} {
		fits(vector, 1, 0, b.cols)
	}
}

func (b *feedbackBlock) generic() {
	for i := range b.rows {
		dst, dy := row(b.dst, i, b.dstStride, b.cols), row(b.dy, i, b.dyStride, b.cols)
		for j, x := range row(b.x, i, b.xStride, b.cols) {
			xhat := float32(x-b.mean[j]) * b.inv[j]
			t := fma(-b.slope[j], xhat, dy[j]-b.offset[j])
			dst[j] = b.gain[j] * t
		}
	}
}
