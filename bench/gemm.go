package main

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/tune/measure"
)

//go:embed shapes.txt
var committedShapes string

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

// products are NN, NT and TN, plain, and with B packed. Workers share the rows
// of one product, or its columns if there are fewer rows than workers. Beside one
// row stands the reading of B, which bounds it.
func products(h *kernels.Handle, m *measure.Meter, s *settings, group func([]job) error) error {
	shapes, err := s.productShapes()
	if err != nil {
		return err
	}
	for _, shape := range shapes {
		var jobs []job
		for _, op := range []kernels.Op{kernels.NN, kernels.NT, kernels.TN} {
			p := measure.NewProduct(op, shape.m, shape.k, shape.n)
			for _, packed := range []bool{false, true} {
				jobs = append(jobs, productJob(h, m, p, packed))
			}
			if op == kernels.NN && shape.m == 1 {
				jobs = append(jobs, readingJob(h, m, p))
			}
		}
		if err := group(jobs); err != nil {
			return err
		}
	}
	return nil
}

func readingJob(h *kernels.Handle, m *measure.Meter, p *measure.Product) job {
	c := m.Reading(p.B(), p.FLOPs())
	return job{
		row: row{Kernel: "reading", Op: "B", Shape: shape{p.M, p.K, p.N}.String(), ISA: h.ISA().String(), Workers: m.Pool().Size()},
		run: c.Run, flops: c.FLOPs,
	}
}

func productJob(h *kernels.Handle, m *measure.Meter, p *measure.Product, packed bool) job {
	workers := m.Pool().Size()
	var parts []func()
	for _, part := range p.Parts(workers) {
		if packed {
			parts = append(parts, part.Packed(h, nil).Run)
		} else {
			parts = append(parts, part.Plain(h, nil).Run)
		}
	}
	return job{
		row: row{
			Kernel: "gemm", Op: p.Op.String(), Shape: shape{p.M, p.K, p.N}.String(), Packed: packed,
			ISA: h.ISA().String(), Workers: workers,
		},
		run: m.Parallel(parts...), flops: p.FLOPs(),
		portable: func(generic *kernels.Handle) measure.Contestant {
			rows := min(p.M, max(1, int(portableFLOPs/(2*float64(p.K)*float64(p.N)))))
			return measure.NewProduct(p.Op, rows, p.K, p.N).Plain(generic, nil)
		},
	}
}
