package kernels

// The canonical sum: element i goes to chain i mod 64, each chain starts from
// +0 and adds its elements in ascending order, then the upper half of the
// chains is added to the lower half until one is left.
type chains [64]float32

func (c chains) sum() float32 {
	for half := len(c) / 2; half > 0; half /= 2 {
		for i := range half {
			c[i] += c[i+half]
		}
	}
	return c[0]
}

// reduceBlock is one call of a kernel that adds a term for each element to the
// chains and leaves their total so far.
type reduceBlock struct {
	n      int
	x, y   []float32
	shift  float32 // of shiftedDot and expSum
	total  float32
	chains chains
}

// slice takes the next part of x, and of y if that is not nil.
func (b *reduceBlock) slice(x, y []float32, lo int) {
	hi := min(lo+blockFloats, len(x))
	b.n, b.x = hi-lo, x[lo:hi]
	if y != nil {
		b.y = y[lo:hi]
	}
}

func (b *reduceBlock) fits() {
	fits(b.x, 1, 0, b.n)
	fits(b.y, 1, 0, b.n)
}

// Sum returns the sum of x in 64 chains.
func (h *Handle) Sum(x []float32) float32 {
	var b reduceBlock
	for lo := 0; lo < len(x); lo += blockFloats {
		b.slice(x, nil, lo)
		h.sum(&b)
	}
	return b.total
}

// Dot returns the sum of x y in 64 chains of fused multiply-adds.
func (h *Handle) Dot(x, y []float32) float32 {
	checkLength(y, len(x), &vecY)
	var b reduceBlock
	for lo := 0; lo < len(x); lo += blockFloats {
		b.slice(x, y, lo)
		h.dot(&b)
	}
	return b.total
}

// Energy returns half the sum of (x - y)^2: 64 chains of fused multiply-adds of
// the rounded differences, and one product by 1/2 at the end.
func (h *Handle) Energy(x, y []float32) float32 {
	checkLength(y, len(x), &vecY)
	var b reduceBlock
	for lo := 0; lo < len(x); lo += blockFloats {
		b.slice(x, y, lo)
		h.squares(&b)
	}
	return float32(0.5 * b.total)
}

var (
	argX = messagesFor("x")
	argY = messagesFor("y")
	argU = messagesFor("u")
	argH = messagesFor("h")
	argE = messagesFor("e")
)

// EnergyRows returns the sum of the energies of the rows of x against those of
// y, added in ascending order from +0.
func (h *Handle) EnergyRows(x, y Matrix) float32 {
	x.check(&argX)
	y.checkShape(x.Rows, x.Cols, &argY)
	var total float32
	if x.Cols == 0 {
		return total
	}
	for i := range x.Rows {
		total += h.Energy(x.Row(i), y.Row(i))
	}
	return total
}

func (b *reduceBlock) sumGeneric() {
	for i, x := range b.x {
		b.chains[i%len(b.chains)] += x
	}
	b.total = b.chains.sum()
}

func (b *reduceBlock) dotGeneric() {
	for i, x := range b.x {
		c := &b.chains[i%len(b.chains)]
		*c = fma(x, b.y[i], *c)
	}
	b.total = b.chains.sum()
}

func (b *reduceBlock) squaresGeneric() {
	for i, x := range b.x {
		c := &b.chains[i%len(b.chains)]
		d := x - b.y[i]
		*c = fma(d, d, *c)
	}
	b.total = b.chains.sum()
}
