//go:build amd64 && !purego

package kernels

func (h *Handle) axpy(b *vectorBlock) {
	b.fits()
	switch h.isa {
	case AVX512:
		axpyAVX512(b)
	case AVX2:
		axpyAVX2(b)
	default:
		b.axpyGeneric()
	}
}

func (h *Handle) scale(b *vectorBlock) {
	b.fits()
	switch h.isa {
	case AVX512:
		scaleAVX512(b)
	case AVX2:
		scaleAVX2(b)
	default:
		b.scaleGeneric()
	}
}

func (h *Handle) add(b *vectorBlock) {
	b.fits()
	switch h.isa {
	case AVX512:
		addAVX512(b)
	case AVX2:
		addAVX2(b)
	default:
		b.addGeneric()
	}
}

func (h *Handle) latentError(b *latentErrorBlock) {
	b.fits()
	switch h.isa {
	case AVX512:
		latentErrorAVX512(b)
	case AVX2:
		latentErrorAVX2(b)
	default:
		b.generic()
	}
}

func (h *Handle) mul(b *vectorBlock) {
	b.fits()
	switch h.isa {
	case AVX512:
		mulAVX512(b)
	case AVX2:
		mulAVX2(b)
	default:
		b.mulGeneric()
	}
}
