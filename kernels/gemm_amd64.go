//go:build amd64 && !purego

package kernels

// The methods below choose a tier by direct calls: a call through a function
// variable would make the arguments escape to the heap.

func (h *Handle) tile(t *tileCall) {
	switch h.isa {
	case AVX512:
		gemmAVX512(t)
	case AVX2:
		gemmAVX2(t)
	default:
		t.generic()
	}
}

// gemmAVX2 calls the micro-kernel of the tile's rows and of one vector of
// columns, one panel, two or four; two only with up to three rows, four with one.
func gemmAVX2(t *tileCall) {
	vectors := 1
	switch {
	case t.cols > 32:
		vectors = 8
	case t.cols > 16:
		vectors = 4
	case t.cols > 8:
		vectors = 2
	}
	switch 10*t.mr + vectors {
	case 11:
		gemm1x8AVX2(t)
	case 12:
		gemm1x16AVX2(t)
	case 14:
		gemm1x32AVX2(t)
	case 18:
		gemm1x64AVX2(t)
	case 21:
		gemm2x8AVX2(t)
	case 22:
		gemm2x16AVX2(t)
	case 24:
		gemm2x32AVX2(t)
	case 31:
		gemm3x8AVX2(t)
	case 32:
		gemm3x16AVX2(t)
	case 34:
		gemm3x32AVX2(t)
	case 41:
		gemm4x8AVX2(t)
	case 42:
		gemm4x16AVX2(t)
	case 51:
		gemm5x8AVX2(t)
	case 52:
		gemm5x16AVX2(t)
	case 61:
		gemm6x8AVX2(t)
	case 62:
		gemm6x16AVX2(t)
	}
}

// gemmAVX512 calls the micro-kernel of the tile's rows and of one vector of
// columns, one panel, two or four; two only with up to three rows, four with one.
func gemmAVX512(t *tileCall) {
	vectors := 1
	switch {
	case t.cols > 64:
		vectors = 8
	case t.cols > 32:
		vectors = 4
	case t.cols > 16:
		vectors = 2
	}
	switch 10*t.mr + vectors {
	case 11:
		gemm1x16AVX512(t)
	case 12:
		gemm1x32AVX512(t)
	case 14:
		gemm1x64AVX512(t)
	case 18:
		gemm1x128AVX512(t)
	case 21:
		gemm2x16AVX512(t)
	case 22:
		gemm2x32AVX512(t)
	case 24:
		gemm2x64AVX512(t)
	case 31:
		gemm3x16AVX512(t)
	case 32:
		gemm3x32AVX512(t)
	case 34:
		gemm3x64AVX512(t)
	case 41:
		gemm4x16AVX512(t)
	case 42:
		gemm4x32AVX512(t)
	case 51:
		gemm5x16AVX512(t)
	case 52:
		gemm5x32AVX512(t)
	case 61:
		gemm6x16AVX512(t)
	case 62:
		gemm6x32AVX512(t)
	case 71:
		gemm7x16AVX512(t)
	case 72:
		gemm7x32AVX512(t)
	case 81:
		gemm8x16AVX512(t)
	case 82:
		gemm8x32AVX512(t)
	case 91:
		gemm9x16AVX512(t)
	case 92:
		gemm9x32AVX512(t)
	case 101:
		gemm10x16AVX512(t)
	case 102:
		gemm10x32AVX512(t)
	case 111:
		gemm11x16AVX512(t)
	case 112:
		gemm11x32AVX512(t)
	case 121:
		gemm12x16AVX512(t)
	case 122:
		gemm12x32AVX512(t)
	}
}
