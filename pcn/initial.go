package pcn

import (
	"fmt"
	"math"

	"github.com/gopcn/gopcn/pcn/internal/rng"
)

// InitialParameters draws the parameters of a valid network, in canonical
// order: node after node, op after op, W before b and gamma before beta. Their
// names are the node's name and ".W", ".b", ".gamma" or ".beta"; where a node
// has several ops with weights, or several norms, these are numbered from 0, as
// in "n.1.W".
//
// Weights are uniform in +-gain/sqrt(fan_in), biases in +-1/sqrt(fan_in), with
// the inputs of an output value as fan_in. All are drawn from one stream of the
// seed, in canonical order and row-major [out, in] or [out, in, height, width],
// so they are the same bits everywhere. Gamma is 1 and beta 0.
func InitialParameters(net *Network, seed uint64, gain float64) []Tensor {
	var list []Tensor
	stream := rng.New(seed, rng.Weights)
	draw := func(t Tensor, bound float64) {
		b := float32(bound)
		for i := range t.Data {
			t.Data[i] = stream.Uniform(-b, b)
		}
		list = append(list, t)
	}
	net.walk(func(name string, op Op, in Shape, _ int) {
		switch op.kind {
		case OpDense:
			draw(newTensor(name+".W", op.out, in.Len()), gain/math.Sqrt(float64(in.Len())))
			if op.bias {
				draw(newTensor(name+".b", op.out), 1/math.Sqrt(float64(in.Len())))
			}
		case OpConv2D:
			fan := in.Channels * op.kernel * op.kernel
			draw(newTensor(name+".W", op.out, in.Channels, op.kernel, op.kernel), gain/math.Sqrt(float64(fan)))
			if op.bias {
				draw(newTensor(name+".b", op.out), 1/math.Sqrt(float64(fan)))
			}
		case OpBatchNorm:
			gamma := newTensor(name+".gamma", in.Channels)
			for i := range gamma.Data {
				gamma.Data[i] = 1
			}
			list = append(list, gamma, newTensor(name+".beta", in.Channels))
		}
	})
	return list
}

// walk visits the ops of a valid network that have parameters, in canonical
// order, with what the names of these start with, the shape of the input, and
// how many channels of it lie side by side.
func (n *Network) walk(visit func(name string, op Op, in Shape, planes int)) {
	shapes := n.Shapes()
	for i := range n.Nodes {
		node := &n.Nodes[i]
		shape := n.inputShape(i, shapes)
		planes := 0 // channels of the image that was flattened
		layers, norms := 0, 0
		for _, op := range node.Ops {
			switch op.kind {
			case OpFlatten:
				planes = shape.Channels
			case OpDense, OpConv2D:
				if planes == 0 {
					planes = shape.Channels
				}
				visit(parameterName(node, false, layers), op, shape, planes)
				planes = 0
				layers++
			case OpBatchNorm:
				visit(parameterName(node, true, norms), op, shape, shape.Channels)
				norms++
			}
			shape, _ = op.shape(shape)
		}
	}
}

// parameterName is what the names of the parameters of a node's k-th op with
// weights, or of its k-th norm, start with.
func parameterName(node *Node, norm bool, k int) string {
	count := 0
	for _, op := range node.Ops {
		if norm && op.kind == OpBatchNorm || !norm && op.linear() {
			count++
		}
	}
	if count > 1 {
		return fmt.Sprintf("%s.%d", node.Name, k)
	}
	return node.Name
}
