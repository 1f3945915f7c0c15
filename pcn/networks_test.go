package pcn

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
)

// chain is a multilayer perceptron.
func chain(f kernels.Activation, widths ...int) *Network {
	b := NewBuilder(Features(widths[0]))
	source, last := Input, len(widths)-1
	for i, w := range widths[1:last] {
		source = b.Node(fmt.Sprintf("n%d", i), []int{source}, Dense(w, true), Activate(f))
	}
	b.Node("out", []int{source}, Dense(widths[last], true))
	return mustBuild(b)
}

// residual is a dense residual network of blocks with activations first and, on
// every skip path, auxiliary nodes of the given weight. The second block's
// first auxiliary node is a bare dense layer, of weight 1.
func residual(f kernels.Activation, weight float32) *Network {
	b := NewBuilder(Features(6))
	x := []int{b.Node("stem", []int{Input}, Dense(8, false))}
	for k, width := range []int{8, 7} {
		a := b.Node(fmt.Sprintf("b%d.a", k), x, Activate(f), Dense(width, false))
		skip := Node{Name: fmt.Sprintf("b%d.s1", k), Level: b.levelAbove(x), Role: Skip, Sources: x, Weight: weight}
		if k == 1 {
			skip.Ops, skip.Weight = []Op{Dense(width, false)}, 1
		}
		s1 := b.Add(skip)
		c := b.Node(fmt.Sprintf("b%d.c", k), []int{a}, Activate(f), Dense(width, true))
		s2 := b.Add(Node{Name: fmt.Sprintf("b%d.s2", k), Level: b.levelAbove([]int{s1}), Role: Skip, Sources: []int{s1}, Weight: weight})
		x = []int{c, s2}
	}
	b.Node("out", x, Activate(f), Dense(4, true))
	return mustBuild(b)
}

// unlayered has edges that span several levels: the skip paths of residual
// blocks without auxiliary nodes, and one from x to the output.
func unlayered(f kernels.Activation) *Network {
	b := NewBuilder(Features(5))
	stem := b.Node("stem", []int{Input}, Dense(5, true))
	a := b.Node("a", []int{stem}, Activate(f), Dense(5, true))
	c := b.Node("c", []int{a}, Activate(f), Dense(5, true))
	d := b.Node("d", []int{c, stem}, Activate(f), Dense(5, false))
	e := b.Node("e", []int{d}, Activate(f), Dense(5, true))
	b.Node("out", []int{e, c, stem, Input}, Activate(f), Dense(3, true))
	return mustBuild(b)
}

// mixed has chains of ops of every kind in a layered network.
func mixed(f kernels.Activation) *Network {
	b := NewBuilder(Features(6))
	n0 := b.Node("n0", []int{Input}, Activate(f), Dense(7, true), Activate(kernels.Tanh), Activate(f))
	n1 := b.Node("n1", []int{n0}, Dense(5, true), Dense(8, false), Activate(f))
	same := b.Skip("same", []int{n0}, Dense(8, true), Activate(f), Dense(8, true))
	n2 := b.Node("n2", []int{n1, same}, Activate(f))
	n2b := b.Node("n2b", []int{n1}, Dense(8, true), Activate(kernels.Identity))
	n2c := b.Node("n2c", []int{same})
	n3 := b.Node("n3", []int{n2, n2b, n2c}, Dense(6, true), Activate(f), Dense(6, true))
	n3b := b.Node("n3b", []int{n2}, Activate(f), Activate(kernels.Sigmoid), Dense(6, true))
	b.Node("out", []int{n3, n3b}, Dense(4, true), Activate(kernels.Tanh))
	return mustBuild(b)
}

// convolutional is a chain of convolutions with odd sizes, strides and pools,
// with or without norms, and activations in odd places.
func convolutional(f kernels.Activation, normalised bool) *Network {
	b := NewBuilder(Image(7, 6, 2))
	layer := func(op Op, more ...Op) []Op {
		if normalised {
			return append([]Op{op, BatchNorm()}, more...)
		}
		return append([]Op{op}, more...)
	}
	n0 := b.Node("n0", []int{Input}, layer(Conv2D(5, 3, 1, 1, true), Activate(f), MaxPool2x2())...)
	n1 := b.Node("n1", []int{n0}, layer(Conv2D(4, 3, 1, 1, false), Activate(f))...)
	n2 := b.Node("n2", []int{n1}, layer(Conv2D(6, 3, 2, 1, true), Activate(kernels.Identity))...)
	n3 := b.Node("n3", []int{n2}, append([]Op{Activate(f), Flatten()}, layer(Dense(5, true), Activate(f))...)...)
	b.Node("out", []int{n3}, Dense(3, true))
	return mustBuild(b)
}

// convResidual has an identity and a downsample block, with auxiliary nodes on
// the skips or without.
func convResidual(f kernels.Activation, normalised, aux bool) *Network {
	b := NewBuilder(Image(5, 4, 2))
	half := func(name string, x []int, out, stride int) int {
		ops := []Op{Activate(f), Conv2D(out, 3, stride, 1, false)}
		if normalised {
			ops = append(ops, BatchNorm())
		}
		return b.Node(name, x, ops...)
	}
	x := []int{b.Node("stem", []int{Input}, Conv2D(3, 3, 1, 1, false))}
	a := half("b0.a", x, 3, 1)
	s := x[0]
	if aux {
		s = b.Add(Node{Name: "b0.s1", Level: 1, Role: Skip, Sources: x, Weight: 1.25})
	}
	c := half("b0.c", []int{a}, 3, 1)
	if aux {
		s = b.Add(Node{Name: "b0.s2", Level: 2, Role: Skip, Sources: []int{s}, Weight: 1.25})
	}
	x = []int{c, s}
	a = half("b1.a", x, 4, 2)
	down := Node{Name: "b1.s1", Level: 3, Role: Skip, Sources: x, Ops: []Op{Conv2D(4, 1, 2, 0, false)}}
	if aux {
		s = b.Add(down)
	}
	c = half("b1.c", []int{a}, 4, 1)
	if aux {
		s = b.Add(Node{Name: "b1.s2", Level: 4, Role: Skip, Sources: []int{s}, Weight: 1.25})
	} else {
		down.Level = 4
		s = b.Add(down)
	}
	b.Node("out", []int{c, s}, Activate(f), GlobalAvgPool(), Dense(3, true))
	return mustBuild(b)
}

// everyOp has pools, norms and flattening where models do not have them.
func everyOp(f kernels.Activation, normalised bool) *Network {
	b := NewBuilder(Image(8, 9, 2))
	norm := func(ops ...Op) []Op {
		if !normalised {
			ops = slices.DeleteFunc(ops, func(o Op) bool { return o.Kind() == OpBatchNorm })
		}
		return ops
	}
	n0 := b.Node("n0", []int{Input}, norm(BatchNorm(), Conv2D(3, 3, 1, 1, true), MaxPool2x2(), Conv2D(4, 1, 1, 0, true), Activate(f))...)
	n1 := b.Node("n1", []int{n0}, norm(Activate(f), BatchNorm(), Activate(f))...)
	n1b := b.Node("n1b", []int{n0}, norm(BatchNorm(), Activate(f))...)
	n2 := b.Node("n2", []int{n1, n1b}, norm(BatchNorm(), Activate(f), MaxPool2x2(), BatchNorm())...)
	n2b := b.Node("n2b", []int{n1}, MaxPool2x2())
	n2c := b.Node("n2c", []int{n1b}, norm(Conv2D(4, 2, 1, 0, true), BatchNorm(), GlobalAvgPool())...)
	n2d := b.Node("n2d", []int{n1}, GlobalAvgPool())
	n3 := b.Node("n3", []int{n2, n2b}, norm(Flatten(), Dense(5, true), BatchNorm(), Activate(f), Dense(4, false))...)
	n3b := b.Node("n3b", []int{n2c, n2d}, norm(BatchNorm(), Activate(f))...)
	b.Node("out", []int{n3, n3b}, Dense(3, true), Activate(f))
	return mustBuild(b)
}

func mustBuild(b *Builder) *Network {
	net, err := b.Build()
	if err != nil {
		panic(err)
	}
	return net
}

// testNetworks are what the properties are held against.
func testNetworks() map[string]*Network {
	return map[string]*Network{
		"chain":     chain(kernels.GELU, 6, 9, 17, 8, 4),
		"deep":      chain(kernels.Tanh, 5, 7, 6, 7, 6, 7, 6, 3),
		"residual":  residual(kernels.Tanh, 1.25),
		"unlayered": unlayered(kernels.Tanh),
		"mixed":     mixed(kernels.SiLU),

		"conv":                  convolutional(kernels.GELU, false),
		"conv, norms":           convolutional(kernels.Tanh, true),
		"conv residual":         convResidual(kernels.GELU, false, true),
		"conv residual, norms":  convResidual(kernels.Tanh, true, true),
		"conv unlayered":        convResidual(kernels.Tanh, false, false),
		"conv unlayered, norms": convResidual(kernels.SiLU, true, false),
		"every op":              everyOp(kernels.Tanh, false),
		"every op, norms":       everyOp(kernels.Tanh, true),
	}
}

// fewer is how many of so many batches a property is held against: those of
// images take long without assembly. The second is the first that could find
// something stale.
func fewer(net *Network, batches uint64) uint64 {
	if net.Input.IsVector() && !testing.Short() {
		return batches
	}
	return min(batches, 2)
}

// latents are those of a node, wherever the only lane of a trainer has them.
func latents(tr *Trainer, i int) kernels.Matrix { return tr.lanes[0].h[i] }

// velocities are those of a node, zeros before it moves.
func velocities(tr *Trainer, i int) kernels.Matrix {
	n := &tr.nodes[i]
	if h := latents(tr, i); &h.Data[0] == &n.h0.Data[0] {
		return kernels.NewMatrix(n.velocity.Rows, n.velocity.Cols)
	}
	return n.velocity
}

// randomBatch has standard normal inputs and random labels.
func randomBatch(net *Network, n int, seed uint64) *Batch {
	r := rand.New(rand.NewPCG(seed, 1))
	b := &Batch{X: kernels.NewMatrix(n, net.Input.Len()), Labels: make([]uint8, n)}
	for i := range n {
		row := b.X.Row(i)
		for j := range row {
			row[j] = float32(r.NormFloat64())
		}
		b.Labels[i] = uint8(r.IntN(net.Classes()))
	}
	return b
}

// testConfig is plain predictive coding with gradient descent.
func testConfig() Config {
	return Config{
		LatentRate: 0.2, Batch: 12, Workers: 1, Seed: 7, Gain: 1.5,
		Optimizer: Optimizer{Kind: SGD, Rate: Constant(0.1)},
	}
}

func startTrainer(t testing.TB, net *Network, cfg Config, use shortcuts) *Trainer {
	tr, err := newTrainer(net, cfg, use)
	require.NoError(t, err)
	t.Cleanup(tr.Close)
	return tr
}

// ruleConfigs are the ways to train that differ in what they compute.
func ruleConfigs() map[string]Config {
	with := func(change func(*Config)) Config {
		c := testConfig()
		c.Optimizer = Optimizer{Kind: AdamW, Rate: Constant(1e-3), WeightDecay: 1e-2}
		change(&c)
		return c
	}
	return map[string]Config{
		"pc":       with(func(c *Config) {}),
		"momentum": with(func(c *Config) { c.Momentum, c.Nesterov = 0.4, true; c.Precision = Spiking(0.01) }),
		"heavy":    with(func(c *Config) { c.Momentum = 0.4; c.Optimizer.Kind, c.Optimizer.Momentum = SGD, 0.9 }),
		"s+fu":     with(func(c *Config) { c.Update, c.Precision = Forward, Spiking(0.001); c.LatentRate = 0.8 }),
		"d+fu":     with(func(c *Config) { c.Update, c.Precision = Forward, Decaying(1) }),
		"short T":  with(func(c *Config) { c.Steps = 2 }),
		"long T":   with(func(c *Config) { c.Steps = 11; c.Update = Forward }),
		"ce":       with(func(c *Config) { c.Loss = CrossEntropy }),
		"nudge":    with(func(c *Config) { c.Nudge, c.Beta = NudgeNegative, 0.3 }),
		"centred":  with(func(c *Config) { c.Nudge, c.Beta = NudgeCentred, 0.3; c.Loss = CrossEntropy }),
		"ipc":      with(func(c *Config) { c.Rule = IPC }),
		"ipc skip": with(func(c *Config) { c.Rule, c.Optimizer.SkipZero = IPC, SkipUpdate; c.Precision = Spiking(0.01) }),
		"ipc full": with(func(c *Config) { c.Rule, c.Optimizer.SkipZero = IPC, SkipFull; c.Steps = 3 }),
		"ipc sgd":  with(func(c *Config) { c.Rule = IPC; c.Optimizer = Optimizer{Kind: SGD, Rate: Constant(0.05)} }),
		"bp":       with(func(c *Config) { c.Rule = BP }),
		"bp ce":    with(func(c *Config) { c.Rule, c.Loss = BP, CrossEntropy }),
	}
}
