//go:build !amd64 || purego

package measure

import "github.com/gopcn/gopcn/kernels"

func burst(_ kernels.ISA, turns int) float64 { return portableBurst(turns) }

func transposing(kernels.ISA, int) float64 { return 0 }

func load(_ kernels.ISA, src []float32) { portableLoad(src) }

func move(_ kernels.ISA, dst, src []float32) { copy(dst, src) }
