//go:build !amd64 || purego

package measure

import "github.com/gopcn/gopcn/kernels"

func burst(_ kernels.ISA, turns int) float64 { return portableBurst(turns) }
