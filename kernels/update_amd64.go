//go:build amd64 && !purego

package kernels

func (h *Handle) latentUpdate(b *latentBlock) {
	b.fits()
	switch h.isa {
	case AVX512:
		latentUpdateAVX512(b)
	case AVX2:
		latentUpdateAVX2(b)
	default:
		b.generic()
	}
}

func (h *Handle) sgd(b *sgdBlock) {
	b.fits()
	switch h.isa {
	case AVX512:
		sgdAVX512(b)
	case AVX2:
		sgdAVX2(b)
	default:
		b.generic()
	}
}

func (h *Handle) adam(b *adamBlock) {
	b.fits()
	switch h.isa {
	case AVX512:
		adamAVX512(b)
	case AVX2:
		adamAVX2(b)
	default:
		b.generic()
	}
}
