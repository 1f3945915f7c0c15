package main

import (
	"fmt"

	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// copyRuns copies runs of rows to a panel of nv vectors: the list points to
// chainParts, of which a is where a run starts in src and k its rows, ld apart.
// Every vector has a mask, which costs no more than a plain load.
func copyRuns(e *emit.Emitter, nv int) {
	width := nv * e.Lanes
	e.Begin(fmt.Sprintf("packRuns%d", width), "(runs int, list *int, dst, src *float32, ld, cols int)",
		fmt.Sprintf("copies runs of rows of up to %d floats, ld apart in src, to rows of %d without gaps, filled up with zeros.", width, width))
	runs, list, dst, base, ld := e.LoadArg("runs"), e.LoadArg("list"), e.LoadArg("dst"), e.LoadArg("src"), e.LoadStride("ld")
	masks := columnMasks(e, e.LoadArg("cols"), nv)
	run := e.FieldsAt(list, "chainPart")
	v := e.Vecs(min(nv, 4))
	src, rows := e.GP64(), e.GP64()
	e.Label("run")
	e.MOVQ(run.At("a"), src)
	e.LEAQ(operand.Mem{Base: base, Index: src, Scale: 4}, src)
	e.MOVQ(run.At("k"), rows)
	e.LoopLabel("row")
	for first := 0; first < nv; first += len(v) {
		for j := range v {
			e.LoadTail(masks[first+j], operand.Mem{Base: src, Disp: (first + j) * e.Bytes()}, v[j])
		}
		for j := range v {
			e.VMOVUPS(v[j], operand.Mem{Base: dst, Disp: (first + j) * e.Bytes()})
		}
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

// copyStrip copies the rows of a transposed A for a strip of as many columns, up
// to nv vectors, without gaps: each row overwrites what the vectors of the one
// before had too much.
func copyStrip(e *emit.Emitter, nv int) {
	width := nv * e.Lanes
	e.Begin(fmt.Sprintf("packStrip%d", width), "(rows int, dst, src *float32, ld, cols int)",
		fmt.Sprintf("copies rows of up to %d floats, ld apart in src, to dst without gaps. It writes up to %d floats more.", width, width-1))
	rows, dst, src, ld, cols := e.LoadArg("rows"), e.LoadArg("dst"), e.LoadArg("src"), e.LoadStride("ld"), e.LoadArg("cols")
	masks := columnMasks(e, cols, nv)
	v := e.Vecs(nv)
	row := func() {
		for j := range v {
			e.LoadTail(masks[j], operand.Mem{Base: src, Disp: j * e.Bytes()}, v[j])
		}
		for j := range v {
			e.VMOVUPS(v[j], operand.Mem{Base: dst, Disp: j * e.Bytes()})
		}
		e.ADDQ(ld, src)
		e.LEAQ(operand.Mem{Base: dst, Index: cols, Scale: 4}, dst)
	}
	e.SUBQ(operand.U8(4), rows)
	e.JL(operand.LabelRef("rest"))
	e.LoopLabel("rows")
	for range 4 {
		row()
	}
	e.SUBQ(operand.U8(4), rows)
	e.JGE(operand.LabelRef("rows"))
	e.Label("rest")
	e.ADDQ(operand.U8(4), rows)
	e.JZ(operand.LabelRef("done"))
	e.Label("row")
	row()
	e.DECQ(rows)
	e.JNZ(operand.LabelRef("row"))
	e.Label("done")
	e.End()
}

// copyFourStrips is copyStrip for four strips of up to a vector beside each other,
// which together read whole cache lines. Behind each strip dst has room for what
// its last vector has too much.
func copyFourStrips(e *emit.Emitter) {
	const strips = 4
	e.Begin(fmt.Sprintf("packFourStrips%d", e.Lanes), "(rows int, dst *float32, step int, src *float32, ld, cols int)",
		fmt.Sprintf("copies rows of four times up to %d floats, ld apart in src, to four places in dst, step apart, without gaps. It writes up to %d floats more.", e.Lanes, e.Lanes-1))
	rows, dst, src, ld, cols := e.LoadArg("rows"), e.LoadArg("dst"), e.LoadArg("src"), e.LoadStride("ld"), e.LoadArg("cols")
	step := e.LoadStride("step")
	count := e.GP64()
	e.MOVQ(cols, count)
	mask := e.Tail(count)
	e.SHLQ(operand.U8(2), cols)
	place := func(first, distance, third reg.GPVirtual, i int) operand.Mem {
		m := operand.Mem{Base: first}
		switch i {
		case 1, 2:
			m.Index, m.Scale = distance, uint8(i)
		case 3:
			m.Index, m.Scale = third, 1
		}
		return m
	}
	thirdSrc, thirdDst := e.GP64(), e.GP64()
	e.LEAQ(operand.Mem{Base: cols, Index: cols, Scale: 2}, thirdSrc)
	e.LEAQ(operand.Mem{Base: step, Index: step, Scale: 2}, thirdDst)
	v := e.Vecs(strips)
	e.LoopLabel("row")
	for i := range v {
		e.LoadTail(mask, place(src, cols, thirdSrc, i), v[i])
	}
	for i := range v {
		e.VMOVUPS(v[i], place(dst, step, thirdDst, i))
	}
	e.ADDQ(ld, src)
	e.ADDQ(cols, dst)
	e.DECQ(rows)
	e.JNZ(operand.LabelRef("row"))
	e.End()
}

// columnMasks returns what the first cols columns take of each of nv vectors.
func columnMasks(e *emit.Emitter, cols reg.GPVirtual, nv int) []emit.Tail {
	masks := make([]emit.Tail, nv)
	none, all := e.GP64(), e.GP64()
	e.XORQ(none, none)
	e.MOVQ(operand.U32(e.Lanes), all)
	for j := range masks {
		count := e.GP64()
		e.MOVQ(cols, count)
		e.SUBQ(operand.U8(j*e.Lanes), count)
		e.CMOVQLT(none, count)
		e.CMPQ(count, all)
		e.CMOVQGT(all, count)
		masks[j] = e.Tail(count)
	}
	return masks
}
