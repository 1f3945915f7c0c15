package emit

import (
	"fmt"
	"reflect"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Fields finds the fields of the struct that the parameter of a function
// begun by BeginCall points to.
type Fields struct {
	base   reg.Register
	layout reflect.Type
}

// Fields loads the parameter. Mirror is a struct with the same fields as that
// of the kernels package.
func (e *Emitter) Fields(mirror any) Fields {
	return Fields{e.LoadArg("t"), reflect.TypeOf(mirror)}
}

// At returns a field by name; of a slice, its pointer.
func (f Fields) At(name string) operand.Mem {
	field, ok := f.layout.FieldByName(name)
	if !ok {
		panic(fmt.Sprintf("%v has no field %s", f.layout, name))
	}
	return operand.Mem{Base: f.base, Disp: int(field.Offset)}
}

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
// name and nameStride.
func (e *Emitter) Matrix(f Fields, name string) Matrix {
	base := e.GP64()
	e.MOVQ(f.At(name), base)
	return Matrix{base, f.At(name + "Stride")}
}

// Lanes is where a body of a Block works: one register of elements, or the
// last few of a row.
type Lanes struct {
	e      *Emitter
	offset reg.GPVirtual
	tail   *Tail
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
	row, vector, edge, next := e.NewLabel("row"), e.NewLabel("vector"), e.NewLabel("edge"), e.NewLabel("next")
	rows, whole, rest, offset := e.GP64(), e.GP64(), e.GP64(), e.GP64()
	e.MOVQ(f.At("rows"), rows)
	e.MOVQ(f.At("cols"), whole)
	e.MOVQ(whole, rest)
	e.ANDQ(operand.U8(e.Lanes-1), rest)
	e.SUBQ(rest, whole)
	e.SHLQ(operand.U8(2), whole)

	e.Label(row)
	e.XORQ(offset, offset)
	e.CMPQ(offset, whole)
	e.JE(operand.LabelRef(edge))

	e.Label(vector)
	body(Lanes{e, offset, nil})
	e.ADDQ(operand.U8(e.Bytes()), offset)
	e.CMPQ(offset, whole)
	e.JB(operand.LabelRef(vector))

	e.Label(edge)
	e.TESTQ(rest, rest)
	e.JZ(operand.LabelRef(next))
	count := e.GP64()
	e.MOVQ(rest, count)
	tail := e.Tail(count)
	body(Lanes{e, offset, &tail})

	e.Label(next)
	stride := e.GP64()
	for _, m := range matrices {
		e.MOVQ(m.stride, stride)
		e.LEAQ(operand.Mem{Base: m.base, Index: stride, Scale: 4}, m.base)
	}
	e.DECQ(rows)
	e.JNZ(operand.LabelRef(row))
}
