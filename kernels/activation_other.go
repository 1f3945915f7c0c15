//go:build !amd64 || purego

package kernels

func (h *Handle) activate(b *activationBlock)   { b.generic() }
func (h *Handle) exp(b *expBlock)               { b.generic() }
func (h *Handle) predictionError(b *errorBlock) { b.generic() }
