//go:build amd64 && !purego

package measure

import "github.com/gopcn/gopcn/kernels"

// burst runs a burst of the tier's registers and returns its operations.
func burst(isa kernels.ISA, turns int) float64 {
	switch isa {
	case kernels.AVX512:
		burstAVX512(turns)
		return float64(turns) * 12 * 32
	case kernels.AVX2:
		burstAVX2(turns)
		return float64(turns) * 12 * 16
	}
	return portableBurst(turns)
}

// transposing runs so many turns of multiply-adds with a transposition each and
// returns its operations, 0 where there is no such kernel.
func transposing(isa kernels.ISA, turns int) float64 {
	switch isa {
	case kernels.AVX512:
		transposingAVX512(turns, &transposed[0], &transposed[64])
		return float64(turns) * 40 * 32
	case kernels.AVX2:
		transposingAVX2(turns, &transposed[0], &transposed[64])
		return float64(turns) * 40 * 16
	}
	return 0
}

// load reads a multiple of 128 floats.
func load(isa kernels.ISA, src []float32) {
	switch isa {
	case kernels.AVX512:
		readAVX512(len(src)/128, &src[0])
	case kernels.AVX2:
		readAVX2(len(src)/64, &src[0])
	default:
		portableLoad(src)
	}
}

// move copies a multiple of 128 floats.
func move(isa kernels.ISA, dst, src []float32) {
	switch isa {
	case kernels.AVX512:
		copyAVX512(len(src)/128, &dst[0], &src[0])
	case kernels.AVX2:
		copyAVX2(len(src)/64, &dst[0], &src[0])
	default:
		copy(dst, src)
	}
}
