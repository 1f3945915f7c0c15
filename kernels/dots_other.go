//go:build !amd64 || purego

package kernels

func (h *Handle) dotsLanes(int) int { return 8 }

func (h *Handle) dots(t *dotsCall) { t.generic(h.dotsLanes(t.mr)) }

func (h *Handle) packLanes() int { return h.g.nr / 2 }

func (h *Handle) dotsPack(t *dotsCall) { t.generic(h.packLanes()) }
