package measure

import (
	"math"
	"runtime"
)

// portableBurst is the peak of portable Go: float64 multiply-adds, which is
// what the portable float32 one is made of. It runs a share of the turns, so
// that it takes about as long as the vector bursts.
func portableBurst(turns int) float64 {
	turns = max(1, turns/4)
	a, b, c, d := 0.0, 0.0, 0.0, 0.0
	for range turns {
		a, b, c, d = math.FMA(a, a, 0.5), math.FMA(b, b, 0.5), math.FMA(c, c, 0.25), math.FMA(d, d, 0.25)
	}
	runtime.KeepAlive(a + b + c + d)
	return float64(turns) * 8
}

// portableLoad reads a multiple of 8 floats.
func portableLoad(src []float32) {
	a, b, c, d := float32(0), float32(0), float32(0), float32(0)
	for ; len(src) >= 8; src = src[8:] {
		a, b, c, d = a+src[0], b+src[1], c+src[2], d+src[3]
		a, b, c, d = a+src[4], b+src[5], c+src[6], d+src[7]
	}
	runtime.KeepAlive(a + b + c + d)
}
