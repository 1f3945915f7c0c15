//go:build amd64 && !purego

package kernels

func (h *Handle) activate(b *activationBlock) {
	b.fits()
	switch {
	case h.isa == Generic:
		b.generic()
	case h.isa == AVX2 && b.slope == nil:
		activateValueAVX2(b)
	case h.isa == AVX2 && b.dst == nil:
		activateSlopeAVX2(b)
	case h.isa == AVX2:
		activateBothAVX2(b)
	case b.slope == nil:
		activateValueAVX512(b)
	case b.dst == nil:
		activateSlopeAVX512(b)
	default:
		activateBothAVX512(b)
	}
}

func (h *Handle) exp(b *expBlock) {
	b.fits()
	switch h.isa {
	case AVX512:
		expAVX512(b)
	case AVX2:
		expAVX2(b)
	default:
		b.generic()
	}
}

func (h *Handle) predictionError(b *errorBlock) {
	b.fits()
	switch {
	case h.isa == Generic:
		b.generic()
	case h.isa == AVX2 && b.slope == nil:
		predictionErrorAVX2(b)
	case h.isa == AVX2:
		predictionErrorSlopeAVX2(b)
	case b.slope == nil:
		predictionErrorAVX512(b)
	default:
		predictionErrorSlopeAVX512(b)
	}
}
