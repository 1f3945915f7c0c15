package pcn

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn/internal/golden"
)

const goldenDir = "testdata/golden"

// moreGoldenDir names an environment variable with a directory of further case
// files.
const moreGoldenDir = "PCN_GOLDEN_DIR"

func goldenFiles(t *testing.T) []string {
	files, err := golden.Files(goldenDir)
	require.NoError(t, err)
	if dir := os.Getenv(moreGoldenDir); dir != "" {
		more, err := golden.Files(dir)
		require.NoError(t, err)
		files = append(files, more...)
	}
	return files
}

func loadGolden(t *testing.T, name string) *golden.Case {
	c, err := golden.Load(filepath.Join(goldenDir, name+".json"))
	require.NoError(t, err)
	return c
}

// networkOf builds the network of a case.
func networkOf(t *testing.T, c *golden.Case) *Network {
	b := NewBuilder(shapeOf(c.Network.InputShape))
	index := map[string]int{"x": Input}
	for _, n := range c.Network.Nodes {
		node := Node{Name: n.Name, Level: n.Level, Weight: float32(n.Weight)}
		if n.Role == "skip" {
			node.Role = Skip
		}
		for _, s := range n.Sources {
			node.Sources = append(node.Sources, index[s])
		}
		for _, op := range n.Ops {
			node.Ops = append(node.Ops, opOf(t, c, op))
		}
		index[n.Name] = b.Add(node)
	}
	net, err := b.Build()
	require.NoError(t, err)
	require.Equal(t, c.Network.Levels, net.Levels())
	return net
}

// shapeOf reads a shape [features] or [channel, height, width].
func shapeOf(shape []int) Shape {
	if len(shape) == 1 {
		return Features(shape[0])
	}
	return Image(shape[1], shape[2], shape[0])
}

func opOf(t *testing.T, c *golden.Case, op golden.Op) Op {
	switch op.Kind {
	case "dense":
		return Dense(c.Params[op.W].Shape[0], op.B != "")
	case "conv2d":
		shape := c.Params[op.W].Shape
		require.Equal(t, shape[2], shape[3], "kernels are square")
		return Conv2D(shape[0], shape[2], op.Stride, op.Padding, op.B != "")
	case "batchnorm":
		require.Equal(t, []float64{normEps, normKeep}, []float64{op.Eps, op.Momentum})
		return BatchNorm()
	case "maxpool2x2":
		return MaxPool2x2()
	case "flatten":
		return Flatten()
	case "global_avg_pool":
		return GlobalAvgPool()
	}
	require.Equal(t, "activation", op.Kind)
	f, err := kernels.ParseActivation(op.Fn)
	require.NoError(t, err)
	return Activate(f)
}

// parameterNames lists a case's names of the parameters in canonical order.
func parameterNames(c *golden.Case) []string {
	var names []string
	for _, n := range c.Network.Nodes {
		for _, op := range n.Ops {
			for _, name := range []string{op.W, op.B, op.Gamma, op.Beta} {
				if name != "" {
					names = append(names, name)
				}
			}
		}
	}
	return names
}

// statisticNames lists a case's names of the running statistics in the same
// order.
func statisticNames(c *golden.Case) []string {
	var names []string
	for _, n := range c.Network.Nodes {
		for _, op := range n.Ops {
			if op.Kind == "batchnorm" {
				names = append(names, op.Mean, op.Var)
			}
		}
	}
	return names
}

func precisionOf(p golden.Precision) Precision {
	switch {
	case p.Kind == "spiking":
		return Spiking(float32(p.Alpha))
	case p.Kind == "decaying" && p.Normalised:
		return DecayingNormalised(p.K)
	case p.Kind == "decaying":
		return Decaying(p.K)
	}
	return Uniform()
}

func rateOf(t *testing.T, r golden.LearningRate) Rate {
	if r.Kind == "constant" {
		return Constant(r.Value)
	}
	require.Equal(t, math.Trunc(r.Exponent), r.Exponent, "exponents are whole numbers")
	return WarmupCosine{Init: r.Init, Peak: r.Peak, WarmupSteps: r.WarmupSteps, DecaySteps: r.DecaySteps,
		End: r.End, Exponent: int(r.Exponent)}
}

// configOf translates the hyper-parameters of a case.
func configOf(t *testing.T, c *golden.Case) Config {
	h := c.Hyper
	cfg := Config{
		Steps:      h.T,
		Precision:  precisionOf(h.Precision),
		LatentRate: float32(h.Latent.LR), Momentum: float32(h.Latent.Momentum), Nesterov: h.Latent.Nesterov,
		Batch:   c.BatchSize,
		Beta:    float32(h.Nudging.Beta),
		Workers: 1,

		Norm: map[string]NormMode{"batch": NormBatch, "ema": NormEMA}[h.BNMode], NormUnfrozen: !h.BNFreeze,
	}
	switch h.Update {
	case "forward":
		cfg.Update = Forward
	case "incremental":
		cfg.Rule = IPC
	case "backprop":
		cfg.Rule = BP
	}
	if c.Network.Nodes[len(c.Network.Nodes)-1].Energy == "ce" {
		cfg.Loss = CrossEntropy
	}
	cfg.Nudge = map[string]Nudge{"none": NudgeNone, "positive": NudgePositive, "negative": NudgeNegative,
		"centred": NudgeCentred}[h.Nudging.Kind]
	w := h.Weights
	cfg.Optimizer = Optimizer{
		Kind:     map[string]OptimizerKind{"sgd": SGD, "adam": Adam, "adamw": AdamW}[w.Kind],
		Rate:     rateOf(t, w.LR),
		Momentum: w.Momentum, Nesterov: w.Nesterov,
		Beta1: w.B1, Beta2: w.B2, Eps: w.Eps, WeightDecay: w.WeightDecay,
		SkipZero: map[string]SkipZero{"off": SkipOff, "update": SkipUpdate, "full": SkipFull}[w.SkipZero],
	}
	return cfg
}

// goldenTrainer makes a trainer at the initial state of a case.
func goldenTrainer(t *testing.T, c *golden.Case, cfg Config, use shortcuts) *Trainer {
	tr, err := newTrainer(networkOf(t, c), cfg, use)
	require.NoError(t, err)
	t.Cleanup(tr.Close)
	list := tr.Parameters()
	for i, name := range parameterNames(c) {
		require.Equal(t, c.Params[name].Shape, list[i].Shape)
		for k, v := range c.Params[name].Data {
			list[i].Data[k] = float32(v)
		}
	}
	require.NoError(t, tr.SetParameters(list))
	statistics := tr.Statistics()
	for i, name := range statisticNames(c) {
		for k, v := range c.Stats[name].Data {
			statistics.Tensors[i].Data[k] = float32(v)
		}
	}
	require.NoError(t, tr.SetStatistics(statistics))
	return tr
}

// matrixOf rounds a tensor [batch, features] or [batch, channel, height, width].
func matrixOf(x *golden.Tensor) kernels.Matrix {
	m := kernels.NewMatrix(x.Shape[0], x.Len()/x.Shape[0])
	row := make([]float32, m.Cols)
	for i := range m.Rows {
		for j := range row {
			row[j] = float32(x.Data[i*m.Cols+j])
		}
		toPixels(m.Row(i), row, x.Shape[1])
	}
	return m
}

// batchOf makes a batch of inputs and one-hot targets.
func batchOf(t *testing.T, b golden.Batch) *Batch {
	y := matrixOf(b.Y)
	batch := &Batch{X: matrixOf(b.X), Labels: make([]uint8, y.Rows)}
	for i := range batch.Labels {
		label := argmax(y.Row(i))
		batch.Labels[i] = uint8(label)
		for j, v := range y.Row(i) {
			want := float32(0)
			if j == label {
				want = 1
			}
			require.Equal(t, want, v, fmt.Sprintf("target %d is one-hot", i))
		}
	}
	return batch
}
