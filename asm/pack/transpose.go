package main

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/mmcloughlin/avo/operand"
)

// transpose emits the transposition of 8 rows, 8 columns at a time: pairs of
// rows are interleaved, then pairs of pairs, then the halves are exchanged.
func transpose(e *emit.Emitter) {
	e.Begin("packColumns8", "(blocks int, dst *float32, dstStride int, src *float32, ld int)",
		"transposes 8 rows of 8*blocks floats, ld apart in src, to rows of 8 that lie dstStride apart in dst.")
	blocks, dst, dstStride := e.LoadArg("blocks"), e.LoadArg("dst"), e.LoadStride("dstStride")
	src, ld := e.LoadArg("src"), e.LoadStride("ld")
	three, src4 := e.GP64(), e.GP64()
	e.LEAQ(operand.Mem{Base: ld, Index: ld, Scale: 2}, three)
	e.LEAQ(operand.Mem{Base: src, Index: ld, Scale: 4}, src4)

	e.Label("block")
	x := e.Vecs(8)
	for i, base := range []operand.Mem{{Base: src}, {Base: src4}} {
		e.VMOVUPS(base, x[4*i])
		for r := 1; r < 4; r++ {
			m := base
			if m.Index, m.Scale = ld, uint8(r); r == 3 {
				m.Index, m.Scale = three, 1
			}
			e.VMOVUPS(m, x[4*i+r])
		}
	}
	pairs := e.Vecs(8)
	for i := range 4 {
		e.VUNPCKLPS(x[2*i+1], x[2*i], pairs[2*i])
		e.VUNPCKHPS(x[2*i+1], x[2*i], pairs[2*i+1])
	}
	quads := e.Vecs(8) // columns c and c+4 of rows 0-3, then of rows 4-7
	for h := range 2 {
		for c := range 2 {
			lo, hi := pairs[4*h+c], pairs[4*h+c+2]
			e.VSHUFPS(operand.U8(0x44), hi, lo, quads[4*h+2*c])
			e.VSHUFPS(operand.U8(0xee), hi, lo, quads[4*h+2*c+1])
		}
	}
	for i := range 8 {
		row := e.Vec()
		e.VPERM2F128(operand.U8(0x20+0x11*(i/4)), quads[4+i%4], quads[i%4], row)
		e.VMOVUPS(row, operand.Mem{Base: dst})
		e.ADDQ(dstStride, dst)
	}
	e.ADDQ(operand.U8(e.Bytes()), src)
	e.ADDQ(operand.U8(e.Bytes()), src4)
	e.DECQ(blocks)
	e.JNZ(operand.LabelRef("block"))
	e.End()
}
