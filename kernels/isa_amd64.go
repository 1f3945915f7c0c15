//go:build amd64 && !purego

package kernels

import (
	"runtime"
	"sync"

	"github.com/klauspost/cpuid/v2"
)

// detect asks for whole feature sets and for the operating system's part in
// them, which cpuid checks (XGETBV). Darwin reports AVX-512 but enables it
// lazily per thread, so it is left out there.
var detect = sync.OnceValue(func() ISA {
	cpu := cpuid.CPU
	if !cpu.Supports(cpuid.AVX, cpuid.AVX2, cpuid.FMA3) {
		return Generic
	}
	if runtime.GOOS == "darwin" ||
		!cpu.Supports(cpuid.AVX512F, cpuid.AVX512DQ, cpuid.AVX512BW, cpuid.AVX512VL, cpuid.AVX512CD) {
		return AVX2
	}
	return AVX512
})
