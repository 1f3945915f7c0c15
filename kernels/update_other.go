//go:build !amd64 || purego

package kernels

func (h *Handle) latentUpdate(b *latentBlock) { b.generic() }
func (h *Handle) sgd(b *sgdBlock)             { b.generic() }
func (h *Handle) adam(b *adamBlock)           { b.generic() }
