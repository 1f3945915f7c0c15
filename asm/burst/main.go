// Command burst generates what measures the limits of a core: register-only
// multiply-adds, multiply-adds of what must be transposed first, and reading and
// copying memory.
package main

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/gopcn/gopcn/asm/internal/quarters"
	"github.com/mmcloughlin/avo/operand"
)

// chains is enough to hide the latency of two multiply-adds a cycle.
const chains = 12

// registers of memory are read or copied in each turn.
const registers = 8

func main() {
	emit.Family("burst", func(e *emit.Emitter) {
		burst(e)
		transposing(e)
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

// columns is as many as a product of few columns has at most.
const columns = 10

// transposing is what is left of a product of ten columns whose vectors must be
// made of rows, without its addresses: always the same elements in L1.
func transposing(e *emit.Emitter) {
	e.Begin("transposing", "(n int, rows, factors *float32)",
		"runs 40 n multiply-adds of vectors from a transposed block at rows and of 40 numbers from factors on.")
	n, rows, factors := e.LoadArg("n"), e.LoadArg("rows"), e.LoadArg("factors")
	acc := e.Vecs(columns)
	for _, v := range acc {
		e.Zero(v)
	}
	q := quarters.New(e)
	e.LoopLabel("turn")
	block := q.Transpose(func(r int) operand.Mem { return operand.Mem{Base: rows, Disp: 4 * quarters.Rows * r} })
	for l, v := range block {
		for j := range acc {
			factor := operand.Mem{Base: factors, Disp: 4 * (l*columns + j)}
			if e.Wide() {
				e.VFMADD231PS_BCST(factor, v, acc[j])
				continue
			}
			f := e.Vec()
			e.VBROADCASTSS(factor, f)
			e.VFMADD231PS(v, f, acc[j])
		}
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
