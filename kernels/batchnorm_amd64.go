//go:build amd64 && !purego

package kernels

func (h *Handle) addSquares(b *channelSums) {
	b.fits()
	switch h.isa {
	case AVX512:
		addSquaresAVX512(b)
	case AVX2:
		addSquaresAVX2(b)
	default:
		b.squaresGeneric()
	}
}

func (h *Handle) addGradients(b *channelSums) {
	b.fits()
	switch h.isa {
	case AVX512:
		addGradientsAVX512(b)
	case AVX2:
		addGradientsAVX2(b)
	default:
		b.gradientsGeneric()
	}
}

func (h *Handle) normalise(b *normaliseBlock) {
	b.fits()
	switch h.isa {
	case AVX512:
		normaliseAVX512(b)
	case AVX2:
		normaliseAVX2(b)
	default:
		b.generic()
	}
}

func (h *Handle) normaliseFeedback(b *feedbackBlock) {
	b.fits()
	switch h.isa {
	case AVX512:
		normaliseFeedbackAVX512(b)
	case AVX2:
		normaliseFeedbackAVX2(b)
	default:
		b.generic()
	}
}
