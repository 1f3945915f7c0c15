package main

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// group is how many registers of columns go down the rows together, so that
// additions need not wait for each other.
const group = 4

// addRows emits the sums of columns: a group of registers at a time, then
// single ones, then the last few columns.
func addRows(e *emit.Emitter) {
	e.BeginCall("addRows", "rowsBlock", "runs a rowsBlock.")
	f := e.Fields()
	src, sums, cols, stride := e.GP64(), e.GP64(), e.GP64(), e.GP64()
	e.MOVQ(f.At("src"), src)
	e.MOVQ(f.At("sums"), sums)
	e.MOVQ(f.At("cols"), cols)
	e.MOVQ(f.At("srcStride"), stride)
	e.SHLQ(operand.U8(2), stride)

	for _, registers := range []int{group, 1} {
		loop, next := e.NewLabel("columns"), e.NewLabel("next")
		width := registers * e.Lanes
		e.Label(loop)
		e.CMPQ(cols, operand.U8(width))
		e.JB(operand.LabelRef(next))
		acc := e.Vecs(registers)
		for i, v := range acc {
			e.VMOVUPS(operand.Mem{Base: sums, Disp: i * e.Bytes()}, v)
		}
		eachRow(e, f, src, stride, func(p reg.GPVirtual) {
			for i, v := range acc {
				e.VADDPS(operand.Mem{Base: p, Disp: i * e.Bytes()}, v, v)
			}
		})
		for i, v := range acc {
			e.VMOVUPS(v, operand.Mem{Base: sums, Disp: i * e.Bytes()})
		}
		e.ADDQ(operand.U32(4*width), src)
		e.ADDQ(operand.U32(4*width), sums)
		e.SUBQ(operand.U8(width), cols)
		e.JMP(operand.LabelRef(loop))
		e.Label(next)
	}

	e.TESTQ(cols, cols)
	e.JZ(operand.LabelRef("end"))
	tail := e.Tail(cols)
	v := e.Vec()
	e.LoadTail(tail, operand.Mem{Base: sums}, v)
	eachRow(e, f, src, stride, func(p reg.GPVirtual) {
		x := e.Vec()
		e.LoadTail(tail, operand.Mem{Base: p}, x)
		e.VADDPS(x, v, v)
	})
	e.StoreTail(tail, v, operand.Mem{Base: sums})
	e.Label("end")
	e.End()
}

// eachRow runs body with a pointer that goes down the rows.
func eachRow(e *emit.Emitter, f emit.Fields, first, stride reg.GPVirtual, body func(p reg.GPVirtual)) {
	loop := e.NewLabel("row")
	p, rows := e.GP64(), e.GP64()
	e.MOVQ(first, p)
	e.MOVQ(f.At("rows"), rows)
	e.Label(loop)
	body(p)
	e.ADDQ(stride, p)
	e.DECQ(rows)
	e.JNZ(operand.LabelRef(loop))
}
