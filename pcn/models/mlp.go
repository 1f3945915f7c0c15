package models

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

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

// mostLayers bounds what a repetition asks for.
const mostLayers = 10000

// parseWidths reads widths separated by dashes; 128x8 is eight times 128.
func parseWidths(list string) ([]int, error) {
	var widths []int
	for _, field := range strings.Split(list, "-") {
		width, times, repeated := strings.Cut(field, "x")
		w, err := strconv.Atoi(width)
		n := 1
		if err == nil && repeated {
			n, err = strconv.Atoi(times)
		}
		if err != nil || w < 1 || n < 1 {
			return nil, fmt.Errorf("the width %q is not a positive whole number, nor one such as 128x8", field)
		}
		if n > mostLayers || len(widths)+n > mostLayers {
			return nil, fmt.Errorf("%q makes more than %d layers", field, mostLayers)
		}
		for range n {
			widths = append(widths, w)
		}
	}
	if len(widths) < 2 {
		return nil, errors.New("an mlp needs at least an input and an output width")
	}
	return widths, nil
}
