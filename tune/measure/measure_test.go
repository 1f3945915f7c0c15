package measure

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
)

// meters are one of each tier of this process.
func meters(t *testing.T, f func(t *testing.T, isa kernels.ISA, m *Meter)) {
	list, err := kernels.Available()
	require.NoError(t, err)
	for _, isa := range list {
		t.Run(isa.String(), func(t *testing.T) {
			m := NewMeter(isa, 1)
			defer m.Close()
			f(t, isa, m)
		})
	}
}

// work adds to a sum so many times; its speed does not matter.
func work(times int) Contestant {
	x := 1.0
	return Contestant{Run: func() {
		for range times {
			x = x*0.5 + 1
		}
	}, FLOPs: 2 * float64(times)}
}

// A contestant with twice the work takes twice the time, so the same operations
// counted for it give half the ratio. The factor is far from any noise.
func TestTurnsAndRoundsSeeTenTimesTheWork(t *testing.T) {
	meters(t, func(t *testing.T, _ kernels.ISA, m *Meter) {
		long := work(200_000)
		long.FLOPs /= 10
		ratios := m.Turns(9, work(20_000), long)
		require.Len(t, ratios, 2)
		if ratios[0] > 0 && ratios[1] > 0 { // some pair of bursts agreed
			require.Greater(t, ratios[0], 2*ratios[1])
		}
		results := m.Rounds(2, time.Millisecond, work(20_000), long, Contestant{Run: func() {}})
		require.Len(t, results, 3)
		for _, r := range results {
			require.GreaterOrEqual(t, r.All, 18, "at least nine pairs a round")
			require.LessOrEqual(t, r.Kept, r.All)
			require.GreaterOrEqual(t, r.Spread, 0.)
			if r.Kept == 0 {
				continue
			}
			require.Positive(t, r.Seconds)
			require.Positive(t, r.Peak)
			require.Positive(t, r.Ratio)
			require.Positive(t, r.GFLOPS)
		}
		if results[0].Kept > 0 && results[1].Kept > 0 {
			require.Greater(t, results[0].Ratio, 2*results[1].Ratio)
		}
	})
}

func TestBurst(t *testing.T) {
	for _, threads := range []int{1, 3} {
		m := NewMeter(kernels.Generic, threads)
		require.Positive(t, m.Burst())
		require.Equal(t, threads, m.Pool().Size())
		m.Close()
	}
}

// A turn is 40 multiply-adds of a register, and reads nothing but its block.
func TestTransposing(t *testing.T) {
	lanes := map[kernels.ISA]float64{kernels.AVX2: 8, kernels.AVX512: 16}
	meters(t, func(t *testing.T, isa kernels.ISA, m *Meter) {
		c, ok := m.Transposing()
		require.Equal(t, isa != kernels.Generic, ok)
		require.Equal(t, 4000*40*2*lanes[isa], c.FLOPs)
		c.Run()
		for _, x := range transposed {
			require.Zero(t, x)
		}
	})
}

func TestBandwidth(t *testing.T) {
	meters(t, func(t *testing.T, _ kernels.ISA, m *Meter) {
		for _, bytes := range []int{1024, 16 << 10, 1<<20 + 1024} {
			b := m.Bandwidth(bytes, time.Millisecond)
			require.Equal(t, bytes, b.Bytes)
			require.Positive(t, b.Read)
			require.Positive(t, b.Copy)
			require.Positive(t, b.Rewrite)
		}
	})
}

// Copying copies, to the last element of odd counts of registers.
func TestMove(t *testing.T) {
	meters(t, func(t *testing.T, isa kernels.ISA, _ *Meter) {
		for _, n := range []int{128, 384, 4096} {
			src, dst := kernels.NewVector(n), kernels.NewVector(n+1)
			for i := range src {
				src[i] = float32(i + 1)
			}
			move(isa, dst[:n], src)
			require.Equal(t, src, dst[:n])
			require.Zero(t, dst[n])
			load(isa, src)
		}
	})
}
