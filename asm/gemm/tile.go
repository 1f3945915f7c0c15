package main

import (
	"math"

	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// unroll is how many terms of the chains one turn of the inner loop adds.
const unroll = 4

// fetched is how many terms ahead B is fetched where several panels stream by.
const fetched = 16

// tile describes one micro-kernel.
type tile struct {
	*emit.Emitter
	mr, nv int

	call                    emit.Fields
	aStrip, c, init, strips reg.GPVirtual      // of the current strip
	acc                     [][]reg.VecVirtual // mr x nv chains
	a                       emit.RowPointers
	b                       reg.GPVirtual
	ars, acs, brs           reg.GPVirtual    // strides in bytes
	panels                  [4]reg.GPVirtual // distances in bytes of the panels after the first
	ahead                   reg.GPVirtual    // where B is fetched for later terms
}

// describe emits the function: for each strip it starts the chains, runs them
// and stores them. Between strips there are few instructions, so that the next
// strip's multiply-adds are found before those of the last one have run out.
func (t *tile) describe() {
	t.call = t.Fields()
	t.aStrip, t.c, t.init = t.loadField(t.call.At("a")), t.loadField(t.call.At("c")), t.loadField(t.call.At("init"))
	t.strips = t.loadField(t.call.At("strips"))
	t.ars, t.acs, t.brs = t.loadStride(t.call.At("ars")), t.loadStride(t.call.At("acs")), t.loadStride(t.call.At("brs"))
	t.loadPanels()
	t.b = t.GP64()
	t.a = t.RowPointers(t.mr, t.ars)
	for range t.mr {
		t.acc = append(t.acc, t.Vecs(t.nv))
	}

	t.Label("strip")
	t.startChains()
	t.prefetchC()
	t.runChains()
	t.scaleChains()
	t.storeChains()
	step := t.loadField(t.call.At("step"))
	t.LEAQ(operand.Mem{Base: t.aStrip, Index: step, Scale: 4}, t.aStrip)
	t.DECQ(t.strips)
	t.JNZ(operand.LabelRef("strip"))
	t.End()
}

// loadPanels prepares tiles that reach over several panels. Such tiles have few
// rows, so B comes from far away and is fetched some terms ahead.
func (t *tile) loadPanels() {
	if t.nv <= panel {
		return
	}
	t.panels[1] = t.loadStride(t.call.At("bps"))
	if t.nv > 3*panel {
		t.panels[3] = t.GP64()
		t.LEAQ(operand.Mem{Base: t.panels[1], Index: t.panels[1], Scale: 2}, t.panels[3])
	}
	t.ahead = t.GP64()
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

// startChains loads the accumulators from init, or clears them.
func (t *tile) startChains() {
	t.TESTQ(t.init, t.init)
	t.JNZ(operand.LabelRef("load"))
	for _, row := range t.acc {
		for _, v := range row {
			t.Zero(v)
		}
	}
	t.JMP(operand.LabelRef("chains"))

	t.Label("load")
	t.eachRow(t.init, t.call.At("irs"), "load", func(i, j int, m operand.Mem, tail *emit.Tail) {
		if tail != nil {
			t.LoadTail(*tail, m, t.acc[i][j])
		} else {
			t.VMOVUPS(m, t.acc[i][j])
		}
	})
	t.Label("chains")
}

// prefetchC asks for the block of C of the next strip, which has the chains of
// this one's time to arrive.
func (t *tile) prefetchC() {
	step, p := t.loadStride(t.call.At("crs")), t.GP64()
	t.IMUL3Q(operand.U8(t.mr), step, p)
	t.ADDQ(t.c, p)
	for i := range t.mr {
		t.PREFETCHT0(operand.Mem{Base: p})
		if i < t.mr-1 {
			t.ADDQ(step, p)
		}
	}
}

// scaleChains multiplies by the scale, unless it is 1.
func (t *tile) scaleChains() {
	t.CMPL(t.call.At("scale"), operand.U32(math.Float32bits(1)))
	t.JEQ(operand.LabelRef("scaled"))
	scale := t.Vec()
	t.VBROADCASTSS(t.call.At("scale"), scale)
	for _, row := range t.acc {
		for _, v := range row {
			t.VMULPS(scale, v, v)
		}
	}
	t.Label("scaled")
}

// storeChains stores the accumulators.
func (t *tile) storeChains() {
	t.eachRow(t.c, t.call.At("crs"), "store", func(i, j int, m operand.Mem, tail *emit.Tail) {
		if tail != nil {
			t.StoreTail(*tail, t.acc[i][j], m)
		} else {
			t.VMOVUPS(t.acc[i][j], m)
		}
	})
}

// eachRow visits the vectors of a block in memory and leaves p at the next
// strip's. The last vector of a row may be cut off; then it comes with a mask.
// Where masks are slow (AVX2) whole vectors have a path of their own.
func (t *tile) eachRow(p reg.GPVirtual, stride operand.Mem, label string, visit func(i, j int, m operand.Mem, tail *emit.Tail)) {
	step := t.loadStride(stride)
	rows := func(tail *emit.Tail) {
		for i := range t.acc {
			for j := range t.nv {
				m := operand.Mem{Base: p, Disp: j * t.Bytes()}
				if j < t.nv-1 {
					visit(i, j, m, nil)
				} else {
					visit(i, j, m, tail)
				}
			}
			t.ADDQ(step, p)
		}
	}
	if !t.Wide() {
		t.CMPQ(t.call.At("cols"), operand.U8(t.nv*t.Lanes))
		t.JNE(operand.LabelRef(label + "Tail"))
		rows(nil)
		t.JMP(operand.LabelRef(label + "Done"))
		t.Label(label + "Tail")
	}
	count := t.loadField(t.call.At("cols"))
	t.SUBQ(operand.U8((t.nv-1)*t.Lanes), count)
	tail := t.Tail(count)
	rows(&tail)
	t.Label(label + "Done")
}

// runChains adds the terms of all parts to the chains, in ascending order.
func (t *tile) runChains() {
	part := t.loadField(t.call.At("parts"))
	left := t.AllocLocal(8)
	parts := t.loadField(t.call.Len("parts"))
	t.MOVQ(parts, left)
	t.Label("part")
	fields := t.FieldsAt(part, "chainPart")
	k := t.GP64() // holds offsets before
	t.MOVQ(fields.At("a"), k)
	t.a.Start(operand.Mem{Base: t.aStrip, Index: k, Scale: 4}, k)
	t.MOVQ(fields.At("b"), k)
	t.MOVQ(t.call.At("b"), t.b)
	t.LEAQ(operand.Mem{Base: t.b, Index: k, Scale: 4}, t.b)
	if t.ahead != nil {
		t.IMUL3Q(operand.U8(fetched), t.brs, t.ahead)
		t.ADDQ(t.b, t.ahead)
	}
	t.MOVQ(fields.At("k"), k)
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
	t.DECQ(left)
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
	t.a.Add(t.acs)
	t.ADDQ(t.brs, t.b)
	if t.ahead != nil {
		t.ADDQ(t.brs, t.ahead)
	}
}

func (t *tile) rowByRow() {
	b := t.Vecs(t.nv)
	for j := range b {
		t.VMOVUPS(t.vectorOfB(j), b[j])
	}
	for i := range t.acc {
		if t.Wide() {
			for j := range b {
				t.VFMADD231PS_BCST(t.a.At(i), b[j], t.acc[i][j])
			}
			continue
		}
		a := t.Vec()
		t.VBROADCASTSS(t.a.At(i), a)
		for j := range b {
			t.VFMADD231PS(b[j], a, t.acc[i][j])
		}
	}
}

func (t *tile) vectorByVector() {
	a := t.Vecs(t.mr)
	for i := range a {
		t.VBROADCASTSS(t.a.At(i), a[i])
	}
	for j := range t.nv {
		if t.ahead != nil && (t.Wide() || j%2 == 0) { // once a cache line
			m := t.vectorOfB(j)
			m.Base = t.ahead
			t.PREFETCHT0(m)
		}
		if t.mr == 1 {
			t.VFMADD231PS(t.vectorOfB(j), a[0], t.acc[0][j])
			continue
		}
		b := t.Vec()
		t.VMOVUPS(t.vectorOfB(j), b)
		for i := range a {
			t.VFMADD231PS(b, a[i], t.acc[i][j])
		}
	}
}

// vectorOfB is vector j of the term at hand.
func (t *tile) vectorOfB(j int) operand.Mem {
	m := operand.Mem{Base: t.b, Disp: j % panel * t.Bytes()}
	switch p := j / panel; p {
	case 1, 2:
		m.Index, m.Scale = t.panels[1], uint8(p)
	case 3:
		m.Index, m.Scale = t.panels[3], 1
	}
	return m
}
