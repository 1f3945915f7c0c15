// Package safetensors reads and writes the safetensors format, in which PyTorch
// users exchange weights: named arrays of numbers and a few strings, and nothing
// that could run.
//
// A file is the length of its header (8 bytes, little-endian), the header and
// the values. The header is JSON: for each tensor its type, its shape and where
// its values lie, and under "__metadata__" a map of strings. The values follow
// without gaps, row-major and little-endian.
//
// [Read] and [Write] take whole files; a [Reader] goes through one tensor by
// tensor. All three work on streams.
//
// # Hostile files
//
// Whatever the bytes, reading ends in an error or in a file that keeps every
// rule of the format: the values of each tensor are as many as its type and
// shape ask for, they neither overlap nor leave gaps, no name comes twice, and
// nothing follows the last value. Memory is asked for as bytes arrive, never
// because a header says how many there will be.
package safetensors
