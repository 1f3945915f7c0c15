package kernels

var (
	argPooledSlope = messagesFor("pooledSlope")
	argSourceSlope = messagesFor("slope")
	argDsrc        = messagesFor("dsrc")
)

// MaxPool writes the largest pixel of each window of src (batch x Inputs) to dst
// (batch x Outputs). Where winners has data it gets the place of that pixel, and
// where pooledSlope (batch x Outputs) has data it gets the pixel's element of
// slope (batch x Inputs), so that what comes back through the pool need not
// visit the large images: pool the activated values and the slopes of the
// activation.
//
// A pixel wins over an earlier one, in row-major order, only if it is greater:
// of equal pixels the first wins, also of +0 and -0, a NaN in the first place
// wins, and one in another place never does. Outputs must not overlap anything.
func (h *Handle) MaxPool(shape PoolShape, dst Matrix, winners Winners, pooledSlope, src, slope Matrix) {
	shape.check()
	src.check(&argSrc)
	if src.Cols != shape.Inputs() {
		panic(argSrc.shape)
	}
	dst.checkShape(src.Rows, shape.Outputs(), &argDst)
	dst.checkApart(&src, &argDst)
	if len(winners.Data) > 0 {
		winners.checkShape(dst.Rows, dst.Cols)
	}
	if pooledSlope.absent() {
		slope = Matrix{}
	} else {
		slope.checkShape(src.Rows, src.Cols, &argSourceSlope)
		pooledSlope.checkShape(dst.Rows, dst.Cols, &argPooledSlope)
		dst.checkApart(&slope, &argDst)
		pooledSlope.checkApart(&src, &argPooledSlope)
		pooledSlope.checkApart(&slope, &argPooledSlope)
		pooledSlope.checkApart(&dst, &argPooledSlope)
	}
	for i := range dst.Rows {
		for w := newWindows(&shape); w.next(); {
			b := w.block()
			b.top, b.bottom = src.from(i, w.top), src.from(i, w.bottom)
			b.dst, b.winners = dst.from(i, w.pooled), winners.from(i, w.pooled)
			if !pooledSlope.absent() {
				b.slopeTop, b.slopeBottom = slope.from(i, w.top), slope.from(i, w.bottom)
				b.slope = pooledSlope.from(i, w.pooled)
			}
			h.maxPool(&b)
		}
	}
}

// Unpool is the way back: dsrc (batch x Inputs) becomes err (batch x Outputs) at
// the winner of each window and +0 elsewhere, dropped rows and columns
// included. Where slope (batch x Inputs) has data, the winner's error is
// multiplied by its slope; dsrc may be slope itself. Other than that nothing may
// overlap. A winner above 3 is nowhere.
func (h *Handle) Unpool(shape PoolShape, dsrc, err Matrix, winners Winners, slope Matrix) {
	shape.check()
	err.check(&argErr)
	if err.Cols != shape.Outputs() {
		panic(argErr.shape)
	}
	dsrc.checkShape(err.Rows, shape.Inputs(), &argDsrc)
	dsrc.checkApart(&err, &argDsrc)
	winners.checkShape(err.Rows, err.Cols)
	if !slope.absent() {
		slope.checkShape(dsrc.Rows, dsrc.Cols, &argSourceSlope)
		dsrc.checkOverlay(&slope, &argDsrc)
	}
	for i := range err.Rows {
		for w := newWindows(&shape); w.next(); {
			b := w.block()
			b.outTop, b.outBottom = dsrc.from(i, w.top), dsrc.from(i, w.bottom)
			b.slopeTop, b.slopeBottom = slope.from(i, w.top), slope.from(i, w.bottom)
			b.dst, b.winners = err.from(i, w.pooled), winners.from(i, w.pooled)
			h.unpool(&b)
		}
		shape.clearDropped(dsrc.Row(i))
	}
}

// clearDropped writes +0 to the row and the column that no window covers.
func (s *PoolShape) clearDropped(image []float32) {
	line := s.Width * s.Channels
	if s.Width%2 == 1 {
		for y := range s.Height {
			clear(image[(y+1)*line-s.Channels : (y+1)*line])
		}
	}
	if s.Height%2 == 1 {
		clear(image[(s.Height-1)*line:])
	}
}
