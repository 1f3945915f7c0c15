package kernels

import "math"

// What batch normalisation does once a channel. These loops are too short to
// need more than Go.

// InverseDeviation computes inv = 1/sqrt(variance + eps) for each channel: a
// sum, a square root and a division, each correctly rounded. Inv may be variance
// itself.
func InverseDeviation(inv, variance []float32, eps float32) {
	checkLength(inv, len(variance), &vecInv)
	checkOverlay(inv, variance, &vecInv)
	for c, v := range variance {
		root := float32(math.Sqrt(float64(v + eps)))
		inv[c] = 1 / root
	}
}

// Blend computes dst = fma(a, x, b y) for each element, with b y rounded. With
// a = m and b = 1 - m it moves running statistics (dst is x) or mixes them with
// those of the batch. Dst may be x or y itself.
func Blend(dst []float32, a float32, x []float32, b float32, y []float32) {
	checkBinary(dst, x, y)
	for i, v := range x {
		dst[i] = fma(a, v, float32(b*y[i]))
	}
}
