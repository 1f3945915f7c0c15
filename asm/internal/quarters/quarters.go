// Package quarters emits transpositions in registers, of matrices of which a
// quarter of a vector is read at a time.
package quarters

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Rows is how many floats of each row, and so rows of the result, a
// transposition has.
const Rows = 4

// Quarters are what loading them needs: with AVX-512 masks of the second to last
// quarter of a vector.
type Quarters struct {
	e     *emit.Emitter
	upper []reg.Register
}

// New makes the masks.
func New(e *emit.Emitter) Quarters {
	q := Quarters{e: e}
	if !e.Wide() {
		return q
	}
	bits := e.GP32()
	for i := 1; i < e.Lanes/Rows; i++ {
		k := e.K()
		e.MOVL(operand.U32(0xf<<(Rows*i)), bits)
		e.KMOVW(bits, k)
		q.upper = append(q.upper, k)
	}
	return q
}

// Transpose loads four floats of as many rows as a vector has lanes and returns
// the columns. Rows r, r+4 and so on share a register, which leaves 4x4
// transpositions side by side.
func (q Quarters) Transpose(row func(r int) operand.Mem) [Rows]reg.VecVirtual {
	e := q.e
	x := e.Vecs(Rows)
	for r, v := range x {
		if e.Wide() {
			e.VBROADCASTF32X4(row(r), v)
			for i, mask := range q.upper {
				e.VBROADCASTF32X4(row(r+Rows*(i+1)), mask, v)
			}
			continue
		}
		upper := e.Vec() // VINSERTF128 takes a port from the multiply-adds
		e.VBROADCASTF128(row(r), v)
		e.VBROADCASTF128(row(r+Rows), upper)
		e.VBLENDPS(operand.U8(0xf0), upper, v, v)
	}
	high := e.Vec() // of rows 0 and 1; the other pairs take the place of rows
	e.VUNPCKHPS(x[1], x[0], high)
	e.VUNPCKLPS(x[1], x[0], x[0])
	e.VUNPCKHPS(x[3], x[2], x[1])
	e.VUNPCKLPS(x[3], x[2], x[2])
	e.VSHUFPS(operand.U8(0xee), x[2], x[0], x[3])
	e.VSHUFPS(operand.U8(0x44), x[2], x[0], x[0])
	e.VSHUFPS(operand.U8(0x44), x[1], high, x[2])
	e.VSHUFPS(operand.U8(0xee), x[1], high, x[1])
	return [Rows]reg.VecVirtual{x[0], x[3], x[2], x[1]}
}
