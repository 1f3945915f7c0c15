package emit

import (
	"os"
	"path/filepath"
	"testing"
)

// Offsets are those of the struct that the package declares, through named
// types, constants and embedded structs, whatever it imports.
func TestFieldsFollowTheDeclaration(t *testing.T) {
	folder := t.TempDir()
	source := `package p
import "example.org/missing"
const n = 64
type kind uint8
type inner struct { A, B float32 }
type call struct {
	k kind
	x []float32
	xStride int
	sums [n]float32
	flag bool
	inner
}
func (c *call) f() { missing.F(c) }
`
	if err := os.WriteFile(filepath.Join(folder, "p.go"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Compile(folder, AVX2, func(e *Emitter) {
		e.BeginCall("f", "call", "is a test.")
		f := e.Fields()
		for name, want := range map[string]int{"k": 0, "x": 8, "xStride": 32, "sums": 40, "flag": 296, "A": 300, "B": 304} {
			if got := f.At(name).Disp; got != want {
				t.Errorf("%s is at %d, want %d", name, got, want)
			}
		}
		if _, ok := f.offset("none"); ok {
			t.Error("found a field that is not there")
		}
		e.End()
	})
	if err != nil {
		t.Fatal(err)
	}
}
