package main

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/tune/measure"
)

// shape is M x K x N.
type shape struct{ m, k, n int }

func (s shape) String() string { return fmt.Sprintf("%dx%dx%d", s.m, s.k, s.n) }

// parseShapes reads shapes separated by commas or white space; # starts a
// comment.
func parseShapes(text string) ([]shape, error) {
	var list []shape
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		for _, word := range strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' }) {
			var s shape
			if n, err := fmt.Sscanf(word+" ", "%dx%dx%d ", &s.m, &s.k, &s.n); n != 3 || err != nil || s.m < 1 || s.k < 1 || s.n < 1 || s.String() != word {
				return nil, fmt.Errorf("shape %q: write MxKxN, such as 128x784x512", word)
			}
			list = append(list, s)
		}
	}
	return list, nil
}

// productShapes are those of the flag, or the committed ones.
func (s *settings) productShapes() ([]shape, error) {
	if s.shapes != "" {
		return parseShapes(s.shapes)
	}
	return parseShapes(committedShapes)
}

// products measures NN, NT and TN, plain, and with B packed.
func products(h *kernels.Handle, meter *measure.Meter, s *settings) ([]row, error) {
	shapes, err := s.productShapes()
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, shape := range shapes {
		var contestants []measure.Contestant
		for _, op := range []kernels.Op{kernels.NN, kernels.NT, kernels.TN} {
			for _, packed := range []bool{false, true} {
				contestants = append(contestants, productOf(h, op, shape, packed, nil))
				rows = append(rows, row{Kernel: "gemm", Op: op.String(), Shape: shape.String(), Packed: packed, ISA: h.ISA().String(), Workers: 1})
			}
		}
		for i, r := range meter.Rounds(s.rounds, s.time, contestants...) {
			row := &rows[len(rows)-len(contestants)+i]
			row.GFLOPS, row.Peak, row.Ratio, row.Spread, row.Kept = r.GFLOPS, r.Peak, r.Ratio, r.Spread, r.Kept
		}
	}
	return rows, nil
}

func productOf(h *kernels.Handle, op kernels.Op, s shape, packed bool, e *kernels.Epilogue) measure.Contestant {
	a, b, c := kernels.NewMatrix(s.m, s.k), kernels.NewMatrix(s.k, s.n), kernels.NewMatrix(s.m, s.n)
	switch op {
	case kernels.NT:
		b = kernels.NewMatrix(s.n, s.k)
	case kernels.TN:
		a = kernels.NewMatrix(s.k, s.m)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, m := range []kernels.Matrix{a, b} {
		for i := range m.Data {
			m.Data[i] = r.Float32() - 0.5
		}
	}
	ws := kernels.NewWorkspace()
	contestant := measure.Contestant{FLOPs: 2 * float64(s.m) * float64(s.k) * float64(s.n)}
	if packed {
		p := h.Pack(kernels.NewVector(h.PackedSize(s.k, s.n)), op, b)
		contestant.Run = func() { h.MatMulPacked(ws, op, c, a, &p, e) }
	} else {
		contestant.Run = func() { h.MatMul(ws, op, c, a, b, e) }
	}
	return contestant
}
