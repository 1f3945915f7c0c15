package kernels

var argPoolLatent = messagesFor("latent")

// PoolError is what a relaxation step does behind a convolution, its activation
// and a max-pool: u = maxpool(src) is the prediction of the latent h (batch x
// Outputs), e (batch x Outputs) becomes the weighted error, and dsrc (batch x
// Inputs) what the feedback through the convolution and the gradient of its
// weights read:
//
//	e    = coeff (h - u)
//	dsrc = e slope at the winner of a window, +0 elsewhere
//
// Each operation rounds once. Src holds the activated values and slope the
// slopes of the activation (both batch x Inputs); without slope data dsrc is e
// at the winner. These are the bits of [Handle.MaxPool], the error, its product
// with the slope and [Handle.Unpool], in one pass. Dsrc may be src or slope
// itself and e may be latent itself; other overlaps panic.
func (h *Handle) PoolError(shape PoolShape, coeff float32, e, dsrc, latent, src, slope Matrix) {
	shape.check()
	src.check(&argSrc)
	if src.Cols != shape.Inputs() {
		panic(argSrc.shape)
	}
	latent.checkShape(src.Rows, shape.Outputs(), &argPoolLatent)
	e.checkShape(latent.Rows, latent.Cols, &argE)
	dsrc.checkShape(src.Rows, src.Cols, &argDsrc)
	e.checkOverlay(&latent, &argE)
	e.checkApart(&src, &argE)
	dsrc.checkOverlay(&src, &argDsrc)
	dsrc.checkApart(&e, &argDsrc)
	dsrc.checkApart(&latent, &argDsrc)
	if !slope.absent() {
		slope.checkShape(src.Rows, src.Cols, &argSourceSlope)
		e.checkApart(&slope, &argE)
		dsrc.checkOverlay(&slope, &argDsrc)
	}
	for i := range src.Rows {
		for w := newWindows(&shape); w.next(); {
			b := w.block()
			b.top, b.bottom = src.from(i, w.top), src.from(i, w.bottom)
			b.slopeTop, b.slopeBottom = slope.from(i, w.top), slope.from(i, w.bottom)
			b.outTop, b.outBottom = dsrc.from(i, w.top), dsrc.from(i, w.bottom)
			b.dst, b.latent, b.coeff = e.from(i, w.pooled), latent.from(i, w.pooled), coeff
			h.poolError(&b)
		}
		shape.clearDropped(dsrc.Row(i))
	}
}
