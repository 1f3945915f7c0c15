package main

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// transpose emits the transposition of up to 8 rows, 8 columns at a time.
// Loading rows r and r+4 into the halves of one register leaves two 4x4
// transpositions side by side, which need no shuffle across the halves. Rows
// that are missing are read as the last one, and their lanes cleared.
func transpose(e *emit.Emitter) {
	e.Begin("packColumns8", "(columns, rows int, dst *float32, dstStride int, src *float32, ld int)",
		"transposes 1 to 8 rows of so many floats, ld apart in src, to rows of 8 that lie dstStride apart in dst, filled up with zeros.")
	t := transposition{Emitter: e, columns: e.LoadArg("columns")}
	rows, src, ld := e.LoadArg("rows"), e.LoadArg("src"), e.LoadStride("ld")
	t.dst, t.dstStride = e.LoadArg("dst"), e.LoadStride("dstStride")
	for r := range t.rows {
		t.rows[r] = e.GP64()
		if r == 0 {
			e.MOVQ(src, t.rows[r])
			continue
		}
		e.LEAQ(operand.Mem{Base: t.rows[r-1], Index: ld, Scale: 1}, t.rows[r])
		e.CMPQ(rows, operand.U8(r))
		e.CMOVQLE(t.rows[r-1], t.rows[r])
	}
	t.at = e.GP64()
	e.XORQ(t.at, t.at)
	e.CMPQ(rows, operand.U8(8))
	e.JNE(operand.LabelRef("few"))
	t.loops("", func(column reg.VecVirtual) reg.VecVirtual { return column })
	e.Label("few")
	lanes := e.Tail(rows)
	t.loops("Few", func(column reg.VecVirtual) reg.VecVirtual { return e.ClearTail(lanes, column) })
}

// loops emits the rest of the function: whole blocks, or single columns where
// there are too few for one. All columns pass through filled on their way.
func (t *transposition) loops(label string, filled func(column reg.VecVirtual) reg.VecVirtual) {
	store := func(column reg.VecVirtual) {
		t.VMOVUPS(filled(column), operand.Mem{Base: t.dst})
		t.ADDQ(t.dstStride, t.dst)
	}
	t.SUBQ(operand.U8(8), t.columns)
	t.JL(operand.LabelRef("rest" + label))
	t.LoopLabel("block" + label)
	for half := range 2 {
		t.fourColumns(half, store)
	}
	t.ADDQ(operand.U8(t.Bytes()), t.at)
	t.SUBQ(operand.U8(8), t.columns)
	t.JGE(operand.LabelRef("block" + label))
	t.Label("rest" + label)
	t.ADDQ(operand.U8(8), t.columns)
	t.JZ(operand.LabelRef("done" + label))
	t.stepBack("block"+label, "single"+label)
	t.Label("single" + label)
	store(t.oneColumn())
	t.ADDQ(operand.U8(4), t.at)
	t.DECQ(t.columns)
	t.JNZ(operand.LabelRef("single" + label))
	t.Label("done" + label)
	t.End()
}

// stepBack makes the columns that are left a whole block by taking some of the
// block before once more, if there is one.
func (t *transposition) stepBack(block, single string) {
	t.TESTQ(t.at, t.at)
	t.JZ(operand.LabelRef(single))
	back := t.GP64() // columns, negative
	t.LEAQ(operand.Mem{Base: t.columns, Disp: -8}, back)
	t.LEAQ(operand.Mem{Base: t.at, Index: back, Scale: 4}, t.at)
	t.IMULQ(t.dstStride, back)
	t.ADDQ(back, t.dst)
	t.XORQ(t.columns, t.columns)
	t.JMP(operand.LabelRef(block))
}

// transposition is 8 rows on their way through the loop.
type transposition struct {
	*emit.Emitter
	columns        reg.GPVirtual // left
	rows           [8]reg.GPVirtual
	at             reg.GPVirtual // offset of the block in every row
	dst, dstStride reg.GPVirtual
}

// element is where row r is read, so many bytes from the block on.
func (t *transposition) element(r, offset int) operand.Mem {
	return operand.Mem{Base: t.rows[r], Index: t.at, Scale: 1, Disp: offset}
}

// fourColumns transposes the lower or upper half of a block.
func (t *transposition) fourColumns(half int, visit func(column reg.VecVirtual)) {
	x := t.Vecs(4) // row r in the lower half, row r+4 in the upper one
	for r := range x {
		t.VMOVUPS(t.element(r, 16*half), x[r].AsX())
		t.VINSERTF128(operand.U8(1), t.element(r+4, 16*half), x[r], x[r])
	}
	pairs := t.Vecs(4) // columns 0 and 1, or 2 and 3, of two rows
	for i := range 2 {
		t.VUNPCKLPS(x[2*i+1], x[2*i], pairs[2*i])
		t.VUNPCKHPS(x[2*i+1], x[2*i], pairs[2*i+1])
	}
	for c := range 4 {
		column := t.Vec()
		t.VSHUFPS(operand.U8(0x44+0xaa*(c%2)), pairs[2+c/2], pairs[c/2], column)
		visit(column)
	}
}

// oneColumn gathers a single column.
func (t *transposition) oneColumn() reg.VecVirtual {
	halves := t.Vecs(2)
	for h, half := range halves {
		t.VMOVSS(t.element(4*h, 0), half.AsX())
		for r := 1; r < 4; r++ {
			t.VINSERTPS(operand.U8(16*r), t.element(4*h+r, 0), half.AsX(), half.AsX())
		}
	}
	t.VINSERTF128(operand.U8(1), halves[1].AsX(), halves[0], halves[0])
	return halves[0]
}
