//go:build !amd64 || purego

package kernels

func detect() ISA { return Generic }
