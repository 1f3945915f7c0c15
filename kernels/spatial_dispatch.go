package kernels

func (h *Handle) maxPool(b *poolBlock)               { b.maxPoolGeneric() }
func (h *Handle) unpool(b *poolBlock)                { b.unpoolGeneric() }
func (h *Handle) poolError(b *poolBlock)             { b.poolErrorGeneric() }
func (h *Handle) addSquares(b *channelSums)          { b.squaresGeneric() }
func (h *Handle) addGradients(b *channelSums)        { b.gradientsGeneric() }
func (h *Handle) normalise(b *normaliseBlock)        { b.generic() }
func (h *Handle) normaliseFeedback(b *feedbackBlock) { b.generic() }
