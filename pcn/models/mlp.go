package models

import (
	"fmt"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
)

// MLP returns a multilayer perceptron of the given widths, the first being
// that of x and the last that of the output. A hidden node is a dense layer
// followed by the activation, the output is a dense layer alone. N, the number
// of levels, is the number of dense layers.
func MLP(widths []int, activation kernels.Activation) (*pcn.Network, error) {
	if len(widths) < 2 {
		return nil, fmt.Errorf("models: an mlp needs at least two widths, input and output; have %v", widths)
	}
	for _, w := range widths {
		if w < 1 {
			return nil, fmt.Errorf("models: an mlp has no layer of width %d", w)
		}
	}
	b := pcn.NewBuilder(pcn.Features(widths[0]))
	source, last := pcn.Input, len(widths)-1
	for i, w := range widths[1:last] {
		source = b.Node(fmt.Sprintf("n%d", i), []int{source}, pcn.Dense(w, true), pcn.Activate(activation))
	}
	b.Node("out", []int{source}, pcn.Dense(widths[last], true))
	return b.Build()
}
