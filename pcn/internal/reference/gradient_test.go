package reference

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// single is a network with a node that predicts by the ops under test, between
// an affine map, so that the input of the ops is a latent, and an output.
func single(fit func(m *maker) []Op, input ...int) *maker {
	m := newMaker(5, input...)
	n0 := m.node(0, Main, []string{Input}, Activation{"tanh"})
	n1 := m.node(1, Main, []string{n0}, fit(m)...)
	shape := m.net.Nodes[1].Shape
	m.node(2, Output, []string{n1}, Flatten{}, m.dense(volume(shape), 3))
	return m
}

func differentiableNets() map[string]*maker {
	nets := layeredNets()
	nets["edge over two levels"] = skipNet()
	nets["dense"] = single(func(m *maker) []Op { return []Op{m.dense(4, 5)} }, 4)
	nets["identity node"] = single(func(*maker) []Op { return nil }, 4)
	nets["flatten"] = single(func(*maker) []Op { return []Op{Flatten{}} }, 2, 3, 2)
	nets["maxpool2x2"] = single(func(*maker) []Op { return []Op{MaxPool2x2{}} }, 2, 5, 4)
	nets["global_avg_pool"] = single(func(*maker) []Op { return []Op{GlobalAvgPool{}} }, 2, 3, 4)
	nets["conv2d"] = single(func(m *maker) []Op { return []Op{m.conv(2, 3, 3, 1, 1, true)} }, 2, 4, 5)
	nets["conv2d, no padding"] = single(func(m *maker) []Op { return []Op{m.conv(2, 3, 3, 1, 0, true)} }, 2, 4, 5)
	nets["conv2d, stride 2"] = single(func(m *maker) []Op { return []Op{m.conv(2, 3, 3, 2, 1, false)} }, 2, 6, 5)
	nets["conv2d, 1x1"] = single(func(m *maker) []Op { return []Op{m.conv(2, 3, 1, 2, 0, false)} }, 2, 5, 4)
	nets["batchnorm, images"] = single(func(m *maker) []Op { return []Op{m.batchNorm(2)} }, 2, 3, 4)
	nets["batchnorm, vectors"] = single(func(m *maker) []Op { return []Op{m.batchNorm(4)} }, 4)
	for _, fn := range ActivationNames() {
		nets[fn] = single(func(m *maker) []Op { return []Op{m.dense(4, 6), Activation{fn}} }, 4)
	}
	return nets
}

// energiesFor are the output energies to try a network with. The ops do not
// know them, so a few networks with both are enough.
func energiesFor(net string) []Energy {
	if layeredNets()[net] != nil {
		return []Energy{SquaredError, CrossEntropy}
	}
	return []Energy{SquaredError}
}

// The derivatives of the energy are those that central differences give, for
// every parameter and every latent, whatever the latents are.
func TestDerivatives(t *testing.T) {
	for name, m := range differentiableNets() {
		for _, energy := range energiesFor(name) {
			t.Run(name+"/"+string(energy), func(t *testing.T) {
				m.net.Output().Energy = energy
				p := &pass{params: m.params, stats: NewStatistics(m.stats, BatchStatistics)}
				checkDerivatives(t, m, p)
			})
		}
	}
}

// Once running statistics have moved, they are a constant part of what
// normalises in ema mode.
func TestDerivativesOfEMA(t *testing.T) {
	for _, m := range []*maker{convNet(true), residualNet(true)} {
		p := &pass{params: m.params, stats: NewStatistics(m.stats, EMAStatistics)}
		for name := range m.stats {
			p.stats.moved[name] = true
		}
		checkDerivatives(t, m, p)
	}
}

func checkDerivatives(t *testing.T, m *maker, p *pass) {
	t.Helper()
	x, _ := m.batch(3)
	h := Tensors{}
	weight := map[string]float64{}
	for _, node := range m.net.Nodes {
		h[node.Name] = m.uniform(1, batched(3, node.Shape)...)
		weight[node.Name] = 0.5 + m.random.Float64()
	}
	factor := func(n *Node) float64 { return weight[n.Name] }
	energy := func() float64 { return m.energy(x, h, h, factor, p) }

	d := m.net.derive(x, h, h, 0, factor, p)
	requireSlopes(t, m.params, d.params, energy)

	out := m.net.Output().Name
	require.True(t, d.latent[out].IsZero(), "the output is clamped")
	free := Tensors{} // the latents that can move
	for name, v := range h {
		if name != out {
			free[name] = v
		}
	}
	requireSlopes(t, free, d.latent, energy)
}

// energy is the energy of all nodes, on its own.
func (m *maker) energy(x *Tensor, h, sources Tensors, factor func(*Node) float64, p *pass) float64 {
	sum := 0.0
	for _, node := range m.net.Nodes {
		u, _ := m.net.predict(node, x, sources, p)
		sum += factor(node) * node.Energy.value(h[node.Name], u)
	}
	return sum
}

// requireSlopes compares grads with central differences of f with respect to
// the tensors of at, of which it takes some five elements each.
func requireSlopes(t *testing.T, at, grads Tensors, f func() float64) {
	t.Helper()
	const step = 1e-5
	for _, name := range at.Names() {
		v, g := at[name].Data, grads[name].Data
		top := 1.0
		for _, s := range g {
			top = max(top, math.Abs(s))
		}
		for k := 0; k < len(v); k += max(1, len(v)/5) {
			saved := v[k]
			v[k] = saved + step
			up := f()
			v[k] = saved - step
			down := f()
			v[k] = saved
			require.InDelta(t, (up-down)/(2*step), g[k], 2e-8*top, "%s[%d]", name, k)
		}
	}
}

// With the forward update the inputs are the forward values: derive takes them
// apart from the latents, and the gradient with respect to the parameters is
// still that of the energy.
func TestDerivativesAtForwardValues(t *testing.T) {
	for name, m := range layeredNets() {
		t.Run(name, func(t *testing.T) {
			p := &pass{params: m.params, stats: NewStatistics(m.stats, BatchStatistics)}
			x, _ := m.batch(3)
			h0 := m.net.forward(x, p)
			h := Tensors{}
			for name, v := range h0 {
				h[name] = m.uniform(1, v.Shape...)
			}
			energy := func() float64 { return m.energy(x, h, h0, unit, p) }
			requireSlopes(t, m.params, m.net.derive(x, h, h0, 0, unit, p).params, energy)
		})
	}
}

// Backprop's gradient is that of the loss, through the whole forward pass.
func TestBackpropDerivatives(t *testing.T) {
	for name, m := range differentiableNets() {
		for _, energy := range energiesFor(name) {
			t.Run(name+"/"+string(energy), func(t *testing.T) {
				m.net.Output().Energy = energy
				x, y := m.batch(3)
				p := &pass{params: m.params, stats: NewStatistics(m.stats, BatchStatistics)}
				out := m.net.Output()
				loss := func() float64 { return out.Energy.value(y, m.net.forward(x, p)[out.Name]) }
				_, value, grads := m.net.backprop(x, y, p)
				require.Equal(t, loss(), value)
				requireSlopes(t, m.params, grads, loss)
			})
		}
	}
}
