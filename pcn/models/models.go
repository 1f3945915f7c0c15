// Package models makes networks from short descriptions.
package models

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
)

// Parse makes the network that a description names, with the given activation
// in every hidden layer:
//
//	mlp:784-128-128-10   a multilayer perceptron, see [MLP]
func Parse(description string, activation kernels.Activation) (*pcn.Network, error) {
	kind, rest, found := strings.Cut(description, ":")
	if kind != "mlp" || !found {
		return nil, fmt.Errorf("models: unknown model %q: use mlp:IN-HIDDEN-...-OUT, such as mlp:784-128-128-10", description)
	}
	var widths []int
	for _, field := range strings.Split(rest, "-") {
		w, err := strconv.Atoi(field)
		if err != nil || w < 1 {
			return nil, fmt.Errorf("models: %q: the width %q is not a positive whole number", description, field)
		}
		widths = append(widths, w)
	}
	if len(widths) < 2 {
		return nil, fmt.Errorf("models: %q: an mlp needs at least an input and an output width", description)
	}
	return MLP(widths, activation)
}
