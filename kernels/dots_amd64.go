//go:build amd64 && !purego

package kernels

// dotsLanes is how many rows of B a kernel for mr rows of A takes at a time.
func (h *Handle) dotsLanes(mr int) int {
	switch {
	case h.isa != Generic && mr == 1:
		return 32
	case h.isa == AVX512, h.isa == AVX2 && mr <= 5:
		return 16
	}
	return 8
}

func (h *Handle) dots(t *dotsCall) {
	switch h.isa {
	case AVX512:
		dotsAVX512(t)
	case AVX2:
		dotsAVX2(t)
	default:
		t.generic(h.dotsLanes(t.mr))
	}
}

// dotsPack is dots with a panel.
func (h *Handle) dotsPack(t *dotsCall) {
	switch h.isa {
	case AVX512:
		dotsPackAVX512(t)
	case AVX2:
		dotsPackAVX2(t)
	default:
		t.generic(h.packLanes())
	}
}

// packLanes is how many rows of B a kernel that packs takes at a time.
func (h *Handle) packLanes() int { return h.g.nr / 2 }

func dotsPackAVX2(t *dotsCall) {
	switch t.mr {
	case 6:
		dotsPack6x8AVX2(t)
	case 7:
		dotsPack7x8AVX2(t)
	case 8:
		dotsPack8x8AVX2(t)
	case 9:
		dotsPack9x8AVX2(t)
	case 10:
		dotsPack10x8AVX2(t)
	}
}

func dotsPackAVX512(t *dotsCall) {
	switch t.mr {
	case 6:
		dotsPack6x16AVX512(t)
	case 7:
		dotsPack7x16AVX512(t)
	case 8:
		dotsPack8x16AVX512(t)
	case 9:
		dotsPack9x16AVX512(t)
	case 10:
		dotsPack10x16AVX512(t)
	}
}

func dotsAVX2(t *dotsCall) {
	switch t.mr {
	case 1:
		dots1x32AVX2(t)
	case 2:
		dots2x16AVX2(t)
	case 3:
		dots3x16AVX2(t)
	case 4:
		dots4x16AVX2(t)
	case 5:
		dots5x16AVX2(t)
	case 6:
		dots6x8AVX2(t)
	case 7:
		dots7x8AVX2(t)
	case 8:
		dots8x8AVX2(t)
	case 9:
		dots9x8AVX2(t)
	case 10:
		dots10x8AVX2(t)
	}
}

func dotsAVX512(t *dotsCall) {
	switch t.mr {
	case 1:
		dots1x32AVX512(t)
	case 2:
		dots2x16AVX512(t)
	case 3:
		dots3x16AVX512(t)
	case 4:
		dots4x16AVX512(t)
	case 5:
		dots5x16AVX512(t)
	case 6:
		dots6x16AVX512(t)
	case 7:
		dots7x16AVX512(t)
	case 8:
		dots8x16AVX512(t)
	case 9:
		dots9x16AVX512(t)
	case 10:
		dots10x16AVX512(t)
	}
}
