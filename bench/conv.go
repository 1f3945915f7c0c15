package main

import (
	"fmt"

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

// convolutions are the three directions of 3x3 convolutions, over necessary
// work. Workers share the samples, and the output channels of a weight gradient.
func convolutions(h *kernels.Handle, m *measure.Meter, _ *settings, group func([]job) error) error {
	workers := m.Pool().Size()
	for _, c := range convShapes {
		conv := measure.NewConvolution(c[0], c[1], c[2], convBatch)
		var jobs []job
		for _, d := range directions {
			var parts []func()
			for i := range workers {
				parts = append(parts, d.part(conv, h, i, workers).Run)
			}
			jobs = append(jobs, job{
				row: row{
					Kernel: "conv", Op: d.name, Shape: fmt.Sprintf("%d->%d@%d", c[0], c[1], c[2]), Packed: true,
					ISA: h.ISA().String(), Workers: workers,
				},
				run: m.Parallel(parts...), flops: conv.FLOPs(),
				portable: func(generic *kernels.Handle) measure.Contestant {
					in, out := min(c[0], 16), min(c[1], 16) // enough to fill its tiles
					return d.part(measure.NewConvolution(in, out, c[2], 1), generic, 0, 1)
				},
			})
		}
		if err := group(jobs); err != nil {
			return err
		}
	}
	return nil
}

// directions are those of a convolution; part is a worker's.
var directions = []struct {
	name string
	part func(c *measure.Convolution, h *kernels.Handle, worker, workers int) measure.Contestant
}{
	{"predict", (*measure.Convolution).Predict},
	{"feedback", (*measure.Convolution).Feedback},
	{"weights", (*measure.Convolution).Gradient},
}
