package golden

import "encoding/json"

// A Case is one training case.
type Case struct {
	Name, Description string

	Network Network
	Hyper   Hyper

	// BatchSize is the number of samples per batch.
	BatchSize int

	// Params are the initial trainable parameters and Stats the initial running
	// statistics of BatchNorm, by name. They are full tensors.
	Params, Stats map[string]*Tensor

	// Batches are used once each, in order.
	Batches []Batch

	// EvalX is the input of the evaluation logits. Its batch may have another
	// size.
	EvalX *Tensor

	Expected Expected
}

// A Batch has inputs and one-hot targets, both full tensors.
type Batch struct{ X, Y *Tensor }

// A Network is a list of nodes in topological order; the last one is the
// output node.
type Network struct {
	// Kind is "chain" or "resnet".
	Kind string

	// InputShape is that of a sample of x.
	InputShape []int

	// Levels is N.
	Levels int

	// Aux is false only for a residual net without auxiliary nodes.
	Aux bool

	Nodes []Node

	// Layers is a compact summary of the architecture, which this package does
	// not interpret: Nodes is the complete definition.
	Layers json.RawMessage
}

// A Node is a latent with its prediction and its energy.
type Node struct {
	Name string

	// Shape is that of the latent of one sample.
	Shape []int

	Level int

	// Role is "main", "skip" or "output".
	Role string

	// Sources are the nodes whose latents are summed to form the input of Ops;
	// "x" is the clamped input.
	Sources []string

	// Ops are applied in order; none is the identity.
	Ops []Op

	// Energy is "se" or "ce".
	Energy string

	// Weight is a constant factor of the energy during relaxation.
	Weight float64
}

// An Op is one stage of a prediction. Kind says which of the other fields
// count.
type Op struct {
	// Kind is "dense", "conv2d", "activation", "maxpool2x2", "flatten",
	// "global_avg_pool" or "batchnorm".
	Kind string

	// W and B name the parameters of dense and conv2d; B is empty without bias.
	W, B string

	// Stride and Padding are those of conv2d.
	Stride, Padding int

	// Fn is the activation function.
	Fn string

	// Gamma and Beta name parameters, Mean and Var running statistics, of
	// batchnorm.
	Gamma, Beta, Mean, Var string
	Eps, Momentum          float64
}

// HasBatchNorm reports whether any node has a batchnorm op.
func (n *Network) HasBatchNorm() bool {
	for _, node := range n.Nodes {
		for _, op := range node.Ops {
			if op.Kind == "batchnorm" {
				return true
			}
		}
	}
	return false
}

// Absorbed returns the biases that feed a batchnorm op directly, and the
// running means behind them. Batch statistics cancel such a bias, so its
// gradient is nothing but round-off.
func (n *Network) Absorbed() (biases, means map[string]bool) {
	biases, means = map[string]bool{}, map[string]bool{}
	for _, node := range n.Nodes {
		for k := range len(node.Ops) - 1 {
			op, next := node.Ops[k], node.Ops[k+1]
			if op.B != "" && next.Kind == "batchnorm" {
				biases[op.B], means[next.Mean] = true, true
			}
		}
	}
	return biases, means
}

// Hyper are the hyper-parameters.
type Hyper struct {
	// T is the number of relaxation steps, 0 for backprop.
	T int

	Precision Precision
	Latent    LatentOptimizer

	// Update is "settled", "forward", "incremental" or "backprop".
	Update string

	Nudging Nudging

	// BNMode is "batch" or "ema".
	BNMode string

	// BNFreeze is false when running statistics move outside the weight-update
	// phase as well.
	BNFreeze bool

	Weights WeightOptimizer
}

// Precision is a precision schedule.
type Precision struct {
	// Kind is "uniform", "spiking" (with Alpha) or "decaying" (with K and
	// Normalised).
	Kind       string
	Alpha, K   float64
	Normalised bool
}

// A LatentOptimizer moves the latents.
type LatentOptimizer struct {
	LR, Momentum float64
	Nesterov     bool
}

// Nudging says how the output is clamped.
type Nudging struct {
	// Kind is "none", "positive", "negative" or "centred".
	Kind string

	// Beta is given positive, and ignored for "none".
	Beta float64
}

// A WeightOptimizer moves the parameters.
type WeightOptimizer struct {
	// Kind is "sgd" (with Momentum and Nesterov), "adam" or "adamw" (with the
	// betas, Eps and WeightDecay, which adam ignores).
	Kind string

	LR LearningRate

	Momentum float64
	Nesterov bool

	B1, B2, Eps, WeightDecay float64

	// SkipZero is "off", "update" or "full".
	SkipZero string
}

// A LearningRate is a learning-rate schedule.
type LearningRate struct {
	// Kind is "constant" (with Value) or "warmup_cosine_decay" (with the rest).
	Kind string

	Value float64

	Init, Peak, WarmupSteps, DecaySteps, End, Exponent float64
}
