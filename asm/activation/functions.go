package main

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/mmcloughlin/avo/reg"
)

// function emits one activation. kernels/activation_generic.go is its
// definition, operation by operation, and explains it.
type function struct {
	name      string
	keep      int // constants in registers on AVX2
	constants []float32
	// evaluate returns the value and the slope at x, whose register it may
	// change. What is not wanted may be nil.
	evaluate func(e *emit.Emitter, x reg.VecVirtual, value, slope bool) (y, s reg.VecVirtual)
}

// functions are in the order of kernels.Activation.
var functions = []function{
	{"identity", 1, []float32{1}, identity},
	{"relu", 2, []float32{1, 0}, relu},
	{"leaky_relu", 2, []float32{1, leak}, leakyReLU},
	{"tanh", keepTanh, tanhConstants, tanh},
	{"sigmoid", keepSigmoid, sigmoidConstants, sigmoid},
	{"gelu", keepGELU, geluConstants, gelu},
	{"gelu_erf", keepGELUErf, geluErfConstants, geluErf},
	{"silu", keepSiLU, siluConstants, silu},
	{"hard_tanh", 2, []float32{1, -1}, hardTanh},
}
