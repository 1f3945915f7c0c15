package main

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// sums runs the chains of channelSums: some registers of channels go down the
// rows together, so that additions need not wait for each other.
type sums struct {
	*emit.Emitter
	fields   emit.Fields
	inputs   []string
	pointers map[string]reg.GPVirtual
	column   reg.GPVirtual // of the first channel at hand, in bytes
	stride   reg.GPVirtual // in bytes
}

func newSums(e *emit.Emitter, inputs ...string) *sums {
	s := &sums{Emitter: e, fields: e.Fields(), inputs: inputs, pointers: map[string]reg.GPVirtual{}}
	s.column, s.stride = e.GP64(), e.GP64()
	e.XORQ(s.column, s.column)
	e.MOVQ(s.fields.At("stride"), s.stride)
	e.SHLQ(operand.U8(2), s.stride)
	return s
}

// at is the place of register i of the channels at hand.
func (s *sums) at(name string, i int) operand.Mem {
	p, ok := s.pointers[name]
	if !ok {
		p = s.GP64()
		s.MOVQ(s.fields.At(name), p)
		s.pointers[name] = p
	}
	return operand.Mem{Base: p, Index: s.column, Scale: 1, Disp: i * s.Bytes()}
}

// run emits the function. Step adds the terms of one register: acc are its
// chains, channel the constants of its channels, x the inputs.
func (s *sums) run(most int, chains, constants []string, step func(acc, channel, x []reg.VecVirtual)) {
	e := s.Emitter
	for _, names := range [][]string{s.inputs, chains, constants} {
		for _, name := range names {
			s.at(name, 0)
		}
	}
	cols := e.GP64()
	e.MOVQ(s.fields.At("cols"), cols)
	for registers := most; registers > 0; registers /= 2 {
		loop, next := e.NewLabel("channels"), e.NewLabel("next")
		width := registers * e.Lanes
		e.Label(loop)
		e.CMPQ(cols, operand.U8(width))
		e.JB(operand.LabelRef(next))
		s.group(registers, nil, chains, constants, step)
		e.ADDQ(operand.U32(4*width), s.column)
		e.SUBQ(operand.U8(width), cols)
		e.JMP(operand.LabelRef(loop))
		e.Label(next)
	}
	e.TESTQ(cols, cols)
	e.JZ(operand.LabelRef("end"))
	tail := e.Tail(cols)
	s.group(1, &tail, chains, constants, step)
	e.Label("end")
	e.End()
}

// group runs the chains of some registers of channels, or of a tail.
func (s *sums) group(registers int, tail *emit.Tail, chains, constants []string, step func(acc, channel, x []reg.VecVirtual)) {
	load := func(m operand.Mem) reg.VecVirtual {
		v := s.Vec()
		if tail != nil {
			s.LoadTail(*tail, m, v)
		} else {
			s.VMOVUPS(m, v)
		}
		return v
	}
	all := func(names []string, i int) (list []reg.VecVirtual) {
		for _, name := range names {
			list = append(list, load(s.at(name, i)))
		}
		return list
	}
	var acc, channel [][]reg.VecVirtual
	for i := range registers {
		acc = append(acc, all(chains, i))
		channel = append(channel, all(constants, i))
	}
	s.eachRow(func(inputs []reg.GPVirtual) {
		for i := range registers {
			var x []reg.VecVirtual
			for _, p := range inputs {
				x = append(x, load(operand.Mem{Base: p, Disp: i * s.Bytes()}))
			}
			step(acc[i], channel[i], x)
		}
	})
	for i := range registers {
		for c, name := range chains {
			if tail != nil {
				s.StoreTail(*tail, acc[i][c], s.at(name, i))
			} else {
				s.VMOVUPS(acc[i][c], s.at(name, i))
			}
		}
	}
}

// eachRow runs body with pointers that go down the rows of the inputs.
func (s *sums) eachRow(body func(inputs []reg.GPVirtual)) {
	loop := s.NewLabel("row")
	rows := s.GP64()
	s.MOVQ(s.fields.At("rows"), rows)
	var pointers []reg.GPVirtual
	for _, name := range s.inputs {
		p := s.GP64()
		s.LEAQ(s.at(name, 0), p)
		pointers = append(pointers, p)
	}
	s.Label(loop)
	body(pointers)
	for _, p := range pointers {
		s.ADDQ(s.stride, p)
	}
	s.DECQ(rows)
	s.JNZ(operand.LabelRef(loop))
}
