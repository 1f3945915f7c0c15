package kernels

var (
	vecX = vectorMessagesFor("x")
	vecY = vectorMessagesFor("y")
)

// Axpy computes y = fma(a, x, y) for each element: y + a x, rounded once. X may
// be y.
func (h *Handle) Axpy(y []float32, a float32, x []float32) {
	checkLength(x, len(y), &vecX)
	checkOverlay(y, x, &vecY)
	for lo := 0; lo < len(y); lo += blockFloats {
		hi := min(lo+blockFloats, len(y))
		h.axpy(y[lo:hi], a, x[lo:hi])
	}
}

// Scale multiplies each element of x by a.
func (h *Handle) Scale(x []float32, a float32) {
	for lo := 0; lo < len(x); lo += blockFloats {
		h.scale(x[lo:min(lo+blockFloats, len(x))], a)
	}
}

// Add computes dst = x + y for each element. Dst may be x or y.
func (h *Handle) Add(dst, x, y []float32) {
	checkBinary(dst, x, y)
	for lo := 0; lo < len(dst); lo += blockFloats {
		hi := min(lo+blockFloats, len(dst))
		h.add(dst[lo:hi], x[lo:hi], y[lo:hi])
	}
}

// Mul computes dst = x y for each element. Dst may be x or y.
func (h *Handle) Mul(dst, x, y []float32) {
	checkBinary(dst, x, y)
	for lo := 0; lo < len(dst); lo += blockFloats {
		hi := min(lo+blockFloats, len(dst))
		h.mul(dst[lo:hi], x[lo:hi], y[lo:hi])
	}
}

func checkBinary(dst, x, y []float32) {
	checkLength(x, len(dst), &vecX)
	checkLength(y, len(dst), &vecY)
	checkOverlay(dst, x, &vecDst)
	checkOverlay(dst, y, &vecDst)
}

func axpyGeneric(y []float32, a float32, x []float32) {
	for i, v := range x {
		y[i] = fma(a, v, y[i])
	}
}

func scaleGeneric(x []float32, a float32) {
	for i := range x {
		x[i] *= a
	}
}

func addGeneric(dst, x, y []float32) {
	for i, v := range x {
		dst[i] = v + y[i]
	}
}

func mulGeneric(dst, x, y []float32) {
	for i, v := range x {
		dst[i] = v * y[i]
	}
}
