package reference

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// A maker builds a small network with random parameters.
type maker struct {
	net           *Network
	params, stats Tensors
	random        *rand.Rand
}

func newMaker(seed uint64, input ...int) *maker {
	return &maker{
		net:    &Network{InputShape: input},
		params: Tensors{}, stats: Tensors{},
		random: rand.New(rand.NewPCG(seed, 0)),
	}
}

func (m *maker) uniform(scale float64, shape ...int) *Tensor {
	r := NewTensor(shape...)
	for k := range r.Data {
		r.Data[k] = scale * (2*m.random.Float64() - 1)
	}
	return r
}

// weights adds a kernel whose outputs are of the size of its inputs, and a
// bias.
func (m *maker) weights(bias bool, shape ...int) (w, b string) {
	w = fmt.Sprintf("W%d", len(m.params))
	m.params[w] = m.uniform(math.Sqrt(3/float64(volume(shape[1:]))), shape...)
	if bias {
		b = fmt.Sprintf("b%d", len(m.params))
		m.params[b] = m.uniform(0.3, shape[0])
	}
	return w, b
}

func (m *maker) dense(in, out int) Op {
	w, b := m.weights(true, out, in)
	return Dense{W: w, B: b}
}

func (m *maker) conv(in, out, kernel, stride, padding int, bias bool) Op {
	w, b := m.weights(bias, out, in, kernel, kernel)
	return Conv2D{W: w, B: b, Stride: stride, Padding: padding}
}

func (m *maker) batchNorm(channels int) Op {
	n := len(m.params)
	b := BatchNorm{
		Gamma: fmt.Sprintf("gamma%d", n), Beta: fmt.Sprintf("beta%d", n),
		Mean: fmt.Sprintf("mean%d", n), Var: fmt.Sprintf("var%d", n),
		Eps: 1e-5, Momentum: 0.1,
	}
	m.params[b.Gamma], m.params[b.Beta] = m.uniform(0.5, channels), m.uniform(0.5, channels)
	m.stats[b.Mean], m.stats[b.Var] = m.uniform(0.5, channels), m.uniform(0.2, channels)
	for c := range channels {
		m.params[b.Gamma].Data[c]++
		m.stats[b.Var].Data[c]++
	}
	return b
}

// node appends a node; its shape follows from its first source and its ops.
func (m *maker) node(level int, role Role, sources []string, ops ...Op) string {
	shape := m.net.InputShape
	for _, node := range m.net.Nodes {
		if node.Name == sources[0] {
			shape = node.Shape
		}
	}
	s := &symbols{params: m.params, stats: m.stats, used: map[string]bool{}}
	for _, op := range ops {
		var err error
		if shape, err = op.shape(shape, s); err != nil {
			panic(err)
		}
	}
	name := fmt.Sprintf("n%d", len(m.net.Nodes))
	m.net.Nodes = append(m.net.Nodes, &Node{
		Name: name, Shape: shape, Level: level, Role: role, Sources: sources, Ops: ops,
		Energy: SquaredError, Weight: 1,
	})
	m.net.Levels = level + 1
	return name
}

// mlp is a chain of dense layers.
func mlp(fn string, widths ...int) *maker {
	m := newMaker(1, widths[0])
	source := Input
	for i := 1; i < len(widths); i++ {
		op := m.dense(widths[i-1], widths[i])
		if i == len(widths)-1 {
			m.node(i-1, Output, []string{source}, op)
		} else {
			source = m.node(i-1, Main, []string{source}, op, Activation{fn})
		}
	}
	return m
}

// convNet is a chain of convolutions with odd sizes, strides and pools.
func convNet(normalised bool) *maker {
	m := newMaker(2, 2, 7, 6)
	norm := func(channels int) []Op {
		if normalised {
			return []Op{m.batchNorm(channels)}
		}
		return nil
	}
	first := append([]Op{m.conv(2, 3, 3, 1, 1, true)}, norm(3)...)
	n0 := m.node(0, Main, []string{Input}, append(first, Activation{"tanh"}, MaxPool2x2{})...)
	second := append([]Op{m.conv(3, 4, 3, 2, 1, false)}, norm(4)...)
	n1 := m.node(1, Main, []string{n0}, append(second, Activation{"gelu"})...)
	third := append([]Op{Flatten{}, m.dense(16, 5)}, norm(5)...)
	n2 := m.node(2, Main, []string{n1}, append(third, Activation{"silu"})...)
	m.node(3, Output, []string{n2}, m.dense(5, 3))
	return m
}

// residualNet has an identity block and a downsample block, with auxiliary
// nodes on the skips.
func residualNet(normalised bool) *maker {
	m := newMaker(3, 2, 5, 5)
	conv := func(in, out, stride int) []Op {
		ops := []Op{Activation{"tanh"}, m.conv(in, out, 3, stride, 1, false)}
		if normalised {
			ops = append(ops, m.batchNorm(out))
		}
		return ops
	}
	stem := m.node(0, Main, []string{Input}, m.conv(2, 3, 3, 1, 1, false))
	a := m.node(1, Main, []string{stem}, conv(3, 3, 1)...)
	s := m.node(1, Skip, []string{stem})
	c := m.node(2, Main, []string{a}, conv(3, 3, 1)...)
	s = m.node(2, Skip, []string{s})

	a2 := m.node(3, Main, []string{c, s}, conv(3, 4, 2)...)
	s2 := m.node(3, Skip, []string{c, s}, m.conv(3, 4, 1, 2, 0, false))
	c2 := m.node(4, Main, []string{a2}, conv(4, 4, 1)...)
	s2 = m.node(4, Skip, []string{s2})
	m.node(5, Output, []string{c2, s2}, Activation{"gelu"}, GlobalAvgPool{}, m.dense(4, 3))
	return m
}

// skipNet has an edge that spans two levels, so no wavefront.
func skipNet() *maker {
	m := newMaker(4, 4)
	n0 := m.node(0, Main, []string{Input}, m.dense(4, 5), Activation{"tanh"})
	n1 := m.node(1, Main, []string{n0}, m.dense(5, 5), Activation{"tanh"})
	m.node(2, Output, []string{n1, n0}, m.dense(5, 3))
	return m
}

// layeredNets are the networks of which the facts about wavefronts hold.
func layeredNets() map[string]*maker {
	return map[string]*maker{
		"chain":               mlp("tanh", 4, 6, 5, 6, 3),
		"conv":                convNet(false),
		"conv, BatchNorm":     convNet(true),
		"residual":            residualNet(false),
		"residual, BatchNorm": residualNet(true),
	}
}

// batch returns random inputs and one-hot targets.
func (m *maker) batch(n int) (x, y *Tensor) {
	x = m.uniform(1.5, batched(n, m.net.InputShape)...)
	y = NewTensor(batched(n, m.net.Output().Shape)...)
	classes := m.net.Output().Shape[0]
	for k := range n {
		y.Data[k*classes+m.random.IntN(classes)] = 1
	}
	return x, y
}

// plainHyper is a starting point: plain PC with plain gradient descent.
func plainHyper(T int) Hyper {
	return Hyper{
		T: T, Precision: Uniform{}, Latent: LatentRule{Rate: 0.1}, Update: Settled,
		Nudging: Nudging{Kind: NoNudge}, BatchNorm: BatchStatistics,
		Weights: WeightRule{Kind: SGD, Rate: Constant(1), SkipZero: SkipOff},
	}
}

// train trains one batch from the initial parameters.
func (m *maker) train(t *testing.T, h Hyper, x, y *Tensor) *BatchTrace {
	t.Helper()
	tr, err := NewTrainer(m.net, h, m.params, m.stats)
	require.NoError(t, err)
	trace, err := tr.TrainBatch(x, y)
	require.NoError(t, err)
	return trace
}

// requireClose compares tensors relative to the largest magnitude of each.
func requireClose(t *testing.T, want, got Tensors, rel float64) {
	t.Helper()
	require.Equal(t, want.Names(), got.Names())
	for name, w := range want {
		top := 0.0
		for _, v := range w.Data {
			top = max(top, math.Abs(v))
		}
		for k, v := range w.Data {
			require.InDelta(t, v, got[name].Data[k], rel*top+1e-15, "%s[%d]", name, k)
		}
	}
}
