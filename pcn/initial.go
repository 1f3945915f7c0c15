package pcn

import (
	"fmt"
	"math"

	"github.com/gopcn/gopcn/pcn/internal/rng"
)

// InitialParameters draws the parameters of a valid network, in canonical
// order: node after node, op after op, W before b. Their names are the node's
// name and ".W" or ".b"; where a node has several dense ops, these are numbered
// from 0, as in "n.1.W".
//
// Weights are uniform in +-gain/sqrt(fan_in), biases in +-1/sqrt(fan_in). All
// are drawn from one stream of the seed, in canonical order and row-major
// [out, in], so they are the same bits everywhere.
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
	shapes := net.Shapes()
	for i := range net.Nodes {
		node := &net.Nodes[i]
		shape := net.inputShape(i, shapes)
		dense := 0
		for _, op := range node.Ops {
			if op.kind == OpDense {
				in := shape.Len()
				name := parameterName(node, dense)
				draw(newTensor(name+".W", op.out, in), gain/math.Sqrt(float64(in)))
				if op.bias {
					draw(newTensor(name+".b", op.out), 1/math.Sqrt(float64(in)))
				}
				dense++
			}
			shape, _ = op.shape(shape)
		}
	}
	return list
}

// parameterName is what the names of the parameters of a node's k-th dense op
// start with.
func parameterName(node *Node, k int) string {
	count := 0
	for _, op := range node.Ops {
		if op.kind == OpDense {
			count++
		}
	}
	if count > 1 {
		return fmt.Sprintf("%s.%d", node.Name, k)
	}
	return node.Name
}
