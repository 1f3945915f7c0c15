package audit

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/models"
)

// network makes a small network of a kind.
func network(t *testing.T, kind string, latentRate float32) *pcn.Network {
	o := models.Options{Activation: kernels.Tanh, Input: pcn.Image(8, 8, 2), Classes: 4, Width: 0.02, LatentRate: latentRate}
	switch kind {
	case "mlp":
		kind, o.Input = "mlp:9-8-7-8-7-4", pcn.Features(9)
	case "vgg5":
		o.Input = pcn.Image(16, 16, 2) // down to a single pixel
	case "vgg5, norms":
		kind, o.BatchNorm, o.Input = "vgg5", true, pcn.Image(16, 16, 2)
	case "resnet10, norms":
		kind, o.BatchNorm = "resnet10", true
	case "resnet10, no aux":
		kind, o.NoAux = "resnet10", true
	}
	net, err := models.New(kind, o)
	require.NoError(t, err)
	return net
}

// batch has random inputs and labels.
func batch(net *pcn.Network, n int) *pcn.Batch {
	r := rand.New(rand.NewPCG(1, 2))
	b := &pcn.Batch{X: kernels.NewMatrix(n, net.Input.Len()), Labels: make([]uint8, n)}
	for i := range n {
		for k := range b.X.Row(i) {
			b.X.Row(i)[k] = float32(r.NormFloat64())
		}
		b.Labels[i] = uint8(r.IntN(net.Classes()))
	}
	return b
}

// config returns a preset for small batches.
func config(t *testing.T, preset string, change func(*pcn.Config)) pcn.Config {
	c, err := pcn.Preset(preset)
	require.NoError(t, err)
	c.Batch, c.Workers, c.Gain = 12, 2, 1.5
	if change != nil {
		change(&c)
	}
	return c
}

func run(t *testing.T, net *pcn.Network, cfg pcn.Config, o Options) *Report {
	r, err := Run(context.Background(), net, cfg, batch(net, cfg.Batch), o)
	require.NoError(t, err)
	require.Len(t, r.Levels, net.Levels())
	return r
}

var kinds = []string{"mlp", "vgg5", "vgg5, norms", "resnet10", "resnet10, norms", "resnet10, no aux"}

// Spiking precision with alpha = 0, forward update, rate 1 and heavy-ball momentum
// 1 is backpropagation, on every network whose edges span one level.
func TestSpikingForwardIsBackprop(t *testing.T) {
	for _, kind := range kinds[:5] { // the last has edges that span two levels
		t.Run(kind, func(t *testing.T) {
			cfg := config(t, "s+fu", func(c *pcn.Config) {
				c.Precision, c.LatentRate, c.Momentum, c.Nesterov = pcn.Spiking(0), 1, 1, false
			})
			r := run(t, network(t, kind, 1), cfg, Options{Samples: 4})
			for i, l := range r.Levels {
				require.InDelta(t, 1, l.Cosine, 1e-5, "level %d", i)
				require.InDelta(t, 1, l.Ratio, 1e-3, "level %d", i)
				require.True(t, l.Agrees(), "%+v", l)
			}
			require.Regexp(t, `^yes: every level has backprop's gradient \(cosine 1.000\)$`, r.Verdict())
		})
	}
}

// The presets with forward updates have backpropagation's direction, and on a
// chain with alpha -> 0 the length that the factors say. Plain predictive coding
// does not, and its signal is lost.
func TestPresets(t *testing.T) {
	net := network(t, "mlp", 1)
	for _, preset := range []string{"s+fu", "d+fu"} {
		r := run(t, net, config(t, preset, nil), Options{})
		for i, l := range r.Levels {
			require.Greater(t, l.Cosine, 0.999, "%s, level %d", preset, i)
			require.Equal(t, Same, l.Finding())
		}
		require.Contains(t, r.Verdict(), "yes, but for its length")
	}

	cfg := config(t, "s+fu", func(c *pcn.Config) { c.Precision = pcn.Spiking(1e-6) })
	factors := cfg.Factors(net)
	for i, l := range run(t, net, cfg, Options{}).Levels {
		require.InEpsilon(t, factors[i], l.Ratio, 2e-3)
	}

	deep, err := models.Parse("mlp:9-24x14-4", kernels.Tanh)
	require.NoError(t, err)
	r := run(t, deep, config(t, "pc", nil), Options{})
	require.Equal(t, Lost, r.Levels[0].Finding())
	require.Less(t, r.Levels[0].Ratio, 1e-6)
	require.Contains(t, r.Verdict(), "no: levels 0 to ")
	require.Contains(t, r.Verdict(), "have little but rounding errors")

	r = run(t, deep, config(t, "pc", func(c *pcn.Config) { c.Steps = 8 }), Options{Samples: -1})
	require.Zero(t, r.Checked)
	require.Equal(t, None, r.Levels[0].Finding())
	require.Contains(t, r.Verdict(), "have no gradient")
}

// Both gradients are those of the reference: for all rules, on networks with
// everything in them, at initial weights and at trained ones.
func TestGradientsAgreeWithTheReference(t *testing.T) {
	rules := map[string]pcn.Config{
		"s+fu": config(t, "s+fu", nil),
		"pc":   config(t, "pc", func(c *pcn.Config) { c.LatentRate = 0.3 }),
		"ipc":  config(t, "ipc", func(c *pcn.Config) { c.LatentRate = 0.3 }),
		"centred": config(t, "pc", func(c *pcn.Config) {
			c.Nudge, c.Beta, c.Loss, c.LatentRate = pcn.NudgeCentred, 0.3, pcn.CrossEntropy, 0.3
		}),
		"bp":  config(t, "bp", nil),
		"ema": config(t, "s+fu", func(c *pcn.Config) { c.Norm = pcn.NormEMA }),
	}
	for _, kind := range kinds {
		for name, cfg := range rules {
			norms := strings.Contains(kind, "norms")
			if name == "ema" && !norms {
				continue
			}
			t.Run(kind+"/"+name, func(t *testing.T) {
				rate := cfg.LatentRate
				if rate == 0 {
					rate = 1
				}
				net := network(t, kind, rate)
				o := Options{Samples: 4, Directions: 1}
				for _, l := range run(t, net, cfg, o).Levels {
					require.True(t, l.Agrees(), "%+v", l)
				}
				o.Weights = trained(t, net, cfg)
				require.Equal(t, norms, o.Weights.Statistics.Moved)
				r := run(t, net, cfg, o)
				for _, l := range r.Levels {
					require.True(t, l.Agrees(), "%+v", l)
				}
				if cfg.Rule == pcn.BP {
					require.Equal(t, "yes: the rule is backprop", r.Verdict())
				}
			})
		}
	}
}

// trained returns weights after some batches.
func trained(t *testing.T, net *pcn.Network, cfg pcn.Config) *pcn.Weights {
	tr, err := pcn.NewTrainer(net, cfg)
	require.NoError(t, err)
	defer tr.Close()
	for range 3 {
		tr.Step(batch(net, cfg.Batch))
	}
	w := tr.Weights()
	return &w
}

// A gradient that is wrong by a little is found, and said to be.
func TestWrongGradientsAreFound(t *testing.T) {
	net := network(t, "vgg5", 1)
	cfg := config(t, "s+fu", nil)
	tr, err := pcn.NewTrainer(net, cfg)
	require.NoError(t, err)
	defer tr.Close()
	for what, spoil := range map[string]func(g []float64){
		"scaled":  func(g []float64) { scale(g, 1.05) },
		"sign":    func(g []float64) { scale(g, -1) },
		"some":    func(g []float64) { clear(g[:len(g)/3]) },
		"shifted": func(g []float64) { copy(g, g[1:]) },
	} {
		p, err := newProbe(tr, first{batch(net, 12), 4})
		require.NoError(t, err)
		l := Level{Parameters: 1, Norm: 1, Backprop: 1, Check: p.level(2, 4), Rounding: p.rounding()[2]}
		require.True(t, l.Agrees(), "%+v", l)
		spoil(p.got[p.params[slices.Index(p.of, 2)].Name].Data)
		l.Check = p.level(2, 4)
		require.False(t, l.Agrees(), "%s: %+v", what, l)
		r := Report{Checked: 4, Levels: []Level{l}}
		require.Contains(t, r.Verdict(), "unknown: the gradients of level 0 differ from the float64 reference")
	}
}

func scale(x []float64, c float64) {
	for i := range x {
		x[i] *= c
	}
}

// A report is a function of network, settings and batch, whoever computes it.
func TestReportsAreReproducible(t *testing.T) {
	net := network(t, "resnet10, norms", 0.8)
	cfg := config(t, "s+fu", nil)
	want := run(t, net, cfg, Options{Samples: 3})
	cfg.Workers = 1
	cfg.TrainTop = 2 // which levels learn does not matter
	require.Equal(t, want, run(t, net, cfg, Options{Samples: 3}))
}

func TestRunRefuses(t *testing.T) {
	net := network(t, "mlp", 1)
	cfg := config(t, "s+fu", nil)
	_, err := Run(context.Background(), net, cfg, batch(net, 13), Options{})
	require.ErrorContains(t, err, "13 samples in the batch")
	_, err = Run(context.Background(), net, cfg, batch(net, 0), Options{})
	require.ErrorContains(t, err, "0 samples in the batch")
	wrong := cfg
	wrong.LatentRate = 0
	_, err = Run(context.Background(), net, wrong, batch(net, 12), Options{})
	require.ErrorContains(t, err, "LatentRate")
	other, err := models.Parse("mlp:9-8-7-8-8-4", kernels.Tanh)
	require.NoError(t, err)
	_, err = Run(context.Background(), net, cfg, batch(net, 12), Options{Weights: trained(t, other, cfg)})
	require.ErrorContains(t, err, "has the shape")
}

// The levels are told one after the other, and an audit ends when its context
// does.
func TestRunTellsAndEnds(t *testing.T) {
	net := network(t, "mlp", 1)
	cfg := config(t, "s+fu", nil)
	ctx, cancel := context.WithCancel(context.Background())
	told := 0
	_, err := Run(ctx, net, cfg, batch(net, 12), Options{OnLevel: func(done, levels int) {
		told++
		require.Equal(t, told, done)
		require.Equal(t, 5, levels)
	}})
	require.NoError(t, err)
	require.Equal(t, 5, told)

	told = 0
	_, err = Run(ctx, net, cfg, batch(net, 12), Options{OnLevel: func(int, int) { told++; cancel() }})
	require.ErrorIs(t, err, context.Canceled)
	require.LessOrEqual(t, told, 2, "with two workers")
}

func TestFindings(t *testing.T) {
	for want, l := range map[Finding]Level{
		"":       {},
		Same:     {Norm: 1, Backprop: 1, Cosine: 0.995},
		Near:     {Norm: 1, Backprop: 1, Cosine: 0.95},
		Apart:    {Norm: 1, Backprop: 1, Cosine: -0.5},
		Opposite: {Norm: 1, Backprop: 1, Cosine: -0.95},
		None:     {Backprop: 1, Cosine: math.NaN()},
		Neither:  {Cosine: math.NaN()},
		Extra:    {Norm: 1, Cosine: math.NaN()},
		Lost:     {Norm: 1, Backprop: 1, Cosine: 1, Rounding: 0.6},
		Infinite: {Norm: math.NaN(), Backprop: 1, Cosine: math.NaN()},
	} {
		if want != "" {
			l.Parameters = 1
		}
		require.Equal(t, want, l.Finding())
	}

	level := func(cosine float64) Level {
		return Level{Parameters: 1, Norm: 1, Backprop: 2, Ratio: 0.5, Cosine: cosine}
	}
	r := Report{Levels: []Level{level(0.95), {}, level(0.97), level(1)}}
	require.Equal(t, "not quite: levels 0 and 2 have nearly backprop's direction (cosine 0.950 to 0.970), level 3 has backprop's direction (cosine 1.000)", r.Verdict())
	r.Levels[2] = level(0.1)
	require.Equal(t, "no: level 0 has nearly backprop's direction (cosine 0.950), level 2 has another direction (cosine 0.100), level 3 has backprop's direction (cosine 1.000)", r.Verdict())
	require.Equal(t, "levels 0 to 2, 4, 6 and 7", levelList([]int{0, 1, 2, 4, 6, 7}))
}
