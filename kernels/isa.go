package kernels

import (
	"fmt"
	"os"
	"sync"
)

// ISA is a tier of instructions. Higher tiers include the lower ones.
type ISA uint8

const (
	Generic ISA = iota // portable Go
	AVX2               // AVX2 and FMA3, 256-bit registers
	AVX512             // AVX-512 F, DQ, BW, VL and CD, 512-bit registers
)

// EnvISA is the environment variable that caps the tier.
const EnvISA = "GOPCN_ISA"

var isaNames = [...]string{Generic: "generic", AVX2: "avx2", AVX512: "avx512"}

// String returns the name that [ParseISA] and GOPCN_ISA understand.
func (i ISA) String() string {
	if int(i) < len(isaNames) {
		return isaNames[i]
	}
	return fmt.Sprintf("ISA(%d)", uint8(i))
}

// ParseISA is the inverse of [ISA.String].
func ParseISA(s string) (ISA, error) {
	for i, name := range isaNames {
		if s == name {
			return ISA(i), nil
		}
	}
	return Generic, fmt.Errorf("kernels: unknown instruction tier %q: use generic, avx2 or avx512", s)
}

// limit is the best tier of this process: what the CPU and the build offer,
// capped by GOPCN_ISA. A value of the variable that is no tier is an error,
// and then only portable Go is left.
var limit = sync.OnceValues(func() (ISA, error) {
	value, set := os.LookupEnv(EnvISA)
	if !set || value == "" {
		return detect(), nil
	}
	isa, err := ParseISA(value)
	if err != nil {
		return Generic, fmt.Errorf("%w (environment variable %s)", err, EnvISA)
	}
	return min(isa, detect()), nil
})

// Available lists the tiers that [For] accepts, lowest first. The error
// reports a value of GOPCN_ISA that is not a tier; the list is then Generic
// alone.
func Available() ([]ISA, error) {
	best, err := limit()
	list := make([]ISA, 0, len(isaNames))
	for isa := Generic; isa <= best; isa++ {
		list = append(list, isa)
	}
	return list, err
}

// Detected returns the best tier that this CPU, operating system and build
// support, whatever GOPCN_ISA says.
func Detected() ISA { return detect() }

// A Handle gives access to the kernels of one tier. It is immutable.
type Handle struct {
	isa     ISA
	profile Profile
	g       geometry
}

var handles = [...]Handle{newHandle(Generic), newHandle(AVX2), newHandle(AVX512)}

func newHandle(isa ISA) Handle {
	p := defaultProfile(isa, detectCaches())
	return Handle{isa: isa, profile: p, g: newGeometry(isa, &p)}
}

// For returns the handle of a tier, or an error if this CPU, operating system
// or build lacks it, if GOPCN_ISA caps it or if GOPCN_ISA is no tier.
func For(isa ISA) (*Handle, error) {
	best, err := limit()
	switch {
	case err != nil:
		return nil, err
	case int(isa) >= len(handles):
		return nil, fmt.Errorf("kernels: unknown instruction tier %d", uint8(isa))
	case isa > detect():
		return nil, fmt.Errorf("kernels: %v is not available: this CPU and build support %v at most", isa, detect())
	case isa > best:
		return nil, fmt.Errorf("kernels: %v is above the cap %s=%v", isa, EnvISA, best)
	}
	return &handles[isa], nil
}

// Default returns the handle of the best tier within the cap of GOPCN_ISA. If
// the variable holds no tier the handle is that of portable Go; [For] and
// [Available] report the error.
func Default() *Handle {
	best, _ := limit()
	return &handles[best]
}

// ISA returns the tier of the handle.
func (h *Handle) ISA() ISA { return h.isa }
