package emit

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Small unsigned numbers are bytes in memory and one 32-bit integer a lane in
// registers.

// EqualInts chooses the lanes where two integers are equal.
func (e *Emitter) EqualInts(a, b reg.VecVirtual) Where {
	if e.Wide() {
		k := e.K()
		e.VPCMPEQD(b, a, k)
		return Where{e: e, k: k}
	}
	v := e.Vec()
	e.VPCMPEQD(b, a, v)
	return Where{e: e, mask: v}
}

// LoadBytes loads a register of bytes.
func (e *Emitter) LoadBytes(m operand.Mem) reg.VecVirtual {
	v := e.Vec()
	e.VPMOVZXBD(m, v)
	return v
}

// LoadBytesTail loads the bytes that t selects, which are count; the others
// become 0.
func (e *Emitter) LoadBytesTail(t Tail, count reg.GPVirtual, m operand.Mem) reg.VecVirtual {
	v := e.Vec()
	if e.Wide() {
		e.VPMOVZXBD_Z(m, t.k, v)
		return v
	}
	x := e.XMM()
	e.VPXOR(x, x, x)
	e.eachByte(count, func(i int) { e.VPINSRB(operand.U8(i), m.Offset(i), x, x) })
	e.VPMOVZXBD(x, v)
	return v
}

// StoreBytes stores a register as bytes; its numbers must be below 128.
func (e *Emitter) StoreBytes(v reg.VecVirtual, m operand.Mem) {
	if e.Wide() {
		e.VPMOVDB(v, m)
		return
	}
	e.VMOVQ(e.packBytes(v), m)
}

// StoreBytesTail stores the bytes that t selects, which are count.
func (e *Emitter) StoreBytesTail(t Tail, count reg.GPVirtual, v reg.VecVirtual, m operand.Mem) {
	if e.Wide() {
		e.VPMOVDB(v, t.k, m)
		return
	}
	x := e.packBytes(v)
	e.eachByte(count, func(i int) { e.VPEXTRB(operand.U8(i), x, m.Offset(i)) })
}

// packBytes returns the eight numbers of a ymm register as eight bytes.
func (e *Emitter) packBytes(v reg.VecVirtual) reg.VecVirtual {
	x := e.XMM()
	e.VEXTRACTI128(operand.U8(1), v, x)
	e.VPACKUSDW(x, v.AsX(), x)
	e.VPACKUSWB(x, x, x)
	return x
}

// eachByte runs body for the first count bytes, 1 to Lanes-1.
func (e *Emitter) eachByte(count reg.GPVirtual, body func(i int)) {
	end := e.NewLabel("bytes")
	for i := range e.Lanes - 1 {
		body(i)
		if i < e.Lanes-2 {
			e.CMPQ(count, operand.U8(i+1))
			e.JE(operand.LabelRef(end))
		}
	}
	e.Label(end)
}
