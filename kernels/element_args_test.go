package kernels

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// placed returns a matrix of rows x cols at an offset in memory.
func placed(memory []float32, offset, rows, cols int) Matrix {
	stride := cols + 5
	return Matrix{Rows: rows, Cols: cols, Stride: stride, Data: memory[offset : offset+(rows-1)*stride+cols]}
}

// An output may be exactly one of the inputs where the method says so, and the
// result is the same as without overlay.
func TestElementKernelsOverlay(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	const rows, cols = 3, 75
	for _, k := range elementKernels() {
		lines := rows
		if k.vector {
			lines = 1
		}
		for _, pair := range k.overlays {
			out, in := pair[0], pair[1]
			m := make([]Matrix, k.matrices)
			for i := range m {
				m[i] = placed(NewVector(500), 0, lines, cols)
				fill(r, m[i].Data)
			}
			copy(m[out].Data, m[in].Data)
			want := k.runCopy(&handles[Generic], m)
			for _, h := range tiers(t) {
				shared := append([]Matrix(nil), m...)
				for i := range shared {
					shared[i] = clone(m[i])
				}
				shared[out] = shared[in]
				k.run(h, shared)
				require.NoError(t, sameBits(want.matrices[out].Data, shared[out].Data), "%v %s %v", h.ISA(), k.name, pair)
			}
		}
	}
}

// Any other overlap of an output panics before anything is written, with a
// message that names an argument.
func TestElementKernelsOverlapPanics(t *testing.T) {
	const rows, cols = 3, 40
	for _, k := range elementKernels() {
		lines := rows
		if k.vector {
			lines = 1
		}
		for _, out := range k.outputs {
			for other := range k.matrices {
				if other == out {
					continue
				}
				for _, shift := range []int{0, 1, -1, cols - 1} {
					allowed := false
					for _, pair := range k.overlays {
						allowed = allowed || shift == 0 && pair == [2]int{out, other}
					}
					if allowed || shift == 0 && k.name == "column-sums" {
						continue
					}
					m := make([]Matrix, k.matrices)
					for i := range m {
						m[i] = placed(NewVector(500), 0, lines, cols)
					}
					memory := NewVector(500)
					m[out], m[other] = placed(memory, 100, lines, cols), placed(memory, 100+shift, lines, cols)
					message := panicOf(func() { k.run(&handles[Generic], m) })
					require.Contains(t, message, "overlaps", "%s: %d on %d by %d", k.name, out, other, shift)
					require.True(t, strings.HasPrefix(message, "kernels: "), message)
					require.NoError(t, sameBits(NewVector(500), memory), "%s wrote before it panicked", k.name)
				}
			}
		}
	}
}

func panicOf(f func()) (message string) {
	defer func() {
		if r := recover(); r != nil {
			message = fmt.Sprint(r)
		}
	}()
	f()
	return ""
}

// Column ranges of one matrix interlace in memory without sharing elements.
func TestMatricesMeet(t *testing.T) {
	memory := NewVector(100)
	at := func(offset, rows, cols, stride int) Matrix {
		return Matrix{Rows: rows, Cols: cols, Stride: stride, Data: memory[offset:]}
	}
	for _, c := range []struct {
		name       string
		a, b       Matrix
		meet, same bool
	}{
		{"the same", at(3, 4, 5, 10), at(3, 4, 5, 10), true, true},
		{"fewer rows", at(3, 4, 5, 10), at(3, 3, 5, 10), true, false},
		{"fewer columns", at(3, 4, 5, 10), at(3, 4, 4, 10), true, false},
		{"column ranges side by side", at(0, 4, 5, 10), at(5, 4, 5, 10), false, false},
		{"the same, other way round", at(5, 4, 5, 10), at(0, 4, 5, 10), false, false},
		{"column ranges that share one", at(0, 4, 5, 10), at(4, 4, 5, 10), true, false},
		{"from a later row", at(20, 4, 5, 10), at(5, 4, 5, 10), false, false},
		{"from a later row, around the edge", at(0, 4, 5, 10), at(18, 4, 5, 10), true, false},
		{"behind each other", at(0, 2, 5, 10), at(20, 2, 5, 10), false, false},
		{"other strides", at(0, 4, 5, 10), at(5, 4, 5, 11), true, false},
		{"one row", at(12, 1, 3, 3), at(0, 4, 2, 10), true, false},
		{"one row between", at(12, 1, 3, 10), at(0, 4, 2, 10), false, false},
		{"no rows", at(0, 0, 5, 10), at(0, 4, 5, 10), false, false},
		{"no data", Matrix{Rows: 4, Cols: 5, Stride: 10}, at(0, 4, 5, 10), false, false},
	} {
		meet, same := c.a.meets(&c.b)
		require.Equal(t, [2]bool{c.meet, c.same}, [2]bool{meet, same}, c.name)
		meet, same = c.b.meets(&c.a)
		require.Equal(t, [2]bool{c.meet, c.same}, [2]bool{meet, same}, "%s, exchanged", c.name)
	}
}

func TestElementKernelsPanics(t *testing.T) {
	h := Default()
	x, short := make([]float32, 8), make([]float32, 7)
	m, other := NewMatrix(3, 8), NewMatrix(3, 7)
	bias := make([]float32, 7)
	for _, c := range []struct {
		message string
		f       func()
	}{
		{badAct, func() { h.Activate(99, x, nil, x) }},
		{vecDst.length, func() { h.Activate(Tanh, short, nil, x) }},
		{vecSlope.length, func() { h.Activate(Tanh, nil, short, x) }},
		{vecDst.length, func() { h.Exp(short, x) }},
		{vecX.length, func() { h.Axpy(x, 1, short) }},
		{vecX.length, func() { h.Add(x, short, x) }},
		{vecY.length, func() { h.Mul(x, x, short) }},
		{vecE.length, func() { h.LatentError(short, x, x, x, x, 1) }},
		{vecErrorSlope.length, func() { h.LatentError(x, short, x, x, x, 1) }},
		{vecU.length, func() { h.LatentError(x, x, x, short, x, 1) }},
		{vecSlope.length, func() { h.LatentError(x, x, x, x, short, 1) }},
		{vecErrorSlope.overlap, func() { h.LatentError(x, x, x, x, x, 1) }},
		{vecY.length, func() { h.Dot(x, short) }},
		{vecY.length, func() { h.Energy(x, short) }},
		{vecG.length, func() { h.SGD(x, nil, short, &SGDStep{}) }},
		{vecV.length, func() { h.SGD(x, short, make([]float32, 8), &SGDStep{}) }},
		{vecM.length, func() { h.AdamW(x, short, x, x, &AdamStep{}) }},
		{vecV.length, func() { h.AdamW(x, x, short, x, &AdamStep{}) }},
		{vecG.length, func() { h.AdamW(x, x, x, short, &AdamStep{}) }},
		{vecDst.length, func() { h.ColumnSums(short, m, 1) }},
		{argY.shape, func() { h.EnergyRows(m, other) }},
		{argDst.shape, func() { h.Softmax(other, m) }},
		{argH.shape, func() { h.CrossEntropy(m, other) }},
		{argE.shape, func() { h.CrossEntropyError(other, m, m, 1) }},
		{argC.length, func() { h.Apply(Matrix{Rows: 2, Cols: 2, Stride: 2, Data: x[:3]}, &Epilogue{}) }},
		{badKind, func() { h.Apply(m, &Epilogue{Kind: 9}) }},
		{badEpilogue, func() { h.Apply(m, &Epilogue{Kind: Activate, Act: 99}) }},
		{badAccumulate, func() { h.Apply(m, &Epilogue{Kind: Activate, Accumulate: true}) }},
		{badAccumulate, func() { h.Apply(m, &Epilogue{Accumulate: true, Bias: x}) }},
		{badBias, func() { h.Apply(m, &Epilogue{Bias: bias}) }},
		{badScale, func() { h.Apply(m, &Epilogue{Kind: Activate, Scale: 2}) }},
		{biasOverlap, func() { h.Apply(m, &Epilogue{Bias: m.Row(1)}) }},
		{argSlope.shape, func() { h.Apply(m, &Epilogue{Kind: Activate, Slope: other}) }},
		{noLatent, func() { h.Apply(m, &Epilogue{Kind: PredictionError}) }},
		{argLatent.shape, func() { h.Apply(m, &Epilogue{Kind: PredictionError, Latent: other}) }},
		{argErrorSlope.shape, func() { h.Apply(m, &Epilogue{Kind: PredictionError, Latent: NewMatrix(3, 8), ErrorSlope: other}) }},
		{noLatent, func() { h.Apply(m, &Epilogue{Kind: LatentUpdate}) }},
		{argError.shape, func() { h.Apply(m, &Epilogue{Kind: LatentUpdate, Latent: NewMatrix(3, 8), Error: other}) }},
		{argPrior.shape, func() { h.Apply(m, &Epilogue{Kind: LatentUpdate, Latent: NewMatrix(3, 8), Prior: other}) }},
		{argVelocity.shape, func() { h.Apply(m, &Epilogue{Kind: LatentUpdate, Latent: NewMatrix(3, 8), Velocity: other}) }},
		{argStart.shape, func() { h.Apply(m, &Epilogue{Kind: LatentUpdate, Latent: NewMatrix(3, 8), Start: other}) }},
	} {
		require.Equal(t, c.message, panicOf(c.f))
	}
}
