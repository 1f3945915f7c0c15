//go:build amd64 && !purego

package kernels

func (h *Handle) maxPool(b *poolBlock) {
	b.fits()
	switch h.isa {
	case AVX512:
		maxPoolAVX512(b)
	case AVX2:
		maxPoolAVX2(b)
	default:
		b.maxPoolGeneric()
	}
}

func (h *Handle) unpool(b *poolBlock) {
	b.fits()
	switch h.isa {
	case AVX512:
		unpoolAVX512(b)
	case AVX2:
		unpoolAVX2(b)
	default:
		b.unpoolGeneric()
	}
}

func (h *Handle) poolError(b *poolBlock) {
	b.fits()
	switch h.isa {
	case AVX512:
		poolErrorAVX512(b)
	case AVX2:
		poolErrorAVX2(b)
	default:
		b.poolErrorGeneric()
	}
}
