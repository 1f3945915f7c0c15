package kernels

// AveragePool writes the mean over the positions of an image to dst (batch x
// channels); src is batch x positions*channels. A mean is one chain over the
// positions, ascending from +0, times scale, which the caller rounds once from
// 1/positions. Dst must not overlap src.
func (h *Handle) AveragePool(dst, src Matrix, scale float32) {
	h.sumPositions(&dst, &src, checkPartial(&dst, &src, &argDst, &argSrc))
	for i := range dst.Rows {
		h.Scale(dst.rowFrom(i), scale)
	}
}

// AveragePoolFeedback is the way back: each position of dsrc (batch x
// positions*channels) becomes err (batch x channels) times scale, and where
// slope has data (of dsrc's shape, f' of an activation before the pool) this
// times slope, each product rounded once. Dsrc may be slope itself and must not
// overlap err.
func (h *Handle) AveragePoolFeedback(dsrc, err Matrix, scale float32, slope Matrix) {
	err.check(&argErr)
	dsrc.check(&argDsrc)
	positions := positionsOf(&dsrc, err.Rows, err.Cols, &argDsrc)
	dsrc.checkApart(&err, &argDsrc)
	if !slope.absent() {
		slope.checkShape(dsrc.Rows, dsrc.Cols, &argSourceSlope)
		dsrc.checkOverlay(&slope, &argDsrc)
	}
	if positions == 0 {
		return
	}
	for i := range err.Rows {
		for j := 0; j < err.Cols; j += averageFloats {
			var t [averageFloats]float32
			share := t[:min(averageFloats, err.Cols-j)]
			copy(share, err.from(i, j))
			h.Scale(share, scale)
			h.spread(&dsrc, &slope, i, j, positions, err.Cols, share)
		}
	}
}

// averageFloats is how many channels share one temporary row.
const averageFloats = 256

// spread writes share to channels j on of each position of sample i, times the
// slope if there is one.
func (h *Handle) spread(dsrc, slope *Matrix, i, j, positions, channels int, share []float32) {
	most := blockFloats / len(share)
	for p := 0; p < positions; p += most {
		n := min(most, positions-p)
		at := p*channels + j
		if slope.absent() {
			for k := range n {
				copy(dsrc.from(i, at+k*channels), share)
			}
			continue
		}
		h.mul(&vectorBlock{
			rows: n, cols: len(share),
			dst: dsrc.from(i, at), dstStride: channels,
			x: share, // of each row
			y: slope.from(i, at), yStride: channels,
		})
	}
}
