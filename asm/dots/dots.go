package main

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/gopcn/gopcn/asm/internal/quarters"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// unroll is how many terms are transposed at once.
const unroll = quarters.Rows

// dots describes one kernel.
type dots struct {
	*emit.Emitter
	mr, groups int
	packs      bool

	call     emit.Fields
	acc      [][]reg.VecVirtual // mr x groups chains
	a        emit.RowPointers
	ars, acs reg.GPVirtual    // strides in bytes; none along the chain if the kernel packs
	panel    reg.GPVirtual    // where the next terms go, if it does
	back     reg.GPVirtual    // of A's pointers to the first term of a turn
	b        []reg.GPVirtual  // one pointer for every fourth row of B
	brs      [4]reg.GPVirtual // times 1 and 3
	quarters quarters.Quarters
}

// describe emits the function: for each set of rows of B it starts the chains,
// runs them and stores them.
func (d *dots) describe() {
	d.call = d.Fields()
	left, b := d.spill("sets"), d.spill("b")
	c, init := d.spill("c"), d.spill("init")
	d.brs[1] = d.stride("brs")
	var panel operand.Mem
	if d.packs {
		panel, d.panel = d.spill("panel"), d.GP64()
	} else {
		d.acs = d.stride("acs")
	}
	if d.mr > 1 {
		d.ars = d.stride("ars")
	}
	d.brs[3] = d.GP64()
	d.LEAQ(operand.Mem{Base: d.brs[1], Index: d.brs[1], Scale: 2}, d.brs[3])
	d.a = d.RowPointers(d.mr, d.ars)
	for range d.groups * d.Lanes / 4 {
		d.b = append(d.b, d.GP64())
	}
	for range d.mr {
		d.acc = append(d.acc, d.Vecs(d.groups))
	}
	if d.groups > 1 && d.mr > 1 {
		d.back = d.GP64()
		d.MOVQ(d.acs, d.back)
		d.SHLQ(operand.U8(2), d.back)
	}
	d.quarters = quarters.New(d.Emitter)

	d.Label("set")
	d.startChains(init)
	if d.packs {
		d.MOVQ(panel, d.panel)
		d.ADDQ(operand.U32(d.Bytes()), panel)
	}
	d.runChains(b)
	d.storeChains(c)
	step := d.GP64()
	d.IMUL3Q(operand.U32(d.groups*d.Lanes), d.brs[1], step)
	d.ADDQ(step, b)
	d.ADDQ(operand.U32(d.groups*d.Bytes()), c)
	d.CMPQ(init, operand.U8(0))
	d.JE(operand.LabelRef("next"))
	d.ADDQ(operand.U32(d.groups*d.Bytes()), init)
	d.Label("next")
	d.DECQ(left)
	d.JNZ(operand.LabelRef("set"))
	d.End()
}

// spill copies a field to the stack, for what the inner loop has no registers
// for.
func (d *dots) spill(name string) operand.Mem {
	r, m := d.GP64(), d.AllocLocal(8)
	d.MOVQ(d.call.At(name), r)
	d.MOVQ(r, m)
	return m
}

func (d *dots) stride(name string) reg.GPVirtual {
	r := d.GP64()
	d.MOVQ(d.call.At(name), r)
	d.SHLQ(operand.U8(2), r)
	return r
}

// startChains loads the accumulators from init, or clears them.
func (d *dots) startChains(init operand.Mem) {
	p := d.GP64()
	d.MOVQ(init, p)
	d.TESTQ(p, p)
	d.JNZ(operand.LabelRef("load"))
	for _, row := range d.acc {
		for _, v := range row {
			d.Zero(v)
		}
	}
	d.JMP(operand.LabelRef("chains"))
	d.Label("load")
	d.eachVector(p, d.stride("irs"), func(m operand.Mem, v reg.VecVirtual) { d.VMOVUPS(m, v) })
	d.Label("chains")
}

func (d *dots) storeChains(c operand.Mem) {
	p := d.GP64()
	d.MOVQ(c, p)
	d.eachVector(p, d.stride("crs"), func(m operand.Mem, v reg.VecVirtual) { d.VMOVUPS(v, m) })
}

// eachVector visits the accumulators with their places in memory.
func (d *dots) eachVector(p, step reg.GPVirtual, visit func(m operand.Mem, v reg.VecVirtual)) {
	for i, row := range d.acc {
		for g, v := range row {
			visit(operand.Mem{Base: p, Disp: g * d.Bytes()}, v)
		}
		if i < d.mr-1 {
			d.ADDQ(step, p)
		}
	}
}

// runChains adds all terms to the chains, in ascending order.
func (d *dots) runChains(b operand.Mem) {
	d.MOVQ(b, d.b[0])
	for q := 1; q < len(d.b); q++ {
		d.LEAQ(operand.Mem{Base: d.b[q-1], Index: d.brs[1], Scale: 4}, d.b[q])
	}
	k := d.GP64()
	d.MOVQ(d.call.At("a"), k)
	d.a.Start(operand.Mem{Base: k}, k)
	d.MOVQ(d.call.At("k"), k)
	d.SUBQ(operand.U8(unroll), k)
	d.JL(operand.LabelRef("rest"))
	d.LoopLabel("terms")
	switch {
	case d.packs:
		d.turnThatPacks()
	case d.mr == 1:
		d.turnOfOneRow()
	default:
		d.turn()
	}
	for _, p := range d.b {
		d.ADDQ(operand.U8(4*unroll), p)
	}
	d.SUBQ(operand.U8(unroll), k)
	d.JGE(operand.LabelRef("terms"))

	d.Label("rest")
	d.ADDQ(operand.U8(unroll), k)
	d.JZ(operand.LabelRef("ended"))
	d.Label("single")
	for g := range d.groups {
		lanes := d.oneTerm(g)
		if d.packs {
			d.pack(lanes, 0)
			d.ADDQ(operand.U32(panelRow(d.Emitter)), d.panel)
		}
		d.term(g, lanes)
		if g < d.groups-1 {
			d.a.Sub(d.acs)
		}
	}
	for _, p := range d.b {
		d.ADDQ(operand.U8(4), p)
	}
	d.DECQ(k)
	d.JNZ(operand.LabelRef("single"))
	d.Label("ended")
}

// turn adds four terms, group by group.
func (d *dots) turn() {
	for g := range d.groups {
		for _, lanes := range d.fourTerms(g) {
			d.term(g, lanes)
		}
		if g < d.groups-1 {
			d.a.Sub(d.back)
		}
	}
}

// turnOfOneRow is turn for one row of A, whose terms are loaded once for all
// groups.
func (d *dots) turnOfOneRow() {
	a := d.Vecs(unroll)
	for _, v := range a {
		d.VBROADCASTSS(d.a.At(0), v)
		d.a.Add(d.acs)
	}
	for g := range d.groups {
		for l, lanes := range d.fourTerms(g) {
			d.VFMADD231PS(lanes, a[l], d.acc[0][g])
		}
	}
}

// turnThatPacks is turn with A's terms side by side.
func (d *dots) turnThatPacks() {
	for l, lanes := range d.fourTerms(0) {
		d.pack(lanes, l)
		d.addTerm(0, lanes, 4*l)
	}
	d.a.Add(operand.U8(4 * unroll))
	d.ADDQ(operand.U32(unroll*panelRow(d.Emitter)), d.panel)
}

// pack stores a term, so many after the panel's next one.
func (d *dots) pack(lanes reg.VecVirtual, l int) {
	d.VMOVUPS(lanes, operand.Mem{Base: d.panel, Disp: l * panelRow(d.Emitter)})
}

// panelRow is the bytes of a panel's row.
func panelRow(e *emit.Emitter) int { return panel * e.Bytes() }

// rowOfB is row r of a group.
func (d *dots) rowOfB(g, r int) operand.Mem {
	m := operand.Mem{Base: d.b[g*d.Lanes/4+r/4]}
	switch r % 4 {
	case 1, 2:
		m.Index, m.Scale = d.brs[1], uint8(r%4)
	case 3:
		m.Index, m.Scale = d.brs[3], 1
	}
	return m
}

// fourTerms loads four terms of a group's rows and transposes them.
func (d *dots) fourTerms(g int) [unroll]reg.VecVirtual {
	return d.quarters.Transpose(func(r int) operand.Mem { return d.rowOfB(g, r) })
}

// oneTerm gathers one term of a group's rows.
func (d *dots) oneTerm(g int) reg.VecVirtual {
	lanes := d.Vec()
	for q := range d.Lanes / 4 {
		quarter := lanes
		if q > 0 {
			quarter = d.Vec()
		}
		d.VBROADCASTSS(d.rowOfB(g, 4*q), quarter)
		for r := 1; r < 4; r++ {
			d.VINSERTPS(operand.U8(16*r), d.rowOfB(g, 4*q+r), quarter.AsX(), quarter.AsX())
		}
		switch {
		case q > 0 && d.Wide():
			d.VINSERTF32X4(operand.U8(q), quarter.AsX(), lanes, lanes)
		case q > 0:
			d.VINSERTF128(operand.U8(1), quarter.AsX(), lanes, lanes)
		}
	}
	return lanes
}

// term adds A[i][l] times B's lanes to every chain of a group and moves A on to
// l+1.
func (d *dots) term(g int, lanes reg.VecVirtual) {
	d.addTerm(g, lanes, 0)
	if d.packs {
		d.a.Add(operand.U8(4))
	} else {
		d.a.Add(d.acs)
	}
}

// addTerm is term for elements so many bytes from where A stands.
func (d *dots) addTerm(g int, lanes reg.VecVirtual, offset int) {
	for i, row := range d.acc {
		m := d.a.At(i).Offset(offset)
		if d.Wide() {
			d.VFMADD231PS_BCST(m, lanes, row[g])
			continue
		}
		a := d.Vec()
		d.VBROADCASTSS(m, a)
		d.VFMADD231PS(lanes, a, row[g])
	}
}
