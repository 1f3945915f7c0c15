package kernels

// A Packed is an operand B (k x n) laid out in the panels that a handle's
// products read: for each nr columns, k rows of nr consecutive elements, the
// last panel padded with zeros. It holds no reference to the matrix it came
// from and goes stale when that changes.
type Packed struct {
	h    *Handle
	k, n int
	data []float32
}

// PackedSize returns how many floats [Handle.Pack] needs for an operand of k x
// n.
func (h *Handle) PackedSize(k, n int) int {
	if k < 0 || n < 0 {
		panic(argB.dimension)
	}
	nr := h.g.nr
	return (n + nr - 1) / nr * nr * k
}

// Pack lays out b in dst, which must hold PackedSize(k, n) floats and not
// overlap b: for NN and TN b is k x n, for NT it is n x k. The result keeps
// dst.
func (h *Handle) Pack(dst []float32, op Op, b Matrix) Packed {
	p := h.packedFor(dst, op, &b)
	h.packPanels(p.data, op == NT, b, 0, p.n)
	return p
}

// PackColumns packs only columns lo to hi-1 of the operand (rows of b with
// NT), for workers that share the packing: lo must be a multiple of
// [Handle.PanelColumns], and hi too or n itself.
func (h *Handle) PackColumns(dst []float32, op Op, b Matrix, lo, hi int) Packed {
	p := h.packedFor(dst, op, &b)
	nr := h.g.nr
	if lo < 0 || hi < lo || hi > p.n || lo%nr != 0 && lo != p.n || hi%nr != 0 && hi != p.n {
		panic("kernels: PackColumns: not a range of whole panels")
	}
	if lo < hi {
		h.packPanels(p.data, op == NT, b, lo, hi)
	}
	return p
}

// PanelColumns returns the width of the panels of packed operands.
func (h *Handle) PanelColumns() int { return h.g.nr }

func (h *Handle) packedFor(dst []float32, op Op, b *Matrix) Packed {
	if op > TN {
		panic(badOp)
	}
	b.check(&argB)
	k, n := b.Rows, b.Cols
	if op == NT {
		k, n = n, k
	}
	size := h.PackedSize(k, n)
	if len(dst) < size {
		panic(argDst.length)
	}
	dst = dst[:size]
	if meet, _ := overlaps(dst, b.used()); meet {
		panic(argDst.overlap)
	}
	return Packed{h: h, k: k, n: n, data: dst}
}

// Matches reports whether p holds what Pack makes of b now; with op as given
// to Pack. Tests use it to catch stale operands.
func (p *Packed) Matches(op Op, b Matrix) bool {
	nr := p.h.g.nr
	k, n := b.Rows, b.Cols
	if op == NT {
		k, n = n, k
	}
	if k != p.k || n != p.n {
		return false
	}
	for j := range n {
		for i := range k {
			want := b.Data
			if op == NT {
				want = want[j*b.Stride+i:]
			} else {
				want = want[i*b.Stride+j:]
			}
			if got := p.data[j/nr*nr*k+i*nr+j%nr]; got != want[0] && (got == got || want[0] == want[0]) {
				return false
			}
		}
	}
	return true
}
