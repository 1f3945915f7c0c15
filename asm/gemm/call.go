package main

import (
	"unsafe"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// tileCall mirrors kernels.tileCall, which says what the fields mean. Of a
// slice only the pointer, its first word, is read.
type tileCall struct {
	mr, strips, cols, k int
	a                   []float32
	ars, acs            int
	b                   []float32
	brs                 int
	c                   []float32
	crs                 int
	init                []float32
	irs                 int
	scale               float32
}

// args finds the fields of the call that a register points to.
type args struct{ base reg.Register }

func (a args) at(offset uintptr) operand.Mem {
	return operand.Mem{Base: a.base, Disp: int(offset)}
}

var call tileCall

func (a args) strips() operand.Mem { return a.at(unsafe.Offsetof(call.strips)) }
func (a args) cols() operand.Mem   { return a.at(unsafe.Offsetof(call.cols)) }
func (a args) k() operand.Mem      { return a.at(unsafe.Offsetof(call.k)) }
func (a args) a() operand.Mem      { return a.at(unsafe.Offsetof(call.a)) }
func (a args) ars() operand.Mem    { return a.at(unsafe.Offsetof(call.ars)) }
func (a args) acs() operand.Mem    { return a.at(unsafe.Offsetof(call.acs)) }
func (a args) b() operand.Mem      { return a.at(unsafe.Offsetof(call.b)) }
func (a args) brs() operand.Mem    { return a.at(unsafe.Offsetof(call.brs)) }
func (a args) c() operand.Mem      { return a.at(unsafe.Offsetof(call.c)) }
func (a args) crs() operand.Mem    { return a.at(unsafe.Offsetof(call.crs)) }
func (a args) init() operand.Mem   { return a.at(unsafe.Offsetof(call.init)) }
func (a args) irs() operand.Mem    { return a.at(unsafe.Offsetof(call.irs)) }
func (a args) scale() operand.Mem  { return a.at(unsafe.Offsetof(call.scale)) }
