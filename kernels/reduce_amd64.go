//go:build amd64 && !purego

package kernels

func (h *Handle) sum(b *reduceBlock) {
	b.fits()
	switch h.isa {
	case AVX512:
		sumAVX512(b)
	case AVX2:
		sumAVX2(b)
	default:
		b.sumGeneric()
	}
}

func (h *Handle) dot(b *reduceBlock) {
	b.fits()
	switch h.isa {
	case AVX512:
		dotAVX512(b)
	case AVX2:
		dotAVX2(b)
	default:
		b.dotGeneric()
	}
}

func (h *Handle) squares(b *reduceBlock) {
	b.fits()
	switch h.isa {
	case AVX512:
		squaresAVX512(b)
	case AVX2:
		squaresAVX2(b)
	default:
		b.squaresGeneric()
	}
}

func (h *Handle) shiftedDot(b *reduceBlock) {
	b.fits()
	switch h.isa {
	case AVX512:
		shiftedDotAVX512(b)
	case AVX2:
		shiftedDotAVX2(b)
	default:
		b.shiftedDotGeneric()
	}
}

func (h *Handle) expSum(b *reduceBlock) {
	b.fits()
	switch h.isa {
	case AVX512:
		expSumAVX512(b)
	case AVX2:
		expSumAVX2(b)
	default:
		b.expSumGeneric()
	}
}

func (h *Handle) largest(b *reduceBlock) {
	b.fits()
	switch h.isa {
	case AVX512:
		largestAVX512(b)
	case AVX2:
		largestAVX2(b)
	default:
		b.largestGeneric()
	}
}

func (h *Handle) addRows(b *rowsBlock) {
	b.fits()
	switch h.isa {
	case AVX512:
		addRowsAVX512(b)
	case AVX2:
		addRowsAVX2(b)
	default:
		b.generic()
	}
}

func (h *Handle) softmax(b *softmaxBlock) {
	b.fits()
	switch h.isa {
	case AVX512:
		softmaxAVX512(b)
	case AVX2:
		softmaxAVX2(b)
	default:
		b.generic()
	}
}

// narrow is how many columns softmaxRows takes: two registers.
func (h *Handle) narrow() int {
	switch h.isa {
	case AVX512:
		return 32
	case AVX2:
		return 16
	}
	return 0
}

func (h *Handle) softmaxRows(b *softmaxRowsBlock) {
	fits(b.dst, b.rows, b.dstStride, b.cols)
	fits(b.u, b.rows, b.uStride, b.cols)
	fits(b.target, b.rows, b.targetStride, b.cols)
	if h.isa == AVX512 {
		softmaxRowsAVX512(b)
	} else {
		softmaxRowsAVX2(b)
	}
}
