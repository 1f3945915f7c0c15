package models

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gopcn/gopcn/pcn"
)

// vggs are the convolutional chains, in the notation of [VGG].
var vggs = map[string]string{
	"vgg5":  "128 M 256 M 512 M 512 M",
	"vgg7":  "128 M 128 256 M 256v 512 M 512v",
	"vgg9":  "64 M 128 128 M 256 256 M 512 512 M 512",
	"vgg10": "64 128 128 M 128 256 M 256 256 M 256 512 M",
	"vgg11": "64 128 128 M 128 256 M 256 256 M 256 512 M 512",
	"vgg13": "128 128 128 M 128 256 M 256 256 M 256 512 M 512 512 M 512",
	"vgg15": "64 64 M 128 128 M 256 256 256 M 512 512 512 M 512 512 512 M D4096",
	"vgg19": "64 64 M 128 128 M 256 256 256 256 M 512 512 512 512 M 512 512 512 512 M",
}

// VGG returns a convolutional chain. The layers are words:
//
//	128    a convolution 3x3 with 128 output channels, padding 1 and a bias, a
//	       batch normalisation if asked for, and the activation
//	128v   the same without padding
//	M      a max-pool, which belongs to the layer before it
//	D4096  a dense layer of 4096 and the activation
//
// Each layer with its pool is a node. The output is a dense layer on top.
func VGG(layers string, o Options) (*pcn.Network, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	b := pcn.NewBuilder(o.Input)
	source, nodes := pcn.Input, 0
	node := func(ops []pcn.Op) {
		source = b.Node(fmt.Sprintf("n%d", nodes), []int{source}, ops...)
		nodes++
	}
	image := true
	words := strings.Fields(layers)
	for i := 0; i < len(words); i++ {
		word := words[i]
		width, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(word, "D"), "v"))
		if err != nil || width < 1 {
			return nil, fmt.Errorf("models: the layer %q is not one: use a number of channels such as 128 or 128v, D4096, or M behind one of them", word)
		}
		width = o.scaled(width)
		var ops []pcn.Op
		switch {
		case strings.HasPrefix(word, "D"):
			if image {
				ops = append(ops, pcn.Flatten())
			}
			image = false
			ops = append(ops, pcn.Dense(width, true), pcn.Activate(o.Activation))
		case !image:
			return nil, fmt.Errorf("models: the layer %q comes after a dense one", word)
		default:
			padding := 1
			if strings.HasSuffix(word, "v") {
				padding = 0
			}
			ops = append(ops, pcn.Conv2D(width, 3, 1, padding, true))
			if o.BatchNorm {
				ops = append(ops, pcn.BatchNorm())
			}
			ops = append(ops, pcn.Activate(o.Activation))
			if i+1 < len(words) && words[i+1] == "M" {
				ops = append(ops, pcn.MaxPool2x2())
				i++
			}
		}
		node(ops)
	}
	var last []pcn.Op
	if image {
		last = append(last, pcn.Flatten())
	}
	b.Node("out", []int{source}, append(last, pcn.Dense(o.Classes, true))...)
	return b.Build()
}

// Names lists the models that [New] knows by name alone.
func Names() []string {
	names := []string{"resnet10", "resnet18"}
	for name := range vggs {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	return names
}
