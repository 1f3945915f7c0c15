package main

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/mmcloughlin/avo/operand"
)

// transpose emits the transposition of 8 rows, 8 columns at a time. Loading
// rows r and r+4 into the halves of one register leaves two 4x4 transpositions
// side by side, which need no shuffle across the halves.
func transpose(e *emit.Emitter) {
	e.Begin("packColumns8", "(blocks int, dst *float32, dstStride int, src *float32, ld int)",
		"transposes 8 rows of 8*blocks floats, ld apart in src, to rows of 8 that lie dstStride apart in dst.")
	blocks, dst, dstStride := e.LoadArg("blocks"), e.LoadArg("dst"), e.LoadStride("dstStride")
	src, ld := e.LoadArg("src"), e.LoadStride("ld")
	three, src4 := e.GP64(), e.GP64()
	e.LEAQ(operand.Mem{Base: ld, Index: ld, Scale: 2}, three)
	e.LEAQ(operand.Mem{Base: src, Index: ld, Scale: 4}, src4)

	e.Label("block")
	for half := range 2 { // four columns of all rows
		x := e.Vecs(4) // row r in the lower half, row r+4 in the upper one
		for r := range x {
			low, high := operand.Mem{Base: src, Disp: 16 * half}, operand.Mem{Base: src4, Disp: 16 * half}
			switch r {
			case 1, 2:
				low.Index, low.Scale = ld, uint8(r)
			case 3:
				low.Index, low.Scale = three, 1
			}
			high.Index, high.Scale = low.Index, low.Scale
			e.VMOVUPS(low, x[r].AsX())
			e.VINSERTF128(operand.U8(1), high, x[r], x[r])
		}
		pairs := e.Vecs(4) // columns 0 and 1, or 2 and 3, of two rows
		for i := range 2 {
			e.VUNPCKLPS(x[2*i+1], x[2*i], pairs[2*i])
			e.VUNPCKHPS(x[2*i+1], x[2*i], pairs[2*i+1])
		}
		for c := range 4 {
			column := e.Vec()
			e.VSHUFPS(operand.U8(0x44+0xaa*(c%2)), pairs[2+c/2], pairs[c/2], column)
			e.VMOVUPS(column, operand.Mem{Base: dst})
			e.ADDQ(dstStride, dst)
		}
	}
	e.ADDQ(operand.U8(e.Bytes()), src)
	e.ADDQ(operand.U8(e.Bytes()), src4)
	e.DECQ(blocks)
	e.JNZ(operand.LabelRef("block"))
	e.End()
}
