package pcn

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn/internal/golden"
)

// gradientsOf trains one batch and returns the weight gradients.
func gradientsOf(t *testing.T, net *Network, cfg Config) []Tensor {
	tr := startTrainer(t, net, cfg, allShortcuts)
	tr.Step(randomBatch(net, cfg.Batch, 3))
	var list []Tensor
	for _, p := range tr.params {
		list = append(list, p.tensor(p.grad))
	}
	return list
}

// requireProportional compares got with factor times want.
func requireProportional(t *testing.T, want, got Tensor, factor float64, tol golden.Tolerance) {
	t.Helper()
	scaled := widenTensor(want)
	for i := range scaled.Data {
		scaled.Data[i] *= factor
	}
	requireClose(t, want.Name, scaled, widenTensor(got), tol)
}

// unweighted gives all nodes the weight 1.
func unweighted(net *Network) *Network {
	for i := range net.Nodes {
		net.Nodes[i].Weight = 1
	}
	return net
}

func backpropConfig() Config {
	cfg := testConfig()
	cfg.Rule = BP
	return cfg
}

// Spiking precision with alpha = 0, forward update, T = N, heavy-ball momentum
// 1 and rate 1: every level passes its whole error on when the front arrives,
// and the gradient is that of backpropagation.
func TestSpikingForwardIsBackprop(t *testing.T) {
	for name, net := range map[string]*Network{
		"chain":    chain(kernels.Tanh, 6, 9, 7, 8, 6, 4),
		"residual": residual(kernels.GELU, 1),
		"mixed":    mixed(kernels.Tanh),

		"conv":                 convolutional(kernels.GELU, false),
		"conv, norms":          convolutional(kernels.Tanh, true),
		"conv residual":        unweighted(convResidual(kernels.Tanh, false, true)),
		"conv residual, norms": unweighted(convResidual(kernels.GELU, true, true)),
	} {
		t.Run(name, func(t *testing.T) {
			cfg := testConfig()
			cfg.Update, cfg.Precision = Forward, Spiking(0)
			cfg.LatentRate, cfg.Momentum = 1, 1
			want, got := gradientsOf(t, net, backpropConfig()), gradientsOf(t, net, cfg)
			tol := golden.Tolerance{Rel: 2e-5, Abs: 1e-8}
			if !net.Input.IsVector() {
				tol = golden.Tolerance{Rel: 2e-4, Abs: 1e-6}
			}
			for i := range want {
				requireProportional(t, want[i], got[i], 1, tol)
			}
			cfg.Update = Settled
			settled := gradientsOf(t, net, cfg)
			require.NotEqual(t, got, settled, "the settled update is another one")
		})
	}
}

// Spiking precision with alpha -> 0 and forward update: a level's gradient is
// backpropagation's times the level's factor.
func TestGradientsFollowFactors(t *testing.T) {
	net := chain(kernels.Tanh, 6, 9, 7, 8, 6, 4)
	levels := net.Levels()
	for name, change := range map[string]func(*Config){
		"plain":       func(c *Config) { c.LatentRate = 0.6 },
		"heavy ball":  func(c *Config) { c.LatentRate, c.Momentum = 0.5, 0.3 },
		"nesterov":    func(c *Config) { c.LatentRate, c.Momentum, c.Nesterov = 0.5, 0.3, true },
		"wrong sign":  func(c *Config) { c.LatentRate, c.Momentum, c.Nesterov = 0.8, 0.5, true },
		"few steps":   func(c *Config) { c.LatentRate, c.Momentum, c.Steps = 0.5, 0.3, levels },
		"fewer still": func(c *Config) { c.LatentRate, c.Momentum, c.Steps = 0.5, 0.3, levels-2 },
	} {
		t.Run(name, func(t *testing.T) {
			cfg := testConfig()
			cfg.Update, cfg.Precision, cfg.Steps = Forward, Spiking(1e-6), 30
			change(&cfg)
			factors := cfg.Factors(net)
			want, got := gradientsOf(t, net, backpropConfig()), gradientsOf(t, net, cfg)
			for i := range want {
				level := i / 2
				requireProportional(t, want[i], got[i], factors[level], golden.Tolerance{Rel: 2e-3, Abs: 1e-7})
			}
		})
	}
}

// For many steps and alpha -> 0 the factors have a closed form.
func TestFactorsInClosedForm(t *testing.T) {
	net := chain(kernels.Tanh, 3, 3, 3, 3, 3, 3)
	levels := net.Levels()
	for _, nesterov := range []bool{false, true} {
		cfg := testConfig()
		cfg.Update, cfg.Precision, cfg.Steps = Forward, Spiking(0), 200
		cfg.LatentRate, cfg.Momentum, cfg.Nesterov = 0.5, 0.25, nesterov
		eta, m, a := 0.5, 0.25, 0.5
		if nesterov {
			a = eta * (1 + m)
		}
		factors := cfg.Factors(net)
		require.Equal(t, 1.0, factors[levels-1])
		for l := range levels - 1 {
			k := float64(levels - 1 - l)
			require.InEpsilon(t, math.Pow(a, k-1)*eta*(1-a)/(1-m), factors[l], 1e-9, "level %d", l)
		}
	}
}

// Incremental, spiking with alpha = 0, rate 1, momentum 0, plain gradient
// descent: N steps make one step of backpropagation.
func TestIncrementalStepsMakeOneBackpropStep(t *testing.T) {
	for name, net := range map[string]*Network{
		"chain":    chain(kernels.Tanh, 6, 9, 7, 8, 4),
		"residual": residual(kernels.Tanh, 1),
		"mixed":    mixed(kernels.SiLU),

		"conv":                 convolutional(kernels.Tanh, false),
		"conv, norms":          convolutional(kernels.Tanh, true),
		"conv residual, norms": unweighted(convResidual(kernels.Tanh, true, true)),
	} {
		t.Run(name, func(t *testing.T) {
			cfg := testConfig()
			cfg.Rule, cfg.Precision, cfg.LatentRate = IPC, Spiking(0), 1
			if net.normalised() {
				cfg.Steps = net.Levels() + 1 // the last update is a settled one
			}
			incremental := startTrainer(t, net, cfg, allShortcuts)
			backprop := startTrainer(t, net, backpropConfig(), allShortcuts)
			var got []Tensor
			incremental.observe = func(e event, step int) {
				if e == afterUpdate && step == net.Levels()-1 {
					got = incremental.Parameters()
				}
			}
			batches := uint64(3)
			if net.normalised() {
				batches = 1 // a settled update follows
			}
			for batch := range batches {
				incremental.Step(randomBatch(net, cfg.Batch, batch))
				backprop.Step(randomBatch(net, cfg.Batch, batch))
			}
			tol := golden.Tolerance{Rel: 2e-6, Abs: 1e-8}
			if !net.Input.IsVector() {
				tol = golden.Tolerance{Rel: 2e-5, Abs: 1e-6}
			}
			for i, p := range backprop.Parameters() {
				requireProportional(t, p, got[i], 1, tol)
			}
		})
	}
}

// Uniform precision, a small rate and no momentum: the energy never rises.
func TestEnergyNeverRises(t *testing.T) {
	for name, net := range testNetworks() {
		t.Run(name, func(t *testing.T) {
			cfg := testConfig()
			cfg.LatentRate = 0.02
			cfg.Steps = 40
			if net.normalised() { // whose energy is steep where deviations are small
				cfg.LatentRate, cfg.Steps = 0.002, 60
			}
			r := &tracer{tr: startTrainer(t, net, cfg, allShortcuts)}
			last, first := math.Inf(1), 0.0
			r.tr.observe = func(e event, step int) {
				if e != afterStep {
					return
				}
				total := 0.0
				for i := range r.tr.nodes {
					n := &r.tr.nodes[i]
					total += float64(n.Weight) * r.energies(r.tr.plan.steps[step].errors, 0)[n.Name]
				}
				require.LessOrEqual(t, total, last*(1+1e-6), "step %d", step)
				last = total
				if step == 0 {
					first = total
				}
			}
			r.tr.Step(randomBatch(net, cfg.Batch, 1))
			require.Less(t, last, 0.99*first, "and falls")
		})
	}
}
