package kernels

// Apply does the end of an epilogue on its own: c holds the finished chains z
// that a product would hand over, and becomes the result (LatentUpdate leaves
// it as it is). Fused and stand-alone epilogues give the same bits. What the
// chains start from, Accumulate and Bias, is not Apply's business.
func (h *Handle) Apply(c Matrix, e *Epilogue) {
	c.check(&argC)
	e.check(&c, c.Rows, c.Cols)
	if e.Kind == LatentUpdate {
		e.Latent.checkApart(&c, &argLatent)
		e.Velocity.checkApart(&c, &argVelocity)
	}
	if c.Rows == 0 || c.Cols == 0 {
		return
	}
	for j := 0; j < c.Cols; j += blockFloats {
		cols := min(blockFloats, c.Cols-j)
		if e.Kind != Store {
			h.applyBlock(e, c.Data[j:], c.Stride, 0, j, c.Rows, cols)
		} else if e.Scale != 0 && e.Scale != 1 {
			h.scaleBlock(c.Data[j:], c.Stride, c.Rows, cols, e.Scale)
		}
	}
}

// applyBlock does the end of an epilogue on a block of finished chains z, rows
// x cols with row stride zs, whose first element is (i0, j0) of the result. Z
// becomes the result, except with LatentUpdate.
func (h *Handle) applyBlock(e *Epilogue, z []float32, zs, i0, j0, rows, cols int) {
	most := rowsOfCall(cols)
	for i := 0; i < rows; i += most {
		h.applyRows(e, z[i*zs:], zs, i0+i, j0, min(most, rows-i), cols)
	}
}

func (h *Handle) applyRows(e *Epilogue, z []float32, zs, i, j, rows, cols int) {
	switch e.Kind {
	case Activate:
		h.activate(&activationBlock{
			act: e.Act, rows: rows, cols: cols,
			src: z, srcStride: zs,
			dst: z, dstStride: zs,
			slope: e.Slope.from(i, j), slopeStride: e.Slope.Stride,
		})
	case PredictionError:
		h.predictionError(&errorBlock{
			act: e.Act, rows: rows, cols: cols,
			z: z, zStride: zs,
			latent: e.Latent.from(i, j), latentStride: e.Latent.Stride,
			slope: e.ErrorSlope.from(i, j), slopeStride: e.ErrorSlope.Stride,
			coeff: e.Coeff,
		})
	case LatentUpdate:
		h.latentUpdate(&latentBlock{
			rows: rows, cols: cols,
			z: z, zStride: zs,
			err: e.Error.from(i, j), errStride: e.Error.Stride,
			prior: e.Prior.from(i, j), priorStride: e.Prior.Stride,
			velocity: e.Velocity.from(i, j), velocityStride: e.Velocity.Stride,
			latent: e.Latent.from(i, j), latentStride: e.Latent.Stride,
			start: e.Start.from(i, j), startStride: e.Start.Stride,
			minusRate: -e.Rate, momentum: e.Momentum, nesterov: e.Nesterov,
		})
	}
}
