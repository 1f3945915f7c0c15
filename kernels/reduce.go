package kernels

// The canonical sum: element i goes to chain i mod 64, each chain starts from
// +0 and adds its elements in ascending order, then the upper half of the
// chains is added to the lower half until one is left.
type chains [64]float32

func (c *chains) total() float32 {
	for half := len(c) / 2; half > 0; half /= 2 {
		for i := range half {
			c[i] += c[i+half]
		}
	}
	return c[0]
}

// Sum returns the sum of x in 64 chains.
func (h *Handle) Sum(x []float32) (total float32) {
	var c chains
	for lo := 0; ; lo += blockFloats {
		hi := min(lo+blockFloats, len(x))
		if total = h.sum(&c, x[lo:hi]); hi == len(x) {
			return total
		}
	}
}

// Dot returns the sum of x y in 64 chains of fused multiply-adds.
func (h *Handle) Dot(x, y []float32) (total float32) {
	checkLength(y, len(x), &vecY)
	var c chains
	for lo := 0; ; lo += blockFloats {
		hi := min(lo+blockFloats, len(x))
		if total = h.dot(&c, x[lo:hi], y[lo:hi]); hi == len(x) {
			return total
		}
	}
}

// Energy returns half the sum of (x - y)^2: 64 chains of fused multiply-adds of
// the rounded differences, and one product by 1/2 at the end.
func (h *Handle) Energy(x, y []float32) (total float32) {
	checkLength(y, len(x), &vecY)
	var c chains
	for lo := 0; ; lo += blockFloats {
		hi := min(lo+blockFloats, len(x))
		if total = h.squares(&c, x[lo:hi], y[lo:hi]); hi == len(x) {
			return float32(0.5 * total)
		}
	}
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

func sumGeneric(c *chains, x []float32) float32 {
	for i, v := range x {
		c[i%len(c)] += v
	}
	t := *c
	return t.total()
}

func dotGeneric(c *chains, x, y []float32) float32 {
	for i, v := range x {
		c[i%len(c)] = fma(v, y[i], c[i%len(c)])
	}
	t := *c
	return t.total()
}

func squaresGeneric(c *chains, x, y []float32) float32 {
	for i, v := range x {
		d := v - y[i]
		c[i%len(c)] = fma(d, d, c[i%len(c)])
	}
	t := *c
	return t.total()
}
