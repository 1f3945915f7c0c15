package main

import (
	"fmt"
	"time"

	"github.com/klauspost/cpuid/v2"

	"github.com/gopcn/gopcn/tune/measure"
)

// A level is a cache, or the memory behind the last.
type level struct {
	name  string
	bytes int // of a thread, which fit it
}

// levels are those of this CPU, of usual sizes where it does not tell. Workers
// have first and second caches of their own and share the rest.
func levels(workers int) []level {
	cache := cpuid.CPU.Cache
	known := func(size, usual int) int {
		if size <= 0 {
			return usual
		}
		return size
	}
	l1, l2, l3 := known(cache.L1D, 32<<10), known(cache.L2, 512<<10), known(cache.L3, 8<<20)
	list := []level{{"L1", l1 / 2}, {"L2", l2 / 2}, {"L3", max(min(l3/4/workers, 8<<20), 2*l2)}, {"memory", min(max(64<<20, 4*l3), 256<<20) / workers}}
	for i := range list {
		list[i].bytes = list[i].bytes >> 10 << 10
		list[i].name += " " + size(list[i].bytes)
	}
	return list
}

// size formats a number of bytes.
func size(bytes int) string {
	if bytes >= 1<<20 {
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%d KiB", bytes>>10)
}

func bandwidth(m *measure.Meter, bytes int) measure.Bandwidth {
	return m.Bandwidth(bytes, 40*time.Millisecond)
}
