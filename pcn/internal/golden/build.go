package golden

import (
	"fmt"

	"github.com/gopcn/gopcn/pcn/internal/reference"
)

// Run trains the float64 reference on the whole case.
func (c *Case) Run() (*reference.Run, error) {
	tr, err := c.Trainer()
	if err != nil {
		return nil, err
	}
	var xs, ys []*reference.Tensor
	for _, b := range c.Batches {
		xs, ys = append(xs, b.X.Reference()), append(ys, b.Y.Reference())
	}
	return tr.Train(xs, ys, c.EvalX.Reference())
}

// Trainer returns a float64 reference at the case's initial state.
func (c *Case) Trainer() (*reference.Trainer, error) {
	net, err := c.Network.Reference()
	if err != nil {
		return nil, err
	}
	return reference.NewTrainer(net, c.Hyper.Reference(), References(c.Params), References(c.Stats))
}

// Reference converts a full tensor; nil and checksums give nil.
func (t *Tensor) Reference() *reference.Tensor {
	if t == nil || t.Data == nil {
		return nil
	}
	r, err := reference.FromData(t.Shape, t.Data)
	if err != nil {
		return nil
	}
	return r
}

// References converts named full tensors.
func References(ts map[string]*Tensor) reference.Tensors {
	r := reference.Tensors{}
	for name, t := range ts {
		r[name] = t.Reference()
	}
	return r
}

// Reference converts the network.
func (n *Network) Reference() (*reference.Network, error) {
	r := &reference.Network{InputShape: n.InputShape, Levels: n.Levels}
	for _, node := range n.Nodes {
		ops := make([]reference.Op, len(node.Ops))
		for k, op := range node.Ops {
			var err error
			if ops[k], err = op.reference(); err != nil {
				return nil, fmt.Errorf("node %q: %w", node.Name, err)
			}
		}
		r.Nodes = append(r.Nodes, &reference.Node{
			Name:    node.Name,
			Shape:   node.Shape,
			Level:   node.Level,
			Role:    reference.Role(node.Role),
			Sources: node.Sources,
			Ops:     ops,
			Energy:  reference.Energy(node.Energy),
			Weight:  node.Weight,
		})
	}
	return r, nil
}

func (op Op) reference() (reference.Op, error) {
	switch op.Kind {
	case "dense":
		return reference.Dense{W: op.W, B: op.B}, nil
	case "conv2d":
		return reference.Conv2D{W: op.W, B: op.B, Stride: op.Stride, Padding: op.Padding}, nil
	case "activation":
		return reference.Activation{Fn: op.Fn}, nil
	case "maxpool2x2":
		return reference.MaxPool2x2{}, nil
	case "flatten":
		return reference.Flatten{}, nil
	case "global_avg_pool":
		return reference.GlobalAvgPool{}, nil
	case "batchnorm":
		return reference.BatchNorm{
			Gamma: op.Gamma, Beta: op.Beta, Mean: op.Mean, Var: op.Var,
			Eps: op.Eps, Momentum: op.Momentum,
		}, nil
	}
	return nil, fmt.Errorf("unknown op %q", op.Kind)
}

// Reference converts the hyper-parameters.
func (h Hyper) Reference() reference.Hyper {
	w := h.Weights
	return reference.Hyper{
		T:         h.T,
		Precision: h.Precision.Reference(),
		Latent: reference.LatentRule{
			Rate: h.Latent.LR, Momentum: h.Latent.Momentum, Nesterov: h.Latent.Nesterov,
		},
		Update:    reference.Update(h.Update),
		Nudging:   reference.Nudging{Kind: reference.NudgeKind(h.Nudging.Kind), Beta: h.Nudging.Beta},
		BatchNorm: reference.BatchNormMode(h.BNMode),
		Unfrozen:  !h.BNFreeze,
		Weights: reference.WeightRule{
			Kind: reference.RuleKind(w.Kind), Rate: w.LR.Reference(),
			Momentum: w.Momentum, Nesterov: w.Nesterov,
			Beta1: w.B1, Beta2: w.B2, Eps: w.Eps, WeightDecay: w.WeightDecay,
			SkipZero: reference.SkipZero(w.SkipZero),
		},
	}
}

// Reference converts the schedule; an unknown kind gives nil, which
// [reference.NewTrainer] rejects.
func (p Precision) Reference() reference.Precision {
	switch p.Kind {
	case "uniform":
		return reference.Uniform{}
	case "spiking":
		return reference.Spiking{Alpha: p.Alpha}
	case "decaying":
		return reference.Decaying{K: p.K, Normalised: p.Normalised}
	}
	return nil
}

// Reference converts the schedule; an unknown kind gives nil, which
// [reference.NewTrainer] rejects.
func (l LearningRate) Reference() reference.Schedule {
	switch l.Kind {
	case "constant":
		return reference.Constant(l.Value)
	case "warmup_cosine_decay":
		return reference.WarmupCosine{
			Init: l.Init, Peak: l.Peak, WarmupSteps: l.WarmupSteps,
			DecaySteps: l.DecaySteps, End: l.End, Exponent: l.Exponent,
		}
	}
	return nil
}
