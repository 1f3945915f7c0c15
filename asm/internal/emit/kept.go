package emit

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Keep loads constants into registers for the code that follows, in place of
// those kept before. On AVX2, which has half the registers, only the first few
// are kept; Val finds the others in memory.
func (e *Emitter) Keep(most int, values ...float32) {
	e.kept = map[uint32]reg.VecVirtual{}
	for i, f := range values {
		if i >= most && !e.Wide() {
			return
		}
		if u := math.Float32bits(f); e.kept[u] == nil {
			e.kept[u] = e.Broadcast(f)
		}
	}
}

// Val returns a constant in every lane as the last (first, in Go's order) operand
// of an instruction: the register where it is kept, else memory.
func (e *Emitter) Val(f float32) operand.Op {
	if v, ok := e.kept[math.Float32bits(f)]; ok {
		return v
	}
	return e.wideConst(f)
}

// Copy returns a new register with a constant or register in it.
func (e *Emitter) Copy(from operand.Op) reg.VecVirtual {
	v := e.Vec()
	e.VMOVUPS(from, v)
	return v
}

// ValReg is Val for operands that cannot be memory.
func (e *Emitter) ValReg(f float32) reg.VecVirtual {
	if v, ok := e.kept[math.Float32bits(f)]; ok {
		return v
	}
	return e.Copy(e.wideConst(f))
}

// wideConst returns a read-only register full of one float32, shared within
// the file.
func (e *Emitter) wideConst(f float32) operand.Mem {
	u := math.Float32bits(f)
	if m, ok := e.wide[u]; ok {
		return m
	}
	m := e.StaticGlobal(fmt.Sprintf("wide_%08x", u))
	e.DataAttributes(rodata)
	for i := range e.Lanes {
		e.AddDatum(4*i, operand.U32(u))
	}
	e.wide[u] = m
	return m
}
