//go:build !amd64 || purego

package kernels

// Without assembly every handle is that of portable Go.

func (h *Handle) tile(t *tileCall) { t.generic() }
