package emit

import (
	"testing"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// compileOne compiles a function without parameters.
func compileOne(target Target, body func(e *Emitter)) error {
	_, err := Compile("", target, func(e *Emitter) {
		e.Begin("f", "()", "is a test.")
		body(e)
	})
	return err
}

func TestCompileAccepts(t *testing.T) {
	for _, target := range []Target{AVX2, AVX512} {
		err := compileOne(target, func(e *Emitter) {
			v := e.Broadcast(1)
			e.VFMADD231PS(v, v, v)
			e.PREFETCHT0(operand.Mem{Base: reg.RAX})
			e.End()
		})
		if err != nil {
			t.Errorf("%s: %v", target.Name, err)
		}
	}
}

// The controls below are what the checks exist for; each must fail.

func TestCompileRejectsHighRegisters(t *testing.T) {
	body := func(e *Emitter) {
		e.VADDPS(reg.Y1, reg.Y2, reg.Y17)
		e.End()
	}
	if compileOne(AVX2, body) == nil {
		t.Error("Y17 in AVX2 code was accepted")
	}
	if err := compileOne(AVX512, body); err != nil {
		t.Errorf("Y17 in AVX-512 code: %v", err)
	}
}

func TestCompileRejectsTooManyLiveRegisters(t *testing.T) {
	err := compileOne(AVX2, func(e *Emitter) {
		vs := e.Vecs(17)
		for _, v := range vs {
			e.Zero(v)
		}
		for _, v := range vs {
			e.VADDPS(v, v, v)
		}
		e.End()
	})
	if err == nil {
		t.Error("17 live registers in AVX2 code were accepted")
	}
}

func TestCompileRejectsNewerInstructions(t *testing.T) {
	for name, body := range map[string]func(e *Emitter){
		"AVX-512": func(e *Emitter) { e.VPXORD(reg.Z1, reg.Z1, reg.Z1) },
		"BMI2":    func(e *Emitter) { e.SHLXQ(reg.RAX, reg.RCX, reg.RDX) },
		"BMI1":    func(e *Emitter) { e.ANDNQ(reg.RAX, reg.RCX, reg.RDX) },
	} {
		err := compileOne(AVX2, func(e *Emitter) {
			body(e)
			e.End()
		})
		if err == nil {
			t.Errorf("%s in AVX2 code was accepted", name)
		}
	}
}

func TestCompileRejectsMissingVZEROUPPER(t *testing.T) {
	for _, target := range []Target{AVX2, AVX512} {
		err := compileOne(target, func(e *Emitter) {
			v := e.Vec()
			e.Zero(v)
			e.RET()
		})
		if err == nil {
			t.Errorf("%s: RET without VZEROUPPER was accepted", target.Name)
		}
	}
}
