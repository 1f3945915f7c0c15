package golden

import (
	"errors"

	"github.com/gopcn/gopcn/pcn/internal/reference"
)

var errNormalised = errors.New("only a decaying precision can be normalised")

func (n *Network) decode(o *object) {
	o.oneOf("kind", &n.Kind, "chain", "resnet")
	o.need("input_shape", &n.InputShape)
	o.need("num_levels", &n.Levels)
	n.Aux = true
	o.may("aux", &n.Aux)
	o.may("layers", &n.Layers)
	o.list("nodes",
		func(k int) { n.Nodes = make([]Node, k) },
		func(i int, s *object) { n.Nodes[i].decode(s) })
}

func (n *Node) decode(o *object) {
	o.need("name", &n.Name)
	o.need("shape", &n.Shape)
	o.need("level", &n.Level)
	o.oneOf("role", &n.Role, "main", "skip", "output")
	o.need("sources", &n.Sources)
	o.oneOf("energy", &n.Energy, "se", "ce")
	o.need("weight", &n.Weight)
	o.list("ops",
		func(k int) { n.Ops = make([]Op, k) },
		func(i int, s *object) { n.Ops[i].decode(s) })
}

func (op *Op) decode(o *object) {
	o.oneOf("op", &op.Kind,
		"dense", "conv2d", "activation", "maxpool2x2", "flatten", "global_avg_pool", "batchnorm")
	switch op.Kind {
	case "dense":
		o.need("W", &op.W)
		o.may("b", &op.B)
	case "conv2d":
		o.need("W", &op.W)
		o.may("b", &op.B)
		o.need("stride", &op.Stride)
		o.need("padding", &op.Padding)
	case "activation":
		o.oneOf("fn", &op.Fn, reference.ActivationNames()...)
	case "batchnorm":
		o.need("gamma", &op.Gamma)
		o.need("beta", &op.Beta)
		o.need("mean", &op.Mean)
		o.need("var", &op.Var)
		o.need("eps", &op.Eps)
		o.need("momentum", &op.Momentum)
	}
}

func (h *Hyper) decode(o *object) {
	o.need("T", &h.T)
	o.sub("precision", h.Precision.decode)
	o.sub("h_optimizer", func(s *object) {
		s.need("lr", &h.Latent.LR)
		s.need("momentum", &h.Latent.Momentum)
		s.need("nesterov", &h.Latent.Nesterov)
	})
	o.oneOf("update", &h.Update, "settled", "forward", "incremental", "backprop")
	o.sub("nudging", func(s *object) {
		s.oneOf("kind", &h.Nudging.Kind, "none", "positive", "negative", "centred")
		if h.Nudging.Kind == "none" {
			s.may("beta", &h.Nudging.Beta)
		} else {
			s.need("beta", &h.Nudging.Beta)
		}
	})
	o.oneOf("bn_mode", &h.BNMode, "batch", "ema")
	h.BNFreeze = true
	o.may("bn_freeze", &h.BNFreeze)
	o.sub("w_optimizer", h.Weights.decode)
}

func (p *Precision) decode(o *object) {
	o.oneOf("kind", &p.Kind, "uniform", "spiking", "decaying")
	switch p.Kind {
	case "spiking":
		o.need("alpha", &p.Alpha)
	case "decaying":
		o.need("k", &p.K)
	}
	o.may("normalised", &p.Normalised)
	if p.Normalised && p.Kind != "decaying" {
		o.fail("normalised", errNormalised)
	}
}

func (w *WeightOptimizer) decode(o *object) {
	o.oneOf("kind", &w.Kind, "sgd", "adam", "adamw")
	o.sub("lr", w.LR.decode)
	if w.Kind == "sgd" {
		o.need("momentum", &w.Momentum)
		o.need("nesterov", &w.Nesterov)
	} else {
		o.need("b1", &w.B1)
		o.need("b2", &w.B2)
		o.need("eps", &w.Eps)
		o.need("weight_decay", &w.WeightDecay)
	}
	o.oneOf("skip_zero", &w.SkipZero, "off", "update", "full")
}

func (l *LearningRate) decode(o *object) {
	o.oneOf("kind", &l.Kind, "constant", "warmup_cosine_decay")
	if l.Kind == "constant" {
		o.need("value", &l.Value)
		return
	}
	o.need("init", &l.Init)
	o.need("peak", &l.Peak)
	o.need("warmup_steps", &l.WarmupSteps)
	o.need("decay_steps", &l.DecaySteps)
	o.need("end", &l.End)
	o.need("exponent", &l.Exponent)
}
