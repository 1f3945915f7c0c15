//go:build amd64 && !purego

package kernels

import "github.com/klauspost/cpuid/v2"

// zen4 is AMD's family of Zen 3 and Zen 4. The latter was the first with AVX-512,
// in units of 256 bits.
const zen4 = 25

// detectCaches returns what the CPU says of its caches.
func detectCaches() caches {
	cpu := &cpuid.CPU
	return caches{l1: cpu.Cache.L1D, l2: cpu.Cache.L2, halfStores: cpu.VendorID == cpuid.AMD && cpu.Family == zen4}
}
