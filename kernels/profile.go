package kernels

import "fmt"

// A Profile holds the numbers on which the speed of a handle depends, and no
// bit of its results: how products are cut into blocks, from which sizes on
// operands are copied, and how long workers look for their next task before
// they sleep. [Handle.Profile] returns the one in use, [Handle.WithProfile]
// makes a handle with another. Those of [For] and [Default] follow from the
// sizes of the CPU's caches; the command tune measures better ones.
type Profile struct {
	// StripRows bounds the rows of C that a micro-kernel computes at once, of which
	// the registers hold 6 with AVX2 and 12 with AVX-512. More of them load B less
	// often; fewer end with fewer stores on end, which hold up the multiply-adds
	// where stores are slow.
	StripRows int

	// BlockRows x BlockDepth is the largest block of A, which stays in L2 while
	// all panels of B pass. With fewer terms it may have more rows.
	BlockRows int
	// BlockDepth bounds how far all chains of a block advance before the next
	// block's do.
	BlockDepth int
	// BlockDepthTransposed is BlockDepth where A is transposed: a strip then
	// touches a cache line or two in each of its rows, which share L1 with the
	// panel of B.
	BlockDepthTransposed int
	// BlockColumns bounds a block of C, and so the packed block of B, which
	// stays in L2 or L3: a multiple of 64.
	BlockColumns int

	// Up to DirectRows rows of C the panels of a row-major B are read where they
	// are: beyond them a copy is read often enough to pay for itself.
	DirectRows int
	// DirectFloats is the extent of a panel, in floats from its first row to
	// its last, up to which it is read where it is for any number of rows.
	DirectFloats int
	// CopyColumns is the width of C up to which a block of A whose rows compete a
	// little for cache sets is read where it is all the same.
	CopyColumns int

	// ConvSamples bounds the samples of a convolution's block: what their taps
	// around one pixel read stays in L2 while all panels of the weights pass.
	ConvSamples int
	// GradientPositions bounds the pixels of a block of a convolution's weight
	// gradient: a panel of inputs and the lines of errors that a strip reads
	// share L1, or come from an L2 that keeps up.
	GradientPositions int

	// Spins bounds how often a worker of [Handle.NewPool] looks for the next
	// task before it parks: a hand-over to a spinning worker takes some 300 ns,
	// waking a parked one microseconds, on a virtual machine 50 to 100. A look
	// takes a few nanoseconds.
	Spins int
}

// A Setting is one number of a profile with the values it may have.
type Setting struct {
	Name        string // the field in lower case, words joined by _
	Value       *int
	Least, Most int
	Unit        int // of which it is a multiple
}

// Settings lists all numbers of p, for programs that search among profiles.
// Values within these bounds may still ask for too much memory together, which
// [Profile.Check] reports.
func (p *Profile) Settings() []Setting {
	return []Setting{
		{"strip_rows", &p.StripRows, streamRows + 1, 12, 1},
		{"block_rows", &p.BlockRows, 8, 1024, 1},
		{"block_depth", &p.BlockDepth, 32, 4096, 8},
		{"block_depth_transposed", &p.BlockDepthTransposed, 32, 2048, 8},
		{"block_columns", &p.BlockColumns, 64, 2048, 64},
		{"direct_rows", &p.DirectRows, 0, 1 << 20, 1},
		{"direct_floats", &p.DirectFloats, 0, 1 << 24, 1},
		{"copy_columns", &p.CopyColumns, 0, 1 << 20, 1},
		{"conv_samples", &p.ConvSamples, 4, 512, 1},
		{"gradient_positions", &p.GradientPositions, 32, mostPositions, 1},
		{"spins", &p.Spins, 0, 1 << 20, 1},
	}
}

// Memory of a [Workspace], which bounds blocks together.
const (
	blockFloatsB = 1024 * 512       // packed panels of B
	blockFloatsA = 512 * (192 + 32) // copies of A
	blockFloatsC = 192 * (512 + 16) // one tile of C
)

// Check says whether p can be used, and otherwise which number to change.
func (p Profile) Check() error {
	for _, s := range p.Settings() {
		if v := *s.Value; v < s.Least || v > s.Most || v%s.Unit != 0 {
			return fmt.Errorf("kernels: profile: %s is %d: want a multiple of %d from %d to %d", s.Name, v, s.Unit, s.Least, s.Most)
		}
	}
	for _, limit := range []struct {
		what       string
		need, most int
	}{
		{"block_depth x block_columns", p.BlockDepth * p.BlockColumns, blockFloatsB},
		{"block_depth_transposed x block_columns", p.BlockDepthTransposed * p.BlockColumns, blockFloatsB},
		{"block_rows x (block_depth + 32)", p.BlockRows * (p.BlockDepth + 32), blockFloatsA},
		{"block_depth_transposed x (block_rows + 32)", p.BlockDepthTransposed * (p.BlockRows + 32), blockFloatsA},
		{"block_rows x (block_columns + 16)", p.BlockRows * (p.BlockColumns + 16), blockFloatsC},
		{"conv_samples x (block_columns + 16)", p.ConvSamples * (p.BlockColumns + 16), blockFloatsC},
	} {
		if limit.need > limit.most {
			return fmt.Errorf("kernels: profile: %s is %d, more than the %d floats of a workspace: make one of them smaller", limit.what, limit.need, limit.most)
		}
	}
	return nil
}

// Profile returns the numbers that the handle works with.
func (h *Handle) Profile() Profile { return h.profile }

// WithProfile returns a handle of the same tier that works with the numbers of
// p, or an error if they are out of bounds. Results have the same bits. Operands
// packed by h are foreign to the new handle, and the other way round.
func (h *Handle) WithProfile(p Profile) (*Handle, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	return &Handle{isa: h.isa, profile: p, g: newGeometry(h.isa, &p)}, nil
}
