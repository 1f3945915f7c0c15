// Package rng draws the random numbers of a training run: streams of integers
// that are a pure function of a seed and of a path of whole numbers (what the
// numbers are for, the epoch, the sample), the same on every machine.
//
// The generator is the PCG of math/rand/v2, whose sequence Go promises to
// keep. What Go does not promise to keep, the way from 64 random bits to a
// bounded integer or a float, is written out here. Floats are made of 24
// random bits times 2^-24, and every product of Uniform is rounded explicitly,
// so that no compiler may fuse it into the sum that follows.
package rng

import (
	"math/bits"
	"math/rand/v2"
)

// The first word of a stream's path says what its numbers are for, so that no
// two users of one seed ever read the same numbers. Append to the list; a
// changed value changes every run.
const (
	Order   uint64 = 1 // the order of the samples of an epoch
	Augment uint64 = 2 // random flips and crops
	Glyphs  uint64 = 3 // the images of the built-in set
	Weights uint64 = 4 // initial weights
)

// Rand is one stream of random numbers. It is no larger than two words, holds
// no pointer and may be copied (a copy repeats what the original will draw).
// It is not safe for concurrent use: give every goroutine its own stream. The
// zero value is a stream that nobody else has; call Seed to choose one.
//
// Rand is a math/rand/v2 Source, so that rand.New(&r) offers the rest.
type Rand struct {
	pcg rand.PCG
}

// New returns the stream of the given seed and path: see Seed.
func New(seed uint64, path ...uint64) *Rand {
	r := new(Rand)
	r.Seed(seed, path...)
	return r
}

// Seed moves r to the beginning of the stream of the given seed and path, for
// instance Seed(seed, rng.Order, epoch). It allocates nothing.
//
// The words pass through two chains of 64-bit hashes, one for each half of the
// generator's state, in which every word changes about half of the bits:
// neighbouring seeds, epochs and samples give unrelated streams. Paths of
// different lengths differ, too: (1) is not (1, 0).
func (r *Rand) Seed(seed uint64, path ...uint64) {
	hi := mix(seed ^ laneHi)
	lo := mix(seed ^ laneLo)
	for _, word := range path {
		hi = mix(hi ^ word)
		lo = mix(lo ^ word)
	}
	n := uint64(len(path))
	r.pcg.Seed(mix(hi+n), mix(lo+n))
}

// Uint64 returns 64 random bits.
func (r *Rand) Uint64() uint64 {
	return r.pcg.Uint64()
}

// Uint64N returns a number in [0, n), each with the same probability. It
// panics if n is 0.
//
// The number is the upper half of the 128-bit product of n and 64 random bits;
// a draw whose lower half falls into the 2^64 mod n surplus values is repeated
// (Lemire 2019).
func (r *Rand) Uint64N(n uint64) uint64 {
	if n == 0 {
		panic("rng: Uint64N: n is 0")
	}
	hi, lo := bits.Mul64(r.Uint64(), n)
	if lo < n {
		surplus := -n % n
		for lo < surplus {
			hi, lo = bits.Mul64(r.Uint64(), n)
		}
	}
	return hi
}

// IntN returns a number in [0, n), each with the same probability. It panics
// if n is not positive.
func (r *Rand) IntN(n int) int {
	if n <= 0 {
		panic("rng: IntN: n is not positive")
	}
	return int(r.Uint64N(uint64(n)))
}

// Float32 returns a number in [0, 1): a multiple of 2^-24, each with the same
// probability. It takes the upper 24 of 64 random bits.
func (r *Rand) Float32() float32 {
	return float32(r.Uint64()>>40) * 0x1p-24
}

// Uniform returns lo + (hi-lo) Float32(), each operation rounded to float32.
// The result lies in [lo, hi]: rounding may reach hi, where it is a neighbour
// of lo. Callers keep hi-lo finite.
func (r *Rand) Uniform(lo, hi float32) float32 {
	width := float32(hi - lo)
	offset := float32(width * r.Float32())
	return lo + offset
}

// The golden ratio's 64-bit fraction, and two unrelated starting points (the
// fractions of pi and e) that keep the two halves of the state apart.
const (
	golden uint64 = 0x9e3779b97f4a7c15
	laneHi uint64 = 0x243f6a8885a308d3
	laneLo uint64 = 0xb7e151628aed2a6a
)

// mix is the finaliser of SplitMix64: a bijection in which every input bit
// changes each output bit with a probability close to one half.
func mix(x uint64) uint64 {
	x += golden
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
