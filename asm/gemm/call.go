package main

import (
	"unsafe"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// tileCall and chainPart mirror the types of package kernels, which says what
// the fields mean. Of a slice only the pointer, its first word, and the length
// behind it are read.
type tileCall struct {
	mr, strips, cols int
	parts            []chainPart
	a                []float32
	ars, acs         int
	b                []float32
	brs              int
	c                []float32
	crs              int
	init             []float32
	irs              int
	scale            float32
}

type chainPart struct{ a, b, k int }

var (
	call tileCall
	one  chainPart
)

// at is the field at an offset of the struct that a register points to.
func at(base reg.Register, offset uintptr) operand.Mem {
	return operand.Mem{Base: base, Disp: int(offset)}
}

// args finds the fields of the call that a register points to.
type args struct{ base reg.Register }

func (a args) strips() operand.Mem    { return at(a.base, unsafe.Offsetof(call.strips)) }
func (a args) cols() operand.Mem      { return at(a.base, unsafe.Offsetof(call.cols)) }
func (a args) parts() operand.Mem     { return at(a.base, unsafe.Offsetof(call.parts)) }
func (a args) partCount() operand.Mem { return at(a.base, unsafe.Offsetof(call.parts)+8) }
func (a args) a() operand.Mem         { return at(a.base, unsafe.Offsetof(call.a)) }
func (a args) ars() operand.Mem       { return at(a.base, unsafe.Offsetof(call.ars)) }
func (a args) acs() operand.Mem       { return at(a.base, unsafe.Offsetof(call.acs)) }
func (a args) b() operand.Mem         { return at(a.base, unsafe.Offsetof(call.b)) }
func (a args) brs() operand.Mem       { return at(a.base, unsafe.Offsetof(call.brs)) }
func (a args) c() operand.Mem         { return at(a.base, unsafe.Offsetof(call.c)) }
func (a args) crs() operand.Mem       { return at(a.base, unsafe.Offsetof(call.crs)) }
func (a args) init() operand.Mem      { return at(a.base, unsafe.Offsetof(call.init)) }
func (a args) irs() operand.Mem       { return at(a.base, unsafe.Offsetof(call.irs)) }
func (a args) scale() operand.Mem     { return at(a.base, unsafe.Offsetof(call.scale)) }
