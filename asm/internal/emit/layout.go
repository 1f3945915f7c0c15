package emit

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Fields finds the fields of the struct that the parameter of a function
// begun by BeginCall points to, as the package that gets the assembly declares
// it.
type Fields struct {
	base   reg.Register
	layout *types.Named
}

// Fields loads the parameter.
func (e *Emitter) Fields() Fields { return e.FieldsAt(e.LoadArg("t"), e.call) }

// FieldsAt finds the fields of a struct that a register points to.
func (e *Emitter) FieldsAt(base reg.Register, structName string) Fields {
	pkg, err := declarations(e.folder)
	if err != nil {
		panic(err)
	}
	object := pkg.Scope().Lookup(structName)
	if object == nil {
		panic(fmt.Sprintf("%s declares no %s", e.folder, structName))
	}
	return Fields{base, object.Type().(*types.Named)}
}

// Size is the size of the struct in bytes.
func (f Fields) Size() int { return int(sizes.Sizeof(f.layout)) }

// Len returns the length of a slice by the name of its field.
func (f Fields) Len(name string) operand.Mem { return f.At(name).Offset(8) }

// At returns a field by name, also of an embedded struct; of a slice, its
// pointer.
func (f Fields) At(name string) operand.Mem {
	offset, ok := f.offset(name)
	if !ok {
		panic(fmt.Sprintf("%v has no field %s", f.layout, name))
	}
	return operand.Mem{Base: f.base, Disp: int(offset)}
}

func (f Fields) offset(name string) (offset int64, ok bool) {
	_, path, _ := types.LookupFieldOrMethod(f.layout, true, f.layout.Obj().Pkg(), name)
	var t types.Type = f.layout
	for _, i := range path {
		s := t.Underlying().(*types.Struct)
		fields := make([]*types.Var, s.NumFields())
		for j := range fields {
			fields[j] = s.Field(j)
		}
		offset += sizes.Offsetsof(fields)[i]
		t = fields[i].Type()
	}
	return offset, path != nil
}

var sizes = types.SizesFor("gc", "amd64")

// declarations type-checks a package as far as the layout of its structs
// needs: imports and whatever else is missing are left open.
func declarations(folder string) (*types.Package, error) {
	if pkg := packages[folder]; pkg != nil {
		return pkg, nil
	}
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	set := token.NewFileSet()
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	cfg := types.Config{Sizes: sizes, IgnoreFuncBodies: true, Error: func(error) {}}
	pkg, _ := cfg.Check(folder, set, files, nil) // errors are what is left open
	packages[folder] = pkg
	return pkg, nil
}

var packages = map[string]*types.Package{}
