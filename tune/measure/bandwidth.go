package measure

import (
	"time"

	"github.com/gopcn/gopcn/kernels"
)

// A Bandwidth is how fast all threads move memory of their own that they have
// just used, in GB/s: bytes read plus bytes written.
type Bandwidth struct {
	Bytes   int // of a thread
	Read    float64
	Copy    float64 // from one half to the other
	Rewrite float64 // in place
}

// bandwidthTask moves each thread's memory so many times.
type bandwidthTask struct {
	memory [][]float32
	times  int
	move   func(memory []float32)
}

func (b *bandwidthTask) Run(worker, _ int) {
	for range b.times {
		b.move(b.memory[worker])
	}
}

// callFloats bounds one call to some microseconds.
const callFloats = 16 << 10

// Bandwidth measures with so many bytes a thread, a multiple of 1024, for the
// given time. It is a limit, so the best of many samples counts.
func (m *Meter) Bandwidth(bytes int, each time.Duration) Bandwidth {
	t := bandwidthTask{memory: make([][]float32, m.pool.Size()), times: max(1, 1<<20/bytes)}
	for i := range t.memory {
		t.memory[i] = kernels.NewVector(bytes / 4)
		for j := range t.memory[i] { // memory never written may be one page of zeros
			t.memory[i][j] = 1
		}
	}
	b := Bandwidth{Bytes: bytes}
	for _, c := range []struct {
		rate  *float64
		moved int // of a thread's bytes
		move  func(memory []float32)
	}{
		{&b.Read, bytes, func(x []float32) { inCalls(x, x, func(x, _ []float32) { load(m.isa, x) }) }},
		{&b.Copy, bytes, func(x []float32) { inCalls(x[:len(x)/2], x[len(x)/2:], func(x, y []float32) { move(m.isa, y, x) }) }},
		{&b.Rewrite, 2 * bytes, func(x []float32) { inCalls(x, x, func(x, y []float32) { move(m.isa, y, x) }) }},
	} {
		t.move = c.move
		m.pool.Run(&t)
		for end, samples := time.Now().Add(each/3), 0; samples < 3 || time.Now().Before(end); samples++ {
			start := time.Now()
			m.pool.Run(&t)
			moved := float64(c.moved) * float64(t.times) * float64(m.pool.Size())
			*c.rate = max(*c.rate, moved/time.Since(start).Seconds()/1e9)
		}
	}
	return b
}

// Reading is a contestant that reads memory, each thread its part: what a product of
// one row can be at best. FLOPs is what it counts as, to be compared with that of
// the product.
func (m *Meter) Reading(memory []float32, flops float64) Contestant {
	t := bandwidthTask{memory: make([][]float32, m.pool.Size()), times: 1, move: func(x []float32) {
		inCalls(x, x, func(x, _ []float32) { load(m.isa, x) })
	}}
	for i := range t.memory {
		lo, hi := share(len(memory), i, len(t.memory))
		t.memory[i] = memory[lo:hi]
	}
	return Contestant{Run: func() { m.pool.Run(&t) }, FLOPs: flops}
}

// inCalls goes through x and y, which have the same length, in pieces.
func inCalls(x, y []float32, do func(x, y []float32)) {
	for lo := 0; lo < len(x); lo += callFloats {
		hi := min(lo+callFloats, len(x))
		do(x[lo:hi], y[lo:hi])
	}
}
