package main

import (
	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
)

// stepFLOPs counts the necessary work of a training step on a layered network,
// predictive coding with one weight update: two operations for each
// multiply-add of a tap inside the image, and no prediction that equals its
// forward value.
func stepFLOPs(t *pcn.Trainer) float64 {
	net, cfg := t.Network(), t.Config()
	shapes := net.Shapes()
	total := 0.0
	for i := range net.Nodes {
		node := &net.Nodes[i]
		source := net.Input
		if node.Sources[0] != pcn.Input {
			source = shapes[node.Sources[0]]
		}
		passes := 2.0 // forward pass and weight gradient
		if node.Sources[0] != pcn.Input {
			// The error arrives at step N-1-l. From then on the node sends
			// feedback; a step later its sources have moved.
			left := float64(cfg.Steps - (net.Levels() - 1 - node.Level))
			passes += max(left, 0) + max(left-1, 0)
			if cfg.Update == pcn.Settled {
				passes++
			}
		}
		total += passes * nodeFLOPs(node, source)
	}
	return total * float64(cfg.Batch)
}

// nodeFLOPs is the work of one pass of a node's dense and convolutional ops
// over one sample.
func nodeFLOPs(node *pcn.Node, in pcn.Shape) float64 {
	total := 0.0
	for _, op := range node.Ops {
		switch op.Kind() {
		case pcn.OpDense:
			total += 2 * float64(in.Len()) * float64(op.Out())
			in = pcn.Features(op.Out())
		case pcn.OpConv2D:
			kernel, stride, padding := op.Geometry()
			s := kernels.ConvShape{
				Height: in.Height, Width: in.Width, In: in.Channels, Out: op.Out(),
				KernelHeight: kernel, KernelWidth: kernel, Stride: stride, Padding: padding,
			}
			total += necessary(s)
			in = pcn.Image(s.OutHeight(), s.OutWidth(), op.Out())
		case pcn.OpMaxPool:
			in.Height, in.Width = in.Height/2, in.Width/2
		case pcn.OpFlatten:
			in = pcn.Features(in.Len())
		case pcn.OpGlobalAvgPool:
			in = pcn.Features(in.Channels)
		}
	}
	return total
}
