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

// gemmAVX2 calls the micro-kernel of the tile's rows and of one or two vectors
// of columns.
func gemmAVX2(t *tileCall) {
	wide := 0
	if t.cols > 8 {
		wide = 1
	}
	switch t.mr<<1 | wide {
	case 1<<1 | 0:
		gemm1x8AVX2(t)
	case 1<<1 | 1:
		gemm1x16AVX2(t)
	case 2<<1 | 0:
		gemm2x8AVX2(t)
	case 2<<1 | 1:
		gemm2x16AVX2(t)
	case 3<<1 | 0:
		gemm3x8AVX2(t)
	case 3<<1 | 1:
		gemm3x16AVX2(t)
	case 4<<1 | 0:
		gemm4x8AVX2(t)
	case 4<<1 | 1:
		gemm4x16AVX2(t)
	case 5<<1 | 0:
		gemm5x8AVX2(t)
	case 5<<1 | 1:
		gemm5x16AVX2(t)
	case 6<<1 | 0:
		gemm6x8AVX2(t)
	case 6<<1 | 1:
		gemm6x16AVX2(t)
	}
}

// gemmAVX512 calls the micro-kernel of the tile's rows and of one or two vectors
// of columns.
func gemmAVX512(t *tileCall) {
	wide := 0
	if t.cols > 16 {
		wide = 1
	}
	switch t.mr<<1 | wide {
	case 1<<1 | 0:
		gemm1x16AVX512(t)
	case 1<<1 | 1:
		gemm1x32AVX512(t)
	case 2<<1 | 0:
		gemm2x16AVX512(t)
	case 2<<1 | 1:
		gemm2x32AVX512(t)
	case 3<<1 | 0:
		gemm3x16AVX512(t)
	case 3<<1 | 1:
		gemm3x32AVX512(t)
	case 4<<1 | 0:
		gemm4x16AVX512(t)
	case 4<<1 | 1:
		gemm4x32AVX512(t)
	case 5<<1 | 0:
		gemm5x16AVX512(t)
	case 5<<1 | 1:
		gemm5x32AVX512(t)
	case 6<<1 | 0:
		gemm6x16AVX512(t)
	case 6<<1 | 1:
		gemm6x32AVX512(t)
	case 7<<1 | 0:
		gemm7x16AVX512(t)
	case 7<<1 | 1:
		gemm7x32AVX512(t)
	case 8<<1 | 0:
		gemm8x16AVX512(t)
	case 8<<1 | 1:
		gemm8x32AVX512(t)
	case 9<<1 | 0:
		gemm9x16AVX512(t)
	case 9<<1 | 1:
		gemm9x32AVX512(t)
	case 10<<1 | 0:
		gemm10x16AVX512(t)
	case 10<<1 | 1:
		gemm10x32AVX512(t)
	case 11<<1 | 0:
		gemm11x16AVX512(t)
	case 11<<1 | 1:
		gemm11x32AVX512(t)
	case 12<<1 | 0:
		gemm12x16AVX512(t)
	case 12<<1 | 1:
		gemm12x32AVX512(t)
	}
}
