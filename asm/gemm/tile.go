package main

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// unroll is how many terms of the chains one turn of the inner loop adds.
const unroll = 4

// tile describes one micro-kernel.
type tile struct {
	*emit.Emitter
	mr, nv int

	call     emit.Fields
	acc      [][]reg.VecVirtual // mr x nv chains
	a        []reg.GPVirtual    // one pointer into A for three rows
	ars, acs reg.GPVirtual      // strides in bytes
	b, brs   reg.GPVirtual
}

// describe emits the function: for each strip it starts the chains, runs them
// and stores them.
func (t *tile) describe() {
	t.call = t.Fields()
	aStrip := t.loadField(t.call.At("a"))
	strips, c, init := t.spill(t.call.At("strips")), t.spill(t.call.At("c")), t.spill(t.call.At("init"))
	t.ars, t.acs, t.brs = t.loadStride(t.call.At("ars")), t.loadStride(t.call.At("acs")), t.loadStride(t.call.At("brs"))
	t.b = t.GP64()
	for range (t.mr + 2) / 3 {
		t.a = append(t.a, t.GP64())
	}
	for range t.mr {
		t.acc = append(t.acc, t.Vecs(t.nv))
	}

	t.Label("strip")
	t.startChains(init)
	t.runChains(aStrip)
	t.storeChains(c)
	t.ADDQ(t.rows(t.call.At("ars")), aStrip)
	t.ADDQ(t.rows(t.call.At("crs")), c)
	t.ADDQ(t.rows(t.call.At("irs")), init) // nil has stride 0 and stays nil
	t.DECQ(strips)
	t.JNZ(operand.LabelRef("strip"))
	t.End()
}

// spill copies a field to the stack, for what the inner loop has no registers
// for.
func (t *tile) spill(field operand.Mem) operand.Mem {
	m := t.AllocLocal(8)
	t.MOVQ(t.loadField(field), m)
	return m
}

func (t *tile) loadField(m operand.Mem) reg.GPVirtual {
	r := t.GP64()
	t.MOVQ(m, r)
	return r
}

func (t *tile) loadStride(m operand.Mem) reg.GPVirtual {
	r := t.loadField(m)
	t.SHLQ(operand.U8(2), r)
	return r
}

// rows returns the bytes from one strip to the next.
func (t *tile) rows(stride operand.Mem) reg.GPVirtual {
	step := t.GP64()
	t.IMUL3Q(operand.U8(4*t.mr), stride, step)
	return step
}

// startChains loads the accumulators from init, or clears them.
func (t *tile) startChains(init operand.Mem) {
	t.CMPQ(init, operand.U8(0))
	t.JNE(operand.LabelRef("load"))
	for _, row := range t.acc {
		for _, v := range row {
			t.Zero(v)
		}
	}
	t.JMP(operand.LabelRef("chains"))

	t.Label("load")
	t.eachRow(init, t.call.At("irs"), "load", func(i, j int, m operand.Mem, tail *emit.Tail) {
		if tail != nil {
			t.LoadTail(*tail, m, t.acc[i][j])
		} else {
			t.VMOVUPS(m, t.acc[i][j])
		}
	})
	t.Label("chains")
}

// storeChains scales the accumulators and stores them.
func (t *tile) storeChains(c operand.Mem) {
	for _, row := range t.acc {
		for _, v := range row {
			if t.Wide() {
				t.VMULPS_BCST(t.call.At("scale"), v, v)
			}
		}
	}
	if !t.Wide() {
		scale := t.Vec()
		t.VBROADCASTSS(t.call.At("scale"), scale)
		for _, row := range t.acc {
			for _, v := range row {
				t.VMULPS(scale, v, v)
			}
		}
	}
	t.eachRow(c, t.call.At("crs"), "store", func(i, j int, m operand.Mem, tail *emit.Tail) {
		if tail != nil {
			t.StoreTail(*tail, t.acc[i][j], m)
		} else {
			t.VMOVUPS(t.acc[i][j], m)
		}
	})
}

// eachRow visits the vectors of a block in memory. The last vector of a row may
// be cut off; then it comes with a mask. Where masks are slow (AVX2) whole
// vectors have a path of their own.
func (t *tile) eachRow(start, stride operand.Mem, label string, visit func(i, j int, m operand.Mem, tail *emit.Tail)) {
	step := t.loadStride(stride)
	count := t.loadField(t.call.At("cols"))
	t.SUBQ(operand.U8((t.nv-1)*t.Lanes), count)
	rows := func(tail *emit.Tail) {
		p := t.GP64()
		t.MOVQ(start, p)
		for i := range t.acc {
			for j := range t.nv {
				m := operand.Mem{Base: p, Disp: j * t.Bytes()}
				if j < t.nv-1 {
					visit(i, j, m, nil)
				} else {
					visit(i, j, m, tail)
				}
			}
			if i < t.mr-1 {
				t.ADDQ(step, p)
			}
		}
	}
	if !t.Wide() {
		t.CMPQ(count, operand.U8(t.Lanes))
		t.JNE(operand.LabelRef(label + "Tail"))
		rows(nil)
		t.JMP(operand.LabelRef(label + "Done"))
		t.Label(label + "Tail")
	}
	tail := t.Tail(count)
	rows(&tail)
	t.Label(label + "Done")
}

// runChains adds the terms of all parts to the chains, in ascending order.
func (t *tile) runChains(aStrip reg.GPVirtual) {
	part, parts := t.loadField(t.call.At("parts")), t.loadField(t.call.Len("parts"))
	t.Label("part")
	fields := t.FieldsAt(part, "chainPart")
	three := t.GP64()
	t.LEAQ(operand.Mem{Base: t.ars, Index: t.ars, Scale: 2}, three)
	start := t.loadField(fields.At("a"))
	t.LEAQ(operand.Mem{Base: aStrip, Index: start, Scale: 4}, t.a[0])
	for g := 1; g < len(t.a); g++ {
		t.LEAQ(operand.Mem{Base: t.a[g-1], Index: three, Scale: 1}, t.a[g])
	}
	t.MOVQ(fields.At("b"), t.b)
	t.SHLQ(operand.U8(2), t.b)
	t.ADDQ(t.call.At("b"), t.b)
	k := t.loadField(fields.At("k"))
	t.SUBQ(operand.U8(unroll), k)
	t.JL(operand.LabelRef("rest"))
	t.LoopLabel("terms")
	for range unroll {
		t.term()
	}
	t.SUBQ(operand.U8(unroll), k)
	t.JGE(operand.LabelRef("terms"))
	t.Label("rest")
	t.ADDQ(operand.U8(unroll), k)
	t.JZ(operand.LabelRef("ended"))
	t.Label("single")
	t.term()
	t.DECQ(k)
	t.JNZ(operand.LabelRef("single"))
	t.Label("ended")
	t.ADDQ(operand.U8(fields.Size()), part)
	t.DECQ(parts)
	t.JNZ(operand.LabelRef("part"))
}

// term adds A[i][l] * B[l][j] to every chain and moves on to l+1. What there is
// more of, rows or vectors, passes by one at a time.
func (t *tile) term() {
	if t.nv > t.mr {
		t.vectorByVector()
	} else {
		t.rowByRow()
	}
	for _, p := range t.a {
		t.ADDQ(t.acs, p)
	}
	t.ADDQ(t.brs, t.b)
}

func (t *tile) rowByRow() {
	b := t.Vecs(t.nv)
	for j := range b {
		t.VMOVUPS(operand.Mem{Base: t.b, Disp: j * t.Bytes()}, b[j])
	}
	for i := range t.acc {
		if t.Wide() {
			for j := range b {
				t.VFMADD231PS_BCST(t.elementOfA(i), b[j], t.acc[i][j])
			}
			continue
		}
		a := t.Vec()
		t.VBROADCASTSS(t.elementOfA(i), a)
		for j := range b {
			t.VFMADD231PS(b[j], a, t.acc[i][j])
		}
	}
}

func (t *tile) vectorByVector() {
	a := t.Vecs(t.mr)
	for i := range a {
		t.VBROADCASTSS(t.elementOfA(i), a[i])
	}
	for j := range t.nv {
		b := t.Vec()
		t.VMOVUPS(operand.Mem{Base: t.b, Disp: j * t.Bytes()}, b)
		for i := range a {
			t.VFMADD231PS(b, a[i], t.acc[i][j])
		}
	}
}

// elementOfA is the element of row i.
func (t *tile) elementOfA(i int) operand.Mem {
	m := operand.Mem{Base: t.a[i/3]}
	if i%3 > 0 {
		m.Index, m.Scale = t.ars, uint8(i%3)
	}
	return m
}
