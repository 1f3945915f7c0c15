//go:build !amd64 || purego

package kernels

func (h *Handle) axpy(b *vectorBlock)  { b.axpyGeneric() }
func (h *Handle) scale(b *vectorBlock) { b.scaleGeneric() }
func (h *Handle) add(b *vectorBlock)   { b.addGeneric() }
func (h *Handle) mul(b *vectorBlock)   { b.mulGeneric() }

func (h *Handle) latentError(b *latentErrorBlock) { b.generic() }
