package measure

import (
	"time"

	"github.com/gopcn/gopcn/kernels"
)

// A Bandwidth is how fast all threads move memory of their own that they have
// just used, in GB/s.
type Bandwidth struct {
	Bytes int // of a thread
	Read  float64
	Copy  float64 // bytes read plus bytes written, from one half to the other
}

// bandwidthTask reads or copies each thread's memory so many times.
type bandwidthTask struct {
	isa    kernels.ISA
	memory [][]float32
	times  int
	copies bool
}

// callFloats bounds one call to some microseconds.
const callFloats = 16 << 10

func (b *bandwidthTask) Run(worker, _ int) {
	memory := b.memory[worker]
	if b.copies {
		memory = memory[:len(memory)/2]
	}
	for range b.times {
		for lo := 0; lo < len(memory); lo += callFloats {
			n := min(callFloats, len(memory)-lo)
			if b.copies {
				move(b.isa, b.memory[worker][len(memory)+lo:][:n], memory[lo:lo+n])
			} else {
				load(b.isa, memory[lo:lo+n])
			}
		}
	}
}

// Bandwidth measures with so many bytes a thread, a multiple of 1024, for the
// given time. It is a limit, so the best of many samples counts.
func (m *Meter) Bandwidth(bytes int, each time.Duration) Bandwidth {
	t := bandwidthTask{isa: m.isa, memory: make([][]float32, m.pool.Size()), times: max(1, 1<<20/bytes)}
	for i := range t.memory {
		t.memory[i] = kernels.NewVector(bytes / 4)
		for j := range t.memory[i] { // memory never written may be one page of zeros
			t.memory[i][j] = 1
		}
	}
	b := Bandwidth{Bytes: bytes}
	for _, c := range []struct {
		copies bool
		rate   *float64
	}{{false, &b.Read}, {true, &b.Copy}} {
		t.copies = c.copies
		m.pool.Run(&t)
		for end, samples := time.Now().Add(each/2), 0; samples < 3 || time.Now().Before(end); samples++ {
			start := time.Now()
			m.pool.Run(&t)
			moved := float64(bytes) * float64(t.times) * float64(m.pool.Size())
			*c.rate = max(*c.rate, moved/time.Since(start).Seconds()/1e9)
		}
	}
	return b
}
