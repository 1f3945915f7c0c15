// Package kernels holds the float32 arithmetic that predictive coding
// networks are made of: matrix products and convolutions with fused epilogues,
// activations, pooling, batch normalisation, weight updates, vector operations
// and reductions.
//
// Every function is a method of a [Handle], which stands for one instruction
// tier: portable Go, AVX2 or AVX-512. [Default] gives the best tier of this
// CPU, [For] a particular one. All tiers return the same bits for the same
// inputs; only the payloads of NaNs are exempt. The environment variable
// GOPCN_ISA (generic, avx2 or avx512) caps the choice, and the build tag
// purego removes the assembly.
//
// # Order of operations
//
// An element of a matrix product is one chain of fused multiply-adds with k
// ascending, which starts from +0, from a bias or from the old value. Chains
// longer than 8192 are cut at multiples of 8192; the later segments start from
// +0 and are added in ascending order. Sums, dot products and energies run 64
// chains (index mod 64) that are then halved: 32, 16, 8, 4, 2, 1. Convolutions
// run through the kernel's rows, its columns and the channels, and skip taps
// outside the image; their weight gradients run through the samples and the
// pixels ([Conv]). No blocking, tuning or number of workers changes a bit.
//
// The order is that of this version of the module. A release may change it, and
// then says so: see docs/compatibility.md in the repository.
//
// # Memory
//
// Matrices are row-major ([Matrix] has the fields of gonum's blas32.General).
// No method of a Handle, Conv or Pool that computes allocates: scratch memory lives
// in a [Workspace] that the caller holds. Functions whose names begin with New, and
// [Handle.WithProfile], allocate what they return. Shape errors panic with a constant
// message that names the argument, before anything is written. Element-wise methods
// accept an output that is exactly one of the inputs; a partial overlap panics.
//
// # Goroutines
//
// A [Handle], a [Conv] and packed operands ([Packed], [PackedConv]) are immutable and
// safe for concurrent use, as long as nobody writes to the memory that packed operands
// lie in. A Workspace and a [Pool] belong to one goroutine at a time. [NewPool] is the
// only function that starts goroutines, and [Pool.Close] ends them.
package kernels
