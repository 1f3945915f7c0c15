package emit

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// At is where the row at hand of the matrix starts, so many bytes on.
func (m Matrix) At(offset int) operand.Mem { return operand.Mem{Base: m.base, Disp: offset} }

// NewLabel returns a label that the function does not have yet.
func (e *Emitter) NewLabel(name string) string {
	e.labels++
	return fmt.Sprintf("%s%d", name, e.labels)
}

// A Matrix is an operand of a Block: a pointer that moves from row to row.
type Matrix struct {
	base   reg.GPVirtual
	stride operand.Mem
}

// Matrix loads the matrix whose pointer and stride (in floats) are the fields
// name and nameStride; a vector has no stride.
func (e *Emitter) Matrix(f Fields, name string) Matrix {
	m := Matrix{base: e.GP64()}
	e.MOVQ(f.At(name), m.base)
	if _, ok := f.offset(name + "Stride"); ok {
		m.stride = f.At(name + "Stride")
	}
	return m
}

// IfPresent emits two versions of the rest of a function: one for calls where a
// slice field is not nil, and one for the others.
func (e *Emitter) IfPresent(f Fields, name string, rest func(present bool)) {
	absent := e.NewLabel("absent")
	e.CMPQ(f.At(name), operand.U8(0))
	e.JE(operand.LabelRef(absent))
	rest(true)
	e.Label(absent)
	rest(false)
}

// IfTrue is IfPresent for a bool.
func (e *Emitter) IfTrue(f Fields, name string, rest func(bool)) {
	no := e.NewLabel("not")
	e.CMPB(f.At(name), operand.U8(0))
	e.JE(operand.LabelRef(no))
	rest(true)
	e.Label(no)
	rest(false)
}

// BroadcastField returns a register with a float32 field in every lane.
func (e *Emitter) BroadcastField(f Fields, name string) reg.VecVirtual {
	v := e.Vec()
	e.VBROADCASTSS(f.At(name), v)
	return v
}

// Lanes is where a body works: one register of elements, or the last few of a
// row.
type Lanes struct {
	e      *Emitter
	offset reg.GPVirtual
	tail   *Tail
}

// Clear returns v with +0 in the lanes outside.
func (l Lanes) Clear(v reg.VecVirtual) reg.VecVirtual {
	if l.tail != nil {
		return l.e.ClearTail(*l.tail, v)
	}
	return v
}

// Load loads the lanes of a matrix into a new register; the lanes outside
// become +0.
func (l Lanes) Load(m Matrix) reg.VecVirtual {
	v := l.e.Vec()
	if l.tail != nil {
		l.e.LoadTail(*l.tail, l.mem(m), v)
	} else {
		l.e.VMOVUPS(l.mem(m), v)
	}
	return v
}

// LoadOrZero is Load, of +0 in all lanes if the matrix is absent.
func (l Lanes) LoadOrZero(m *Matrix) reg.VecVirtual {
	if m != nil {
		return l.Load(*m)
	}
	v := l.e.Vec()
	l.e.Zero(v)
	return v
}

// LoadOver is Load with the lanes outside taken from v.
func (l Lanes) LoadOver(m Matrix, v reg.VecVirtual) reg.VecVirtual {
	if l.tail != nil {
		return l.e.LoadTailOver(*l.tail, l.mem(m), v)
	}
	return l.Load(m)
}

// Offset returns how far the lanes are from the start of the row, in bytes.
func (l Lanes) Offset() reg.GPVirtual { return l.offset }

// Store stores the lanes.
func (l Lanes) Store(v reg.VecVirtual, m Matrix) {
	if l.tail != nil {
		l.e.StoreTail(*l.tail, v, l.mem(m))
	} else {
		l.e.VMOVUPS(v, l.mem(m))
	}
}

func (l Lanes) mem(m Matrix) operand.Mem {
	return operand.Mem{Base: m.base, Index: l.offset, Scale: 1}
}

// Block runs body over all elements of matrices of the same shape (f.rows x
// f.cols, neither 0). Body is emitted twice, for whole registers and for the
// end of a row.
func (e *Emitter) Block(f Fields, matrices []Matrix, body func(Lanes)) {
	line := e.newLine(f.At("cols"))
	e.Rows(f, matrices, func() { line.run(body) })
}

// Rows runs body f.rows times, not 0, with the matrices at their next row each
// time.
func (e *Emitter) Rows(f Fields, matrices []Matrix, body func()) {
	row := e.NewLabel("row")
	rows, stride := e.GP64(), e.GP64()
	e.MOVQ(f.At("rows"), rows)
	e.Label(row)
	body()
	for _, m := range matrices {
		e.MOVQ(m.stride, stride)
		e.LEAQ(operand.Mem{Base: m.base, Index: stride, Scale: 4}, m.base)
	}
	e.DECQ(rows)
	e.JNZ(operand.LabelRef(row))
}

// Line is Block for vectors of f.n elements, n not 0.
func (e *Emitter) Line(f Fields, body func(Lanes)) {
	line := e.newLine(f.At("n"))
	line.run(body)
}

// line is the loop over the elements of one row.
type line struct {
	e                   *Emitter
	whole, rest, offset reg.GPVirtual // bytes in whole registers, elements behind
}

func (e *Emitter) newLine(count operand.Mem) line {
	l := line{e, e.GP64(), e.GP64(), e.GP64()}
	e.MOVQ(count, l.whole)
	e.MOVQ(l.whole, l.rest)
	e.ANDQ(operand.U8(e.Lanes-1), l.rest)
	e.SUBQ(l.rest, l.whole)
	e.SHLQ(operand.U8(2), l.whole)
	return l
}

func (l *line) run(body func(Lanes)) {
	e := l.e
	vector, edge, end := e.NewLabel("vector"), e.NewLabel("edge"), e.NewLabel("end")
	e.XORQ(l.offset, l.offset)
	e.CMPQ(l.offset, l.whole)
	e.JE(operand.LabelRef(edge))

	e.Label(vector)
	body(Lanes{e, l.offset, nil})
	e.ADDQ(operand.U8(e.Bytes()), l.offset)
	e.CMPQ(l.offset, l.whole)
	e.JB(operand.LabelRef(vector))

	e.Label(edge)
	e.TESTQ(l.rest, l.rest)
	e.JZ(operand.LabelRef(end))
	count := e.GP64()
	e.MOVQ(l.rest, count)
	tail := e.Tail(count)
	body(Lanes{e, l.offset, &tail})
	e.Label(end)
}
