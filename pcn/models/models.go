// Package models makes networks from short descriptions: multilayer perceptrons and
// the VGG and residual networks of the literature.
//
// Networks have no weights, which a trainer draws or is given, and are only read:
// any number of trainers, predictors and goroutines may share one. The names of
// nodes, which files of weights carry, stay the same from release to release.
package models

import (
	"fmt"
	"math"
	"strings"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
)

// Options are what a name leaves open. MLPs read the activation only.
type Options struct {
	// Activation is that of every hidden layer.
	Activation kernels.Activation

	// Input is the shape of an image, Classes the number of outputs.
	Input   pcn.Shape
	Classes int

	// Width scales all numbers of channels and the widths of hidden dense
	// layers, to max(1, round(Width c)); 0 stands for 1.
	Width float64

	// BatchNorm puts a batch normalisation behind the convolutions; in residual
	// networks behind those of the blocks.
	BatchNorm bool

	// NoAux leaves out the auxiliary nodes of residual networks. LatentRate is
	// that of the training, which their weight depends on.
	NoAux      bool
	LatentRate float32
}

// CIFAR are the options for images of 32x32 pixels in three colours and ten
// classes, full width, gelu and the latent rate of pcn.DefaultConfig.
func CIFAR() Options {
	return Options{
		Activation: kernels.GELU, Input: pcn.Image(32, 32, 3), Classes: 10,
		Width: 1, LatentRate: pcn.DefaultConfig().LatentRate,
	}
}

func (o *Options) check() error {
	if o.Width == 0 {
		o.Width = 1
	}
	switch {
	case !(o.Width > 0 && o.Width <= 64):
		return fmt.Errorf("models: the width %v is not between 0 and 64", o.Width)
	case o.Classes < 1:
		return fmt.Errorf("models: there must be at least one class, not %d", o.Classes)
	}
	return nil
}

// scaled is a number of channels times the width.
func (o *Options) scaled(channels int) int {
	return max(1, int(math.Floor(float64(o.Width*float64(channels))+0.5)))
}

// Parse makes the network that a description names, with the given activation
// in every hidden layer, for images like those of [CIFAR] where it does not say
// more:
//
//	mlp:784-128-128-10   a multilayer perceptron, see [MLP]
//	mlp:784-128x8-10     the same with eight hidden layers of 128
//	vgg5 ... resnet18    one of [Names]
func Parse(description string, activation kernels.Activation) (*pcn.Network, error) {
	o := CIFAR()
	o.Activation = activation
	return New(description, o)
}

// New makes the network that a description names: see [Parse].
func New(description string, o Options) (*pcn.Network, error) {
	if layers, ok := vggs[description]; ok {
		return named(description, o, func() (*pcn.Network, error) { return VGG(layers, o) })
	}
	if blocks, ok := resnets[description]; ok {
		return named(description, o, func() (*pcn.Network, error) { return ResNet(blocks, o) })
	}
	kind, rest, found := strings.Cut(description, ":")
	if kind != "mlp" || !found {
		return nil, fmt.Errorf("models: unknown model %q: use mlp:IN-HIDDEN-...-OUT, such as mlp:784-128-128-10, or one of %s",
			description, strings.Join(Names(), ", "))
	}
	widths, err := parseWidths(rest)
	if err != nil {
		return nil, fmt.Errorf("models: %q: %w", description, err)
	}
	return MLP(widths, o.Activation)
}

// named says which model an error is about.
func named(name string, o Options, build func() (*pcn.Network, error)) (*pcn.Network, error) {
	net, err := build()
	if err != nil {
		return nil, fmt.Errorf("models: %s for images of %v: %w", name, o.Input, err)
	}
	return net, nil
}
