// Package emit is what the generators share: the two vector tiers, and a
// command that compiles a family of kernels for both, checks the result and
// writes it.
//
// A generator describes a kernel once, against an [Emitter]. Most AVX
// instructions have one mnemonic for all widths, so the same description
// yields AVX2 and AVX-512 code; where the tiers differ, it asks Wide.
package emit

import (
	"go/types"
	"math"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/gotypes"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Target is a tier of vector instructions.
type Target struct {
	Name  string // suffix of the functions
	Lanes int    // float32 in a register
}

var (
	AVX2   = Target{"AVX2", 8}
	AVX512 = Target{"AVX512", 16}
)

// Emitter builds functions for one target.
type Emitter struct {
	*build.Context
	Target
	constants map[uint32]operand.Mem    // one float32 each
	wide      map[uint32]operand.Mem    // a register full each
	kept      map[uint32]reg.VecVirtual // see Keep
	masks     *operand.Mem              // what Tail reads its masks from
	folder    string                    // of the package that gets the assembly
	call      string                    // the struct of the current function, see BeginCall
	labels    int                       // made by NewLabel so far
}

// Wide reports whether the registers have 512 bits.
func (e *Emitter) Wide() bool { return e.Lanes == 16 }

// Bytes is the size of a register.
func (e *Emitter) Bytes() int { return 4 * e.Lanes }

// Vec returns a new vector register of the target's width.
func (e *Emitter) Vec() reg.VecVirtual {
	if e.Wide() {
		return e.ZMM()
	}
	return e.YMM()
}

// Vecs returns n new vector registers.
func (e *Emitter) Vecs(n int) []reg.VecVirtual {
	v := make([]reg.VecVirtual, n)
	for i := range v {
		v[i] = e.Vec()
	}
	return v
}

// Begin starts the function name+target, a leaf that keeps none of its
// pointers. The signature is Go without the name: "(n int, x *float32)".
func (e *Emitter) Begin(name, signature, doc string) {
	e.begin(name, doc)
	e.SignatureExpr("func" + signature)
}

// BeginCall starts a function whose one parameter t points to a struct of the
// kernels package: short to call where there are many arguments.
func (e *Emitter) BeginCall(name, structName, doc string) {
	e.begin(name, doc)
	e.call = structName
	pkg := types.NewPackage("kernels", "kernels")
	named := types.NewNamed(types.NewTypeName(0, pkg, structName, nil), types.NewStruct(nil, nil), nil)
	t := types.NewParam(0, pkg, "t", types.NewPointer(named))
	e.Signature(gotypes.NewSignature(pkg, types.NewSignatureType(nil, nil, nil, types.NewTuple(t), nil, false)))
}

func (e *Emitter) begin(name, doc string) {
	e.Function(name + e.Name)
	e.Attributes(attr.NOSPLIT)
	e.Doc(name + e.Name + " " + doc)
	e.Pragma("noescape")
}

// End clears the upper halves, without which later SSE code is slow, and
// returns.
func (e *Emitter) End() {
	e.VZEROUPPER()
	e.RET()
}

// LoadArg loads a parameter into a new 64-bit register.
func (e *Emitter) LoadArg(name string) reg.GPVirtual {
	r := e.GP64()
	e.Load(e.Param(name), r)
	return r
}

// LoadStride loads a distance in floats as one in bytes.
func (e *Emitter) LoadStride(name string) reg.GPVirtual {
	r := e.LoadArg(name)
	e.SHLQ(operand.U8(2), r)
	return r
}

// Zero clears a vector register.
func (e *Emitter) Zero(v reg.VecVirtual) {
	if e.Wide() {
		e.VPXORD(v, v, v)
		return
	}
	e.VXORPS(v, v, v)
}

// Const returns a read-only float32 in memory, shared within the file.
func (e *Emitter) Const(f float32) operand.Mem { return e.ConstBits(math.Float32bits(f)) }

// ConstBits is Const for a bit pattern.
func (e *Emitter) ConstBits(u uint32) operand.Mem {
	if m, ok := e.constants[u]; ok {
		return m
	}
	m := e.ConstData(constName(u), operand.U32(u))
	e.constants[u] = m
	return m
}

// Broadcast returns a register with a constant in every lane.
func (e *Emitter) Broadcast(f float32) reg.VecVirtual {
	v := e.Vec()
	e.VBROADCASTSS(e.Const(f), v)
	return v
}

// BroadcastBits is Broadcast for a bit pattern.
func (e *Emitter) BroadcastBits(u uint32) reg.VecVirtual {
	v := e.Vec()
	e.VBROADCASTSS(e.ConstBits(u), v)
	return v
}

// LoopLabel is Label for the head of a hot loop: it starts a cache line, so
// that its speed does not depend on what the linker put before it.
func (e *Emitter) LoopLabel(name string) {
	e.Instruction(&ir.Instruction{Opcode: "PCALIGN", Operands: []operand.Op{operand.Imm(64)}})
	e.Label(name)
}
