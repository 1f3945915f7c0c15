package emit

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
	"github.com/mmcloughlin/avo/reg"
)

const rodata = attr.RODATA | attr.NOPTR

func constName(u uint32) string { return fmt.Sprintf("f32_%08x", u) }

// Family is the main function of a generator: it calls describe once for each
// target (both, if none is named) and writes <name>_<target>_amd64.s and its
// stubs into the folder given by -out.
func Family(name string, describe func(*Emitter), targets ...Target) {
	flags := flag.NewFlagSet(name, flag.ExitOnError) // Avo has its own on flag.CommandLine
	out := flags.String("out", "", "folder of the package that gets the assembly")
	flags.Parse(os.Args[1:])
	if *out == "" || flags.NArg() > 0 {
		log.Fatalf("usage: %s -out FOLDER", name)
	}
	if len(targets) == 0 {
		targets = []Target{AVX2, AVX512}
	}
	for _, target := range targets {
		if err := write(*out, name, target, describe); err != nil {
			log.Fatalf("%s %s: %v", name, target.Name, err)
		}
	}
}

// Compile runs a generator for one target up to checked instructions. Folder is
// that of the package that gets the assembly.
func Compile(folder string, target Target, describe func(*Emitter)) (*ir.File, error) {
	e := &Emitter{
		Context: build.NewContext(), Target: target, folder: folder,
		constants: map[uint32]operand.Mem{}, wide: map[uint32]operand.Mem{},
	}
	e.ConstraintExpr("!purego")
	describe(e)
	f, err := e.Result()
	if err != nil {
		return nil, err
	}
	if err := pass.Compile.Execute(f); err != nil {
		return nil, err
	}
	for _, fn := range f.Functions() {
		if err := check(target, fn); err != nil {
			return nil, fmt.Errorf("%s: %w", fn.Name, err)
		}
	}
	return f, nil
}

// baseISA is what every CPU of the AVX2 tier has. MMX+ is Avo's name for
// prefetches.
var baseISA = []string{"SSE", "SSE2", "CMOV", "MMX+", "AVX", "AVX2", "FMA3"}

// check holds what Avo does not: that AVX2 code uses nothing newer and no
// register above 15, which Avo hands out silently, and that wide code ends
// with VZEROUPPER.
func check(target Target, fn *ir.Function) error {
	if target == AVX2 {
		for _, isa := range fn.ISA {
			if !slices.Contains(baseISA, isa) {
				return fmt.Errorf("needs %s", isa)
			}
		}
	}
	previous := ""
	for _, i := range fn.Instructions() {
		if i.Opcode == "RET" && previous != "VZEROUPPER" {
			return errors.New("RET without VZEROUPPER")
		}
		previous = i.Opcode
		if target != AVX2 {
			continue
		}
		for _, op := range i.Operands {
			if r, ok := op.(reg.Physical); ok && r.Kind() == reg.KindVector && r.PhysicalIndex() > 15 {
				return fmt.Errorf("%s uses %s", i.Opcode, r.Asm())
			}
		}
	}
	return nil
}

// write puts the files in place only when both are whole: a half-written stub
// would break the next build.
func write(out, name string, target Target, describe func(*Emitter)) error {
	f, err := Compile(out, target, describe)
	if err != nil {
		return err
	}
	base := filepath.Join(out, name+"_"+strings.ToLower(target.Name)+"_amd64")
	cfg := printer.Config{Name: "asm/" + name, Pkg: filepath.Base(out)}
	for suffix, p := range map[string]printer.Printer{
		".s":  printer.NewGoAsm(cfg),
		".go": printer.NewStubs(cfg),
	} {
		text, err := p.Print(f)
		if err != nil {
			return err
		}
		partial := base + suffix + ".partial"
		if err := os.WriteFile(partial, text, 0o644); err != nil {
			return err
		}
		if err := os.Rename(partial, base+suffix); err != nil {
			return err
		}
	}
	return nil
}
