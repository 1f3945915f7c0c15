// Command burst generates what measures the limits of a core: register-only
// multiply-adds, and reading and copying memory.
package main

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/mmcloughlin/avo/operand"
)

// chains is enough to hide the latency of two multiply-adds a cycle.
const chains = 12

// registers of memory are read or copied in each turn.
const registers = 8

func main() {
	emit.Family("burst", func(e *emit.Emitter) {
		burst(e)
		read(e)
		copies(e)
	})
}

func burst(e *emit.Emitter) {
	e.Begin("burst", "(n int)", "runs 12 n fused multiply-adds on registers that hold zeros.")
	n := e.LoadArg("n")
	x, acc := e.Vec(), e.Vecs(chains)
	e.Zero(x)
	for _, v := range acc {
		e.Zero(v)
	}
	e.Label("turn")
	for _, v := range acc {
		e.VFMADD231PS(x, x, v)
	}
	e.DECQ(n)
	e.JNZ(operand.LabelRef("turn"))
	e.End()
}

func read(e *emit.Emitter) {
	e.Begin("read", "(n int, src *float32)", "loads 8 n registers from src on and drops them.")
	n, src := e.LoadArg("n"), e.LoadArg("src")
	loaded := e.Vecs(registers)
	e.Label("turn")
	for i, v := range loaded {
		e.VMOVUPS(operand.Mem{Base: src, Disp: i * e.Bytes()}, v)
	}
	e.ADDQ(operand.U32(registers*e.Bytes()), src)
	e.DECQ(n)
	e.JNZ(operand.LabelRef("turn"))
	e.End()
}

func copies(e *emit.Emitter) {
	e.Begin("copy", "(n int, dst, src *float32)", "copies 8 n registers from src to dst.")
	n, dst, src := e.LoadArg("n"), e.LoadArg("dst"), e.LoadArg("src")
	loaded := e.Vecs(registers)
	e.Label("turn")
	for i, v := range loaded {
		e.VMOVUPS(operand.Mem{Base: src, Disp: i * e.Bytes()}, v)
	}
	for i, v := range loaded {
		e.VMOVUPS(v, operand.Mem{Base: dst, Disp: i * e.Bytes()})
	}
	e.ADDQ(operand.U32(registers*e.Bytes()), src)
	e.ADDQ(operand.U32(registers*e.Bytes()), dst)
	e.DECQ(n)
	e.JNZ(operand.LabelRef("turn"))
	e.End()
}
