//go:build !amd64 || purego

package kernels

func (h *Handle) maxPool(b *poolBlock)   { b.maxPoolGeneric() }
func (h *Handle) unpool(b *poolBlock)    { b.unpoolGeneric() }
func (h *Handle) poolError(b *poolBlock) { b.poolErrorGeneric() }
