package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// An elementKernel is one method of Handle under test, in a form that all
// methods share: it gets matrices of the same shape, writes some of them and
// may return a number. Methods for vectors get matrices of one row.
type elementKernel struct {
	name     string
	group    string // for fuzzing
	matrices int
	outputs  []int    // the matrices it writes
	overlays [][2]int // an output and what it may be exactly the same as
	vector   bool     // takes one row
	run      func(h *Handle, m []Matrix) float32
}

// elementKernels is every exported method that this file's tests cover, with
// every activation, kind and set of absent arguments.
func elementKernels() []elementKernel {
	list := activationKernels()
	list = append(list, vectorKernels()...)
	list = append(list, optimizerKernels()...)
	list = append(list, reduceKernels()...)
	return append(list, epilogueKernels()...)
}

func activationKernels() []elementKernel {
	list := []elementKernel{{
		name: "exp", group: "activation", matrices: 2, outputs: []int{0}, overlays: [][2]int{{0, 1}}, vector: true,
		run: func(h *Handle, m []Matrix) float32 { h.Exp(m[0].Row(0), m[1].Row(0)); return 0 },
	}}
	for _, act := range Activations() {
		list = append(list, elementKernel{
			name: act.String(), group: "activation", matrices: 2, outputs: []int{0}, overlays: [][2]int{{0, 1}}, vector: true,
			run: func(h *Handle, m []Matrix) float32 { h.Activate(act, m[0].Row(0), nil, m[1].Row(0)); return 0 },
		}, elementKernel{
			name: act.String() + "-slope", group: "activation", matrices: 2, outputs: []int{0}, overlays: [][2]int{{0, 1}}, vector: true,
			run: func(h *Handle, m []Matrix) float32 { h.Activate(act, nil, m[0].Row(0), m[1].Row(0)); return 0 },
		}, elementKernel{
			name: act.String() + "-both", group: "activation", matrices: 3, outputs: []int{0, 1}, overlays: [][2]int{{0, 2}, {1, 2}}, vector: true,
			run: func(h *Handle, m []Matrix) float32 {
				h.Activate(act, m[0].Row(0), m[1].Row(0), m[2].Row(0))
				return 0
			},
		})
	}
	return list
}

func vectorKernels() []elementKernel {
	binary := func(name string, run func(h *Handle, dst, x, y []float32)) elementKernel {
		return elementKernel{
			name: name, group: "vector", matrices: 3, outputs: []int{0}, overlays: [][2]int{{0, 1}, {0, 2}}, vector: true,
			run: func(h *Handle, m []Matrix) float32 { run(h, m[0].Row(0), m[1].Row(0), m[2].Row(0)); return 0 },
		}
	}
	return []elementKernel{
		binary("add", (*Handle).Add), binary("mul", (*Handle).Mul),
		{
			name: "axpy", group: "vector", matrices: 2, outputs: []int{0}, overlays: [][2]int{{0, 1}}, vector: true,
			run: func(h *Handle, m []Matrix) float32 { h.Axpy(m[0].Row(0), 0.7, m[1].Row(0)); return 0 },
		},
		{
			name: "latent-error", group: "vector", matrices: 5, outputs: []int{0, 1}, vector: true,
			overlays: [][2]int{{0, 2}, {0, 3}, {0, 4}, {1, 2}, {1, 3}, {1, 4}},
			run: func(h *Handle, m []Matrix) float32 {
				h.LatentError(m[0].Row(0), m[1].Row(0), m[2].Row(0), m[3].Row(0), m[4].Row(0), 0.7)
				return 0
			},
		},
		{
			name: "scale", group: "vector", matrices: 1, outputs: []int{0}, vector: true,
			run: func(h *Handle, m []Matrix) float32 { h.Scale(m[0].Row(0), 0.7); return 0 },
		},
	}
}

func optimizerKernels() []elementKernel {
	adam := NewAdamStep(0.02, 0.9, 0.999, 1e-8, 0.03, 7)
	return []elementKernel{
		{
			name: "sgd", group: "optimizer", matrices: 2, outputs: []int{0}, vector: true,
			run: func(h *Handle, m []Matrix) float32 {
				h.SGD(m[0].Row(0), nil, m[1].Row(0), &SGDStep{Rate: 0.03})
				return 0
			},
		},
		{
			name: "sgd-momentum", group: "optimizer", matrices: 3, outputs: []int{0, 1}, vector: true,
			run: func(h *Handle, m []Matrix) float32 {
				h.SGD(m[0].Row(0), m[1].Row(0), m[2].Row(0), &SGDStep{Rate: 0.03, Momentum: 0.9})
				return 0
			},
		},
		{
			name: "sgd-nesterov", group: "optimizer", matrices: 3, outputs: []int{0, 1}, vector: true,
			run: func(h *Handle, m []Matrix) float32 {
				h.SGD(m[0].Row(0), m[1].Row(0), m[2].Row(0), &SGDStep{Rate: 0.03, Momentum: 0.9, Nesterov: true})
				return 0
			},
		},
		{
			name: "adamw", group: "optimizer", matrices: 4, outputs: []int{0, 1, 2}, vector: true,
			run: func(h *Handle, m []Matrix) float32 {
				h.AdamW(m[0].Row(0), m[1].Row(0), m[2].Row(0), m[3].Row(0), &adam)
				return 0
			},
		},
	}
}

func reduceKernels() []elementKernel {
	return []elementKernel{
		{
			name: "sum", group: "reduce", matrices: 1, vector: true,
			run: func(h *Handle, m []Matrix) float32 { return h.Sum(m[0].Row(0)) },
		},
		{
			name: "dot", group: "reduce", matrices: 2, vector: true,
			run: func(h *Handle, m []Matrix) float32 { return h.Dot(m[0].Row(0), m[1].Row(0)) },
		},
		{
			name: "energy", group: "reduce", matrices: 2, vector: true,
			run: func(h *Handle, m []Matrix) float32 { return h.Energy(m[0].Row(0), m[1].Row(0)) },
		},
		{
			name: "energy-rows", group: "reduce", matrices: 2,
			run: func(h *Handle, m []Matrix) float32 { return h.EnergyRows(m[0], m[1]) },
		},
		{
			name: "column-sums", group: "reduce", matrices: 2, outputs: []int{0},
			run: func(h *Handle, m []Matrix) float32 { h.ColumnSums(m[0].Row(0), m[1], 0.125); return 0 },
		},
		{
			name: "softmax", group: "reduce", matrices: 2, outputs: []int{0}, overlays: [][2]int{{0, 1}},
			run: func(h *Handle, m []Matrix) float32 { h.Softmax(m[0], m[1]); return 0 },
		},
		{
			name: "cross-entropy-error", group: "reduce", matrices: 3, outputs: []int{0}, overlays: [][2]int{{0, 1}, {0, 2}},
			run: func(h *Handle, m []Matrix) float32 { h.CrossEntropyError(m[0], m[1], m[2], 0.3); return 0 },
		},
		{
			name: "cross-entropy", group: "reduce", matrices: 2,
			run: func(h *Handle, m []Matrix) float32 { return h.CrossEntropy(m[0], m[1]) },
		},
	}
}

// epilogueKernels are the stand-alone epilogues.
func epilogueKernels() []elementKernel {
	list := []elementKernel{{
		name: "apply-store", group: "epilogue", matrices: 1, outputs: []int{0},
		run: func(h *Handle, m []Matrix) float32 { h.Apply(m[0], &Epilogue{Scale: 0.3}); return 0 },
	}}
	for _, act := range Activations() {
		list = append(list, elementKernel{
			name: "apply-" + act.String(), group: "epilogue", matrices: 1, outputs: []int{0},
			run: func(h *Handle, m []Matrix) float32 { h.Apply(m[0], &Epilogue{Kind: Activate, Act: act}); return 0 },
		}, elementKernel{
			name: "apply-" + act.String() + "-both", group: "epilogue", matrices: 2, outputs: []int{0, 1},
			run: func(h *Handle, m []Matrix) float32 {
				h.Apply(m[0], &Epilogue{Kind: Activate, Act: act, Slope: m[1]})
				return 0
			},
		}, elementKernel{
			name: "error-" + act.String(), group: "epilogue", matrices: 2, outputs: []int{0},
			run: func(h *Handle, m []Matrix) float32 {
				h.Apply(m[0], &Epilogue{Kind: PredictionError, Act: act, Coeff: 0.3, Latent: m[1]})
				return 0
			},
		}, elementKernel{
			name: "error-" + act.String() + "-slope", group: "epilogue", matrices: 3, outputs: []int{0, 2}, overlays: [][2]int{{2, 1}},
			run: func(h *Handle, m []Matrix) float32 {
				h.Apply(m[0], &Epilogue{Kind: PredictionError, Act: act, Coeff: 0.3, Latent: m[1], ErrorSlope: m[2]})
				return 0
			},
		})
	}
	for variant := range 24 {
		list = append(list, latentKernel(variant&1 != 0, variant&2 != 0, variant/4%3, variant >= 12))
	}
	return list
}

// latentKernel is a LatentUpdate without velocities (0), with momentum (1) or
// with Nesterov momentum (2), atRest with Start.
func latentKernel(withError, withPrior bool, momentum int, atRest bool) elementKernel {
	k := elementKernel{
		name:  fmt.Sprintf("latent-error=%v-prior=%v-momentum=%d", withError, withPrior, momentum),
		group: "epilogue", matrices: 2, outputs: []int{1},
	}
	e := Epilogue{Kind: LatentUpdate, Rate: 0.1, Momentum: 0.6, Nesterov: momentum == 2}
	var inputs []int
	errorAt, priorAt, startAt, velocityAt := -1, -1, -1, -1
	if withError {
		errorAt = k.matrices
		inputs = append(inputs, errorAt)
		k.matrices++
	}
	if withPrior {
		priorAt = k.matrices
		inputs = append(inputs, priorAt)
		k.matrices++
	}
	if atRest {
		k.name += "-start"
		startAt = k.matrices
		inputs = append(inputs, startAt)
		k.matrices++
	}
	if momentum > 0 {
		velocityAt = k.matrices
		k.outputs = append(k.outputs, velocityAt)
		k.matrices++
	}
	for _, in := range inputs {
		for _, out := range k.outputs {
			k.overlays = append(k.overlays, [2]int{out, in})
		}
	}
	k.run = func(h *Handle, m []Matrix) float32 {
		e := e
		e.Latent = m[1]
		if withError {
			e.Error = m[errorAt]
		}
		if withPrior {
			e.Prior = m[priorAt]
		}
		if atRest {
			e.Start = m[startAt]
		}
		if momentum > 0 {
			e.Velocity = m[velocityAt]
		}
		h.Apply(m[0], &e)
		return 0
	}
	return k
}

// specials are the values where functions change their course.
var specials = []float32{
	0, float32(math.Copysign(0, -1)), 1, -1, 0.5, -0.5, math.MaxFloat32, -math.MaxFloat32,
	math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32, 0x1p-126, -0x1p-126, 0x1.fffffcp-127,
	float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()),
	9.25, -9.25, 10, -10, 13, -13, 60, 87, 88, 89, -87, -88.25, -89, -103.9, -104, -105, 1e10, -1e30,
}

// hardFill mixes ordinary numbers, random bits and special values.
func hardFill(r *rand.Rand, x []float32) {
	for i := range x {
		switch r.IntN(4) {
		case 0:
			x[i] = math.Float32frombits(r.Uint32())
		case 1:
			x[i] = specials[r.IntN(len(specials))]
		default:
			x[i] = float32(r.NormFloat64() * 4)
		}
	}
}

// outcome is everything that a run of a kernel leaves, gaps between rows
// included.
type outcome struct {
	matrices []Matrix
	result   float32
}

func (k *elementKernel) runCopy(h *Handle, m []Matrix) outcome {
	o := outcome{matrices: make([]Matrix, len(m))}
	for i := range m {
		o.matrices[i] = clone(m[i])
	}
	o.result = k.run(h, o.matrices)
	return o
}

func (o *outcome) same(other *outcome) error {
	for i := range o.matrices {
		if err := sameBits(o.matrices[i].Data, other.matrices[i].Data); err != nil {
			return fmt.Errorf("matrix %d: %w", i, err)
		}
	}
	return sameBits([]float32{o.result}, []float32{other.result})
}

// elementShapes are rows and columns around the register widths and the 64
// chains.
func elementShapes(vector bool) (shapes [][2]int) {
	if vector {
		for n := range 201 {
			if !testing.Short() || n%7 < 2 || n < 18 {
				shapes = append(shapes, [2]int{1, n})
			}
		}
		return append(shapes, [2]int{1, blockFloats + 77})
	}
	for _, rows := range []int{1, 2, 5} {
		for _, cols := range []int{1, 2, 7, 8, 9, 10, 15, 16, 17, 24, 31, 32, 33, 47, 48, 63, 64, 65, 100, 127, 128, 129} {
			if !testing.Short() || rows == 2 {
				shapes = append(shapes, [2]int{rows, cols})
			}
		}
	}
	return append(shapes, [2]int{0, 3}, [2]int{190, 32}, [2]int{131, 70}, [2]int{3, blockFloats + 5})
}

// Every tier gives the bits of portable Go, at every alignment and stride, and
// touches nothing between and behind the rows.
func TestElementKernelsSameBits(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for _, k := range elementKernels() {
		for _, shape := range elementShapes(k.vector) {
			m := make([]Matrix, k.matrices)
			for i := range m {
				m[i] = oddMatrix(r, shape[0], shape[1])
				for row := range shape[0] {
					hardFill(r, m[i].Row(row))
				}
			}
			if k.name == "column-sums" && shape[0] == 0 {
				continue // its result has one row
			}
			want := k.runCopy(&handles[Generic], m)
			for i, c := range want.matrices {
				requireCanaries(t, &c, k.name, shape, i)
			}
			for _, h := range tiers(t)[1:] {
				got := k.runCopy(h, m)
				require.NoError(t, want.same(&got), "%v %s %v", h.ISA(), k.name, shape)
			}
		}
	}
}

func requireCanaries(t *testing.T, m *Matrix, name string, shape [2]int, number int) {
	t.Helper()
	for i, v := range m.Data {
		if m.Rows > 0 && i/m.Stride < m.Rows && i%m.Stride < m.Cols {
			continue
		}
		require.Equal(t, canary, v, "%s %v: matrix %d, gap at %d", name, shape, number, i)
	}
}

// The comparison must notice one changed bit, and one changed canary.
func TestElementKernelsNegativeControl(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	k := activationKernels()[0]
	m := []Matrix{oddMatrix(r, 1, 70), oddMatrix(r, 1, 70)}
	want := k.runCopy(&handles[Generic], m)
	for _, at := range []int{0, 69, len(m[0].Data) - 1} {
		got := k.runCopy(&handles[Generic], m)
		x := &got.matrices[0].Data[at]
		*x = math.Float32frombits(math.Float32bits(*x) ^ 1)
		require.Error(t, want.same(&got), "bit changed at %d", at)
	}
	require.Error(t, (&outcome{result: 1}).same(&outcome{result: math.Nextafter32(1, 2)}))
}

func TestElementKernelsAllocateNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	for _, h := range tiers(t) {
		for _, k := range elementKernels() {
			m := make([]Matrix, k.matrices)
			for i := range m {
				m[i] = oddMatrix(r, 1, 37)
			}
			require.Zero(t, testing.AllocsPerRun(10, func() { k.run(h, m) }), "%v %s", h.ISA(), k.name)
		}
	}
}
