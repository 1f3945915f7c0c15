//go:build amd64 && !purego

package kernels

import "github.com/klauspost/cpuid/v2"

// detectCaches returns what the CPU says of its caches.
func detectCaches() caches {
	return caches{l1: cpuid.CPU.Cache.L1D, l2: cpuid.CPU.Cache.L2}
}
