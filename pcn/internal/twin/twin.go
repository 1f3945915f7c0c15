// Package twin makes float64 twins of trainers: it puts networks, settings,
// weights and batches of package pcn in the terms of package reference, for
// audits and tests.
package twin

import (
	"fmt"
	"strings"

	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/internal/reference"
)

// What package pcn does in every batch normalisation; see pcn.BatchNorm.
const (
	normEps  = 1e-5
	normKeep = 0.1
)

// Trainer returns a twin with the weights of a trainer. It has no memory of
// earlier steps of the optimiser.
func Trainer(t *pcn.Trainer) (*reference.Trainer, error) {
	w := t.Weights()
	r, err := reference.NewTrainer(Network(t.Network(), t.Config().Loss), Hyper(t.Config()),
		Tensors(w.Parameters), Tensors(w.Statistics.Tensors))
	if err == nil && w.Statistics.Moved {
		r.ContinueStatistics()
	}
	return r, err
}

// Network translates a valid network. Parameters have the names of
// pcn.InitialParameters, running statistics those of pcn.Statistics.
func Network(net *pcn.Network, loss pcn.Loss) *reference.Network {
	r := &reference.Network{InputShape: shape(net.Input, !net.Input.IsVector()), Levels: net.Levels()}
	names := names(net)
	images := make([]bool, len(net.Nodes))
	for i, s := range net.Shapes() {
		n := &net.Nodes[i]
		images[i] = isImage(net, i, images)
		node := &reference.Node{
			Name: n.Name, Shape: shape(s, images[i]), Level: n.Level, Role: reference.Role(n.Role.String()),
			Energy: reference.SquaredError, Weight: float64(n.Weight),
		}
		if n.Role == pcn.Output {
			node.Energy = reference.Energy(loss.String())
		}
		for _, source := range n.Sources {
			name := reference.Input
			if source != pcn.Input {
				name = net.Nodes[source].Name
			}
			node.Sources = append(node.Sources, name)
		}
		for _, op := range n.Ops {
			node.Ops = append(node.Ops, translate(op, &names))
		}
		r.Nodes = append(r.Nodes, node)
	}
	return r
}

// nameList hands out the names of parameters in canonical order.
type nameList []string

func names(net *pcn.Network) nameList {
	var list nameList
	for _, p := range pcn.InitialParameters(net, 0, 1) {
		list = append(list, p.Name)
	}
	return list
}

func (l *nameList) next() string {
	name := (*l)[0]
	*l = (*l)[1:]
	return name
}

func translate(op pcn.Op, names *nameList) reference.Op {
	weights := func() (w, b string) {
		w = names.next()
		if op.HasBias() {
			b = names.next()
		}
		return w, b
	}
	switch op.Kind() {
	case pcn.OpDense:
		w, b := weights()
		return reference.Dense{W: w, B: b}
	case pcn.OpConv2D:
		w, b := weights()
		_, stride, padding := op.Geometry()
		return reference.Conv2D{W: w, B: b, Stride: stride, Padding: padding}
	case pcn.OpBatchNorm:
		gamma, beta := names.next(), names.next()
		base := strings.TrimSuffix(gamma, ".gamma")
		return reference.BatchNorm{Gamma: gamma, Beta: beta, Mean: base + ".mean", Var: base + ".var", Eps: normEps, Momentum: normKeep}
	case pcn.OpActivate:
		return reference.Activation{Fn: op.Activation().String()}
	case pcn.OpMaxPool:
		return reference.MaxPool2x2{}
	case pcn.OpFlatten:
		return reference.Flatten{}
	case pcn.OpGlobalAvgPool:
		return reference.GlobalAvgPool{}
	}
	panic(fmt.Sprintf("twin: the reference has no %v", op))
}

// isImage reports whether the reference has an image for a node's latent: package
// pcn does not tell an image of a single pixel from a vector.
func isImage(net *pcn.Network, i int, images []bool) bool {
	image := !net.Input.IsVector()
	if s := net.Nodes[i].Sources[0]; s != pcn.Input {
		image = images[s]
	}
	for _, op := range net.Nodes[i].Ops {
		switch op.Kind() {
		case pcn.OpConv2D, pcn.OpMaxPool:
			image = true
		case pcn.OpDense, pcn.OpFlatten, pcn.OpGlobalAvgPool:
			image = false
		}
	}
	return image
}

func shape(s pcn.Shape, image bool) []int {
	if image {
		return []int{s.Channels, s.Height, s.Width}
	}
	return []int{s.Channels}
}

// Hyper translates the settings of a trainer, of which float32 values are taken
// as they are. The learning rate is that of the first step.
func Hyper(c pcn.Config) reference.Hyper {
	o := c.Optimizer
	h := reference.Hyper{
		T: c.Steps,
		Precision: reference.PrecisionFunc(func(level, levels, t, T int) float64 {
			if c.Precision.Schedule == nil {
				return 1
			}
			return float64(c.Precision.Schedule(level, levels, t, T))
		}),
		Latent:    reference.LatentRule{Rate: float64(c.LatentRate), Momentum: float64(c.Momentum), Nesterov: c.Nesterov},
		Update:    reference.Update(c.Update.String()),
		Nudging:   reference.Nudging{Kind: reference.NudgeKind(c.Nudge.String()), Beta: float64(c.Beta)},
		BatchNorm: reference.BatchNormMode(c.Norm.String()), Unfrozen: c.NormUnfrozen,
		Weights: reference.WeightRule{
			Kind: reference.RuleKind(o.Kind.String()), Rate: reference.Constant(o.Rate.At(0)),
			Momentum: o.Momentum, Nesterov: o.Nesterov,
			Beta1: o.Beta1, Beta2: o.Beta2, Eps: o.Eps, WeightDecay: o.WeightDecay,
			SkipZero: reference.SkipZero(o.SkipZero.String()),
		},
	}
	switch c.Rule {
	case pcn.IPC:
		h.Update = reference.Incremental
	case pcn.BP:
		h.Update = reference.Backprop
	}
	return h
}

// Tensors widens tensors.
func Tensors(list []pcn.Tensor) reference.Tensors {
	r := reference.Tensors{}
	for _, t := range list {
		r[t.Name] = Tensor(t)
	}
	return r
}

// Tensor widens a tensor.
func Tensor(t pcn.Tensor) *reference.Tensor {
	r := reference.NewTensor(t.Shape...)
	for i, v := range t.Data {
		r.Data[i] = float64(v)
	}
	return r
}

// Batch widens samples of a network: their inputs x and one-hot targets y.
func Batch(s pcn.Samples, net *pcn.Network) (x, y *reference.Tensor) {
	in, classes := net.Input, net.Classes()
	x = reference.NewTensor(append([]int{s.Len()}, shape(in, !in.IsVector())...)...)
	y = reference.NewTensor(s.Len(), classes)
	row := make([]float32, in.Len())
	for i := range s.Len() {
		s.Fill(row, i)
		planes := x.Data[i*len(row) : (i+1)*len(row)]
		for k, v := range row { // pixel after pixel
			planes[k%in.Channels*(in.Height*in.Width)+k/in.Channels] = float64(v)
		}
		y.Data[i*classes+s.Label(i)] = 1
	}
	return x, y
}
