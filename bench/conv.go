package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/tune/measure"
)

// convBatch is the samples of a measured convolution.
const convBatch = 16

// convShapes are the layers of VGG and their narrow forms: channels in, out,
// image size.
var convShapes = [][3]int{
	{128, 256, 16}, {256, 512, 8}, {512, 512, 4}, {3, 128, 32},
	{64, 64, 16}, {32, 64, 16}, {64, 128, 8}, {128, 128, 4}, {16, 32, 16}, {3, 32, 32},
}

// necessary counts the multiply-adds of taps inside the image, twice.
func necessary(s kernels.ConvShape) float64 {
	inside := func(size, out, kernel int) int {
		n := 0
		for o := range out {
			for k := range kernel {
				if i := o*s.Stride - s.Padding + k; i >= 0 && i < size {
					n++
				}
			}
		}
		return n
	}
	taps := inside(s.Height, s.OutHeight(), s.KernelHeight) * inside(s.Width, s.OutWidth(), s.KernelWidth)
	return 2 * float64(taps) * float64(s.In) * float64(s.Out)
}

// convolutions measures the three directions of 3x3 convolutions, over
// necessary work.
func convolutions(h *kernels.Handle, meter *measure.Meter, s *settings) ([]row, error) {
	var rows []row
	ws := kernels.NewWorkspace()
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range convShapes {
		shape := kernels.ConvShape{Height: c[2], Width: c[2], In: c[0], Out: c[1], KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1}
		conv := h.NewConv(shape)
		x, u := kernels.NewMatrix(convBatch, shape.Inputs()), kernels.NewMatrix(convBatch, shape.Outputs())
		w, dw := kernels.NewMatrix(shape.Out, shape.Taps()), kernels.NewMatrix(shape.Out, shape.Taps())
		partial := kernels.NewMatrix(shape.Out, shape.Taps())
		for _, m := range []kernels.Matrix{x, u, w} {
			for i := range m.Data {
				m.Data[i] = r.Float32() - 0.5
			}
		}
		forward := conv.Pack(kernels.NewVector(conv.PackedSize()), w)
		feedback := conv.PackFeedback(kernels.NewVector(conv.PackedFeedbackSize()), w)
		out, back := kernels.NewMatrix(convBatch, shape.Outputs()), kernels.NewMatrix(convBatch, shape.Inputs())
		flops := necessary(shape) * convBatch
		directions := []struct {
			name string
			run  func()
		}{
			{"predict", func() { conv.Predict(ws, out, x, &forward, nil) }},
			{"feedback", func() { conv.Feedback(ws, back, u, &feedback, nil) }},
			{"weights", func() { conv.WeightGradient(ws, dw, partial, u, x, 0, shape.Out, 1) }},
		}
		var list []measure.Contestant
		for _, d := range directions {
			list = append(list, measure.Contestant{Run: d.run, FLOPs: flops})
			rows = append(rows, row{Kernel: "conv", Op: d.name, Shape: fmt.Sprintf("%d->%d@%d", c[0], c[1], c[2]), Packed: true, ISA: h.ISA().String(), Workers: 1})
		}
		for i, r := range meter.Rounds(s.rounds, s.time, list...) {
			row := &rows[len(rows)-len(list)+i]
			row.GFLOPS, row.Peak, row.Ratio, row.Spread, row.Kept = r.GFLOPS, r.Peak, r.Ratio, r.Spread, r.Kept
		}
	}
	return rows, nil
}
