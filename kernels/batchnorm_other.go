//go:build !amd64 || purego

package kernels

func (h *Handle) addSquares(b *channelSums)          { b.squaresGeneric() }
func (h *Handle) addGradients(b *channelSums)        { b.gradientsGeneric() }
func (h *Handle) normalise(b *normaliseBlock)        { b.generic() }
func (h *Handle) normaliseFeedback(b *feedbackBlock) { b.generic() }
