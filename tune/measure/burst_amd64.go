//go:build amd64 && !purego

package measure

import "github.com/gopcn/gopcn/kernels"

// burst runs a burst of the tier's registers and returns its operations.
func burst(isa kernels.ISA, turns int) float64 {
	switch isa {
	case kernels.AVX512:
		burstAVX512(turns)
		return float64(turns) * 12 * 32
	case kernels.AVX2:
		burstAVX2(turns)
		return float64(turns) * 12 * 16
	}
	return portableBurst(turns)
}
