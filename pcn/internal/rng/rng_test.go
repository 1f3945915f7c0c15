package rng

import (
	"math"
	"math/bits"
	"testing"

	"github.com/stretchr/testify/require"
)

// The values of a stream are part of every run's result: they never change.
func TestStreamIsPinned(t *testing.T) {
	r := New(42, Order, 7)
	require.Equal(t, []uint64{0xd2dee724f051e4ae, 0xd3e6a00200cbb327, 0x184cd56a31512eec}, []uint64{r.Uint64(), r.Uint64(), r.Uint64()})
	require.Equal(t, uint64(955), r.Uint64N(1000))
	require.Equal(t, 26628, r.IntN(60000))
	require.Equal(t, uint32(0x3f3af451), math.Float32bits(r.Float32()))
	require.Equal(t, uint32(0xbe4a4930), math.Float32bits(r.Uniform(-0.3, 0.3)))
}

// The first output of SplitMix64 from state 0, as published.
func TestMix(t *testing.T) {
	require.Equal(t, uint64(0xe220a8397b1dcdaf), mix(0))
}

func TestSeedRestarts(t *testing.T) {
	r := New(1, 2, 3)
	first := r.Uint64()
	r.Uint64()
	r.Seed(1, 2, 3)
	require.Equal(t, first, r.Uint64())
}

// Streams of neighbouring paths differ in about half of their bits: 64 draws
// have 4096 bits, whose distance has a standard deviation of 32.
func TestNeighboursAreUnrelated(t *testing.T) {
	base := []uint64{5, Order, 9}
	others := [][]uint64{
		{4, Order, 9}, {6, Order, 9}, {5, Augment, 9}, {5, Order, 8},
		{5, Order, 10}, {5, Order}, {5, Order, 9, 0}, {5 | 1<<63, Order, 9},
		{9, Order, 5}, {Order, 5, 9}, {5, 9, Order},
	}
	for _, other := range others {
		a, b := New(base[0], base[1:]...), New(other[0], other[1:]...)
		distance := 0
		for range 64 {
			distance += bits.OnesCount64(a.Uint64() ^ b.Uint64())
		}
		require.InDelta(t, 2048, distance, 5*32, "path %v", other)
	}
}

// First draws over consecutive epochs, which is how Seed is used, are uniform.
func TestFirstDrawsAreUniform(t *testing.T) {
	const n, cells = 64000, 64
	var seen [cells]int
	var r Rand
	for epoch := range uint64(n) {
		r.Seed(0, Order, epoch)
		seen[r.Uint64N(cells)]++
	}
	chi := 0.0
	for _, s := range seen {
		d := float64(s - n/cells)
		chi += d * d / (n / cells)
	}
	// 63 degrees of freedom: mean 63, standard deviation 11.2.
	require.InDelta(t, cells-1, chi, 50)
}

func TestUint64NCoversItsRange(t *testing.T) {
	r := New(3)
	var seen [7]int
	for range 7000 {
		seen[r.Uint64N(7)]++
	}
	for value, s := range seen {
		require.InDelta(t, 1000, s, 150, "value %d", value)
	}
	require.Zero(t, r.Uint64N(1))
	for range 100 {
		// A quarter of the draws fall into the surplus and are repeated.
		require.Less(t, r.Uint64N(3<<62), uint64(3<<62))
	}
}

func TestBoundsMustBePositive(t *testing.T) {
	r := New(0)
	require.PanicsWithValue(t, "rng: Uint64N: n is 0", func() { r.Uint64N(0) })
	require.PanicsWithValue(t, "rng: IntN: n is not positive", func() { r.IntN(0) })
	require.PanicsWithValue(t, "rng: IntN: n is not positive", func() { r.IntN(-1) })
}

func TestFloats(t *testing.T) {
	r := New(8)
	sum := 0.0
	const n = 10000
	for range n {
		f := r.Float32()
		require.True(t, f >= 0 && f < 1)
		scaled := f * (1 << 24)
		require.Equal(t, float32(int(scaled)), scaled, "a multiple of 2^-24")
		sum += float64(f)

		u := r.Uniform(-0.25, 0.5)
		require.True(t, u >= -0.25 && u <= 0.5)
	}
	require.InDelta(t, 0.5, sum/n, 0.02)
	require.Equal(t, float32(2), r.Uniform(2, 2))
}

func TestSeedDoesNotAllocate(t *testing.T) {
	var r Rand
	var sink uint64
	epoch := uint64(0)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		epoch++
		r.Seed(1, Augment, epoch, 5)
		sink += r.Uint64()
	}))
}
