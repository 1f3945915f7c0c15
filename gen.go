// Package gopcn is a module of two libraries and their commands.
//
// Package kernels holds fast float32 arithmetic in pure Go and generated
// assembly with the same bits on every machine. Package pcn builds and trains
// predictive coding networks on top of it, and pcn/cmd/pcn is its command.
//
// The lines below rebuild every generated file from a clean clone:
//
//	go generate ./...
package gopcn

//go:generate go run -C asm ./gemm -out ../kernels
//go:generate go run -C asm ./dots -out ../kernels
//go:generate go run -C asm ./pack -out ../kernels
//go:generate go run -C asm ./burst -out ../tune/measure
//go:generate go run -C pcn/data/glyphgen .
//go:generate go run -C asm ./activation -out ../kernels
//go:generate go run -C asm ./update -out ../kernels
//go:generate go run -C asm ./reduce -out ../kernels
//go:generate go run -C asm ./vector -out ../kernels
//go:generate go run -C asm ./spatial -out ../kernels
//go:generate go run -C asm ./batchnorm -out ../kernels

// Last, because it reads what the others wrote.
//go:generate go run -C asm ./sum -out ../kernels
