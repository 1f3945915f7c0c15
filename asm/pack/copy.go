package main

import (
	"fmt"

	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/mmcloughlin/avo/operand"
)

// copyRows copies rows of nv vectors that lie ld apart to consecutive memory.
func copyRows(e *emit.Emitter, nv int) {
	e.Begin(fmt.Sprintf("packRows%d", nv*e.Lanes), "(rows int, dst, src *float32, ld int)",
		fmt.Sprintf("copies rows of %d floats, ld apart in src, to dst without gaps.", nv*e.Lanes))
	rows, dst, src, ld := e.LoadArg("rows"), e.LoadArg("dst"), e.LoadArg("src"), e.LoadStride("ld")
	v := e.Vecs(nv)
	e.Label("row")
	for j := range v {
		e.VMOVUPS(operand.Mem{Base: src, Disp: j * e.Bytes()}, v[j])
	}
	for j := range v {
		e.VMOVUPS(v[j], operand.Mem{Base: dst, Disp: j * e.Bytes()})
	}
	e.ADDQ(ld, src)
	e.ADDQ(operand.U32(nv*e.Bytes()), dst)
	e.DECQ(rows)
	e.JNZ(operand.LabelRef("row"))
	e.End()
}

// copyRuns copies runs of rows of nv vectors: the list points to chainParts, of which
// a is where a run starts in src and k its rows, ld apart.
func copyRuns(e *emit.Emitter, nv int) {
	e.Begin(fmt.Sprintf("packRuns%d", nv*e.Lanes), "(runs int, list *int, dst, src *float32, ld int)",
		fmt.Sprintf("copies runs of rows of %d floats, ld apart in src, to dst without gaps.", nv*e.Lanes))
	runs, list, dst, base, ld := e.LoadArg("runs"), e.LoadArg("list"), e.LoadArg("dst"), e.LoadArg("src"), e.LoadStride("ld")
	run := e.FieldsAt(list, "chainPart")
	v := e.Vecs(nv)
	src, rows := e.GP64(), e.GP64()
	e.Label("run")
	e.MOVQ(run.At("a"), src)
	e.LEAQ(operand.Mem{Base: base, Index: src, Scale: 4}, src)
	e.MOVQ(run.At("k"), rows)
	e.Label("row")
	for j := range v {
		e.VMOVUPS(operand.Mem{Base: src, Disp: j * e.Bytes()}, v[j])
	}
	for j := range v {
		e.VMOVUPS(v[j], operand.Mem{Base: dst, Disp: j * e.Bytes()})
	}
	e.ADDQ(ld, src)
	e.ADDQ(operand.U32(nv*e.Bytes()), dst)
	e.DECQ(rows)
	e.JNZ(operand.LabelRef("row"))
	e.ADDQ(operand.U8(run.Size()), list)
	e.DECQ(runs)
	e.JNZ(operand.LabelRef("run"))
	e.End()
}
