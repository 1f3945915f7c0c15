package kernels

// The sums of batch normalisation. Channels are the lanes. A sum runs one chain
// a (sample, channel) over the positions of the image, ascending, from +0; these
// partial sums are a matrix (batch x channels) so that workers can split the
// samples. [Handle.ColumnSums] then adds the samples, ascending, and multiplies
// by 1/n.

var (
	argSums     = messagesFor("sums")
	argProducts = messagesFor("products")
	argDy       = messagesFor("dy")
)

// positionsOf returns how many positions of so many channels a row of x has,
// and panics unless x has so many rows and whole positions.
func positionsOf(x *Matrix, rows, channels int, msg *messages) int {
	if x.Rows != rows {
		panic(msg.shape)
	}
	if channels == 0 {
		if x.Cols != 0 {
			panic(msg.shape)
		}
		return 0
	}
	if x.Cols%channels != 0 {
		panic(msg.shape)
	}
	return x.Cols / channels
}

// SumPositions computes the partial sums of x (batch x positions*channels):
// partial (batch x channels) becomes a chain of additions. Partial must not
// overlap x.
func (h *Handle) SumPositions(partial, x Matrix) {
	h.sumPositions(&partial, &x, checkPartial(&partial, &x, &argPartial, &argX))
}

func (h *Handle) sumPositions(partial, x *Matrix, positions int) {
	for i := range partial.Rows {
		clear(partial.rowFrom(i))
		for t := newStretch(positions, partial.Cols); t.next(); {
			h.addRows(&rowsBlock{
				rows: t.rows, cols: t.cols, src: x.from(i, t.at), srcStride: partial.Cols, sums: partial.from(i, t.channel),
			})
		}
	}
}

// SumSquares computes the partial sums of (x - mean)^2: each difference is
// rounded and enters its chain by fma. Mean has one element a channel. Partial
// must not overlap the others.
func (h *Handle) SumSquares(partial, x Matrix, mean []float32) {
	positions := checkPartial(&partial, &x, &argPartial, &argX)
	checkLength(mean, partial.Cols, &vecMean)
	checkApart(partial.used(), mean, &vecMean)
	for i := range partial.Rows {
		clear(partial.rowFrom(i))
		for t := newStretch(positions, partial.Cols); t.next(); {
			h.addSquares(&channelSums{
				rows: t.rows, cols: t.cols, stride: partial.Cols,
				x: x.from(i, t.at), mean: mean[t.channel:], products: partial.from(i, t.channel),
			})
		}
	}
}

// SumGradients computes in one pass the partial sums that the gradients of batch
// normalisation need: sums of dy, a chain of additions, and products of
//
//	dy xhat    xhat = (x - mean) inv
//
// by fma, where xhat is rounded as in [Handle.Normalise]. Dy and x are batch x
// positions*channels, sums and products batch x channels; sums and products
// must not overlap anything.
func (h *Handle) SumGradients(sums, products, dy, x Matrix, n *Normalisation) {
	positions := checkPartial(&sums, &x, &argSums, &argX)
	products.checkShape(sums.Rows, sums.Cols, &argProducts)
	dy.checkShape(x.Rows, x.Cols, &argDy)
	checkLength(n.Mean, sums.Cols, &vecMean)
	checkLength(n.Inv, sums.Cols, &vecInv)
	sums.checkApart(&products, &argSums)
	sums.checkApart(&dy, &argSums)
	products.checkApart(&x, &argProducts)
	products.checkApart(&dy, &argProducts)
	for _, out := range [...]*Matrix{&sums, &products} {
		checkApart(out.used(), n.Mean, &vecMean)
		checkApart(out.used(), n.Inv, &vecInv)
	}
	for i := range sums.Rows {
		clear(sums.rowFrom(i))
		clear(products.rowFrom(i))
		for t := newStretch(positions, sums.Cols); t.next(); {
			h.addGradients(&channelSums{
				rows: t.rows, cols: t.cols, stride: sums.Cols,
				x: x.from(i, t.at), dy: dy.from(i, t.at), mean: n.Mean[t.channel:], inv: n.Inv[t.channel:],
				sums: sums.from(i, t.channel), products: products.from(i, t.channel),
			})
		}
	}
}

// checkPartial panics unless partial has a row for each of x and does not meet
// it.
func checkPartial(partial, x *Matrix, argPartial, argX *messages) (positions int) {
	partial.check(argPartial)
	x.check(argX)
	positions = positionsOf(x, partial.Rows, partial.Cols, argX)
	partial.checkApart(x, argPartial)
	return positions
}

// rowFrom is Row for matrices that may have no columns and then no data.
func (m *Matrix) rowFrom(i int) []float32 {
	if m.Cols == 0 {
		return nil
	}
	return m.Row(i)
}

// channelSums is one call of a kernel that adds rows (positions) to the chains
// of cols channels. The assembly reads the same struct.
type channelSums struct {
	rows, cols     int
	stride         int // from one position to the next
	x, dy          []float32
	mean, inv      []float32
	sums, products []float32
}

func (b *channelSums) fits() {
	fits(b.x, b.rows, b.stride, b.cols)
	fits(b.dy, b.rows, b.stride, b.cols)
	for _, vector := range [...][]float32{b.mean, b.inv, b.sums, b.products} {
		fits(vector, 1, 0, b.cols)
	}
}

func (b *channelSums) squaresGeneric() {
	for i := range b.rows {
		for j, x := range row(b.x, i, b.stride, b.cols) {
			d := x - b.mean[j]
			b.products[j] = fma(d, d, b.products[j])
		}
	}
}

func (b *channelSums) gradientsGeneric() {
	for i := range b.rows {
		dy := row(b.dy, i, b.stride, b.cols)
		for j, x := range row(b.x, i, b.stride, b.cols) {
			xhat := float32(x-b.mean[j]) * b.inv[j]
			b.sums[j] += dy[j]
			b.products[j] = fma(dy[j], xhat, b.products[j])
		}
	}
}
