package main

import (
	"math"

	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/gopcn/gopcn/asm/internal/exp"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// softmaxRows emits softmax, or with targets the error of a cross-entropy
// output, for rows that fit one or two registers. As no chain has more than one
// element, the 64 chains are the two registers and zeros.
func softmaxRows(e *emit.Emitter) {
	e.BeginCall("softmaxRows", "softmaxRowsBlock", "runs a softmaxRowsBlock of at most two registers of columns.")
	f := e.Fields()
	cols := e.GP64()
	e.MOVQ(f.At("cols"), cols)
	e.IfPresent(f, "target", func(withTarget bool) {
		two := e.NewLabel("two")
		e.CMPQ(cols, operand.U8(e.Lanes))
		e.JA(operand.LabelRef(two))
		narrowLoop(e, f, cols, 1, withTarget)
		e.Label(two)
		narrowLoop(e, f, cols, 2, withTarget)
	})
}

// narrowLoop emits the rows and the return.
func narrowLoop(e *emit.Emitter, f emit.Fields, cols reg.GPVirtual, registers int, withTarget bool) {
	dst, u := e.Matrix(f, "dst"), e.Matrix(f, "u")
	matrices := []emit.Matrix{dst, u}
	var target emit.Matrix
	var coeff reg.VecVirtual
	if withTarget {
		target = e.Matrix(f, "target")
		coeff = e.BroadcastField(f, "coeff")
		matrices = append(matrices, target)
	}
	exp.Keep(e, 3)
	e.Rows(f, matrices, func() {
		row := newNarrowRow(e, cols, registers)
		p := row.exponentials(u)
		total := row.total(p)
		if !withTarget {
			for i, v := range p {
				row.store(i, e.Div(v, total), dst)
			}
			return
		}
		zero := e.Vec()
		e.Zero(zero)
		h := make([]reg.VecVirtual, registers)
		for i := range h {
			h[i] = row.load(i, target, zero)
		}
		targets := row.total(h)
		for i, v := range p {
			e.Deduct(h[i], e.Div(v, total), targets)
			row.store(i, e.Mul(h[i], coeff), dst)
		}
	})
	e.End()
}

// narrowRow is a row of one or two registers; tails chooses its columns.
type narrowRow struct {
	*emit.Emitter
	tails []emit.Tail
}

func newNarrowRow(e *emit.Emitter, cols reg.GPVirtual, registers int) narrowRow {
	row := narrowRow{Emitter: e}
	for i := range registers {
		count := e.GP64()
		e.MOVQ(cols, count)
		if i < registers-1 {
			e.MOVQ(operand.U32(e.Lanes), count)
		} else if i > 0 {
			e.SUBQ(operand.U8(i*e.Lanes), count)
		}
		row.tails = append(row.tails, e.Tail(count))
	}
	return row
}

// load loads a register; the columns behind the row come from v.
func (row *narrowRow) load(i int, m emit.Matrix, v reg.VecVirtual) reg.VecVirtual {
	return row.LoadTailOver(row.tails[i], m.At(i*row.Bytes()), v)
}

func (row *narrowRow) store(i int, v reg.VecVirtual, m emit.Matrix) {
	row.StoreTail(row.tails[i], v, m.At(i*row.Bytes()))
}

// exponentials returns exp(u - m), m the maximum of the row, and +0 behind the
// row. The columns there are -Inf for the maximum, but not for exp, which is
// slow where it underflows.
func (row *narrowRow) exponentials(u emit.Matrix) []reg.VecVirtual {
	nothing := row.Broadcast(float32(math.Inf(-1)))
	p := make([]reg.VecVirtual, len(row.tails))
	for i := range p {
		p[i] = row.load(i, u, nothing)
	}
	most := row.all(p, row.VMAXPS, row.VMAXSS)
	for i := range p {
		d := row.Vec()
		row.Zero(d)
		row.MoveTail(row.tails[i], row.Sub(p[i], most), d)
		p[i] = row.ClearTail(row.tails[i], exp.Exp(row.Emitter, d))
	}
	return p
}

// total returns the canonical sum in every lane.
func (row *narrowRow) total(terms []reg.VecVirtual) reg.VecVirtual {
	zero := row.Vec()
	row.Zero(zero)
	sums := make([]reg.VecVirtual, len(terms))
	for i, v := range terms {
		sums[i] = row.Add(zero, v) // a chain starts from +0, which shows where v is -0
	}
	return row.all(sums, row.VADDPS, row.VADDSS)
}

// all combines the lanes of one or two registers, upper half with lower half,
// and returns the result in every lane.
func (row *narrowRow) all(vectors []reg.VecVirtual, packed, single func(...operand.Op)) reg.VecVirtual {
	v := row.Copy(vectors[0])
	if len(vectors) == 2 {
		packed(vectors[1], v, v)
	}
	fold(row.Emitter, v, packed, single)
	row.VBROADCASTSS(v.AsX(), v)
	return v
}
