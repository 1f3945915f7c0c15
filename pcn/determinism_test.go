package pcn

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn/data"
)

// trainedOn trains about twenty batches on a network whose widths are no
// multiples of anything.
func trainedOn(t *testing.T, cfg Config, change func(*Config)) string {
	change(&cfg)
	net := chain(kernels.GELU, 20, 37, 50, 33, 10)
	tr := startTrainer(t, net, cfg, allShortcuts)
	for batch := range uint64(20) {
		tr.Step(randomBatch(net, cfg.Batch, batch))
	}
	return fmt.Sprintf("%x", tr.Digest())
}

func TestWorkersChangeNothing(t *testing.T) {
	for _, rule := range []string{"pc", "momentum", "s+fu", "ce", "centred", "ipc", "ipc skip", "bp"} {
		t.Run(rule, func(t *testing.T) {
			cfg := ruleConfigs()[rule]
			cfg.Batch = 23
			want := trainedOn(t, cfg, func(c *Config) { c.Workers = 1 })
			for _, workers := range []int{2, 3, 7, 40} {
				require.Equal(t, want, trainedOn(t, cfg, func(c *Config) { c.Workers = workers }), "%d workers", workers)
			}
			require.NotEqual(t, want, trainedOn(t, cfg, func(c *Config) { c.Seed++ }), "another seed")
		})
	}
}

// imageNetworks are small, but with channels that no vector divides.
func imageNetworks() map[string]*Network {
	vgg := func(normalised bool) *Network {
		b := NewBuilder(Image(12, 12, 3))
		source := Input
		for i, channels := range []int{19, 34, 18} {
			ops := []Op{Conv2D(channels, 3, 1, 1, true)}
			if normalised {
				ops = append(ops, BatchNorm())
			}
			ops = append(ops, Activate(kernels.GELU))
			if i < 2 {
				ops = append(ops, MaxPool2x2())
			}
			source = b.Node(fmt.Sprintf("n%d", i), []int{source}, ops...)
		}
		b.Node("out", []int{source}, Flatten(), Dense(10, true))
		return mustBuild(b)
	}
	return map[string]*Network{
		"vgg": vgg(false), "vgg, norms": vgg(true),
		"resnet": convResidual(kernels.GELU, false, true), "resnet, norms": convResidual(kernels.GELU, true, true),
	}
}

// imageDigest trains a few batches of 35 samples, which are several segments of
// the first layers' gradients.
func imageDigest(t *testing.T, net *Network, change func(*Config)) string {
	cfg, err := Preset("s+fu")
	require.NoError(t, err)
	cfg.Batch, cfg.Steps = 35, 4
	change(&cfg)
	tr := startTrainer(t, net, cfg, allShortcuts)
	for batch := range uint64(2) {
		tr.Step(randomBatch(net, cfg.Batch, batch))
	}
	return fmt.Sprintf("%x", Digest(append(tr.Parameters(), tr.Statistics().Tensors...)))[:16]
}

func TestWorkersChangeNothingOfImages(t *testing.T) {
	for name, net := range imageNetworks() {
		t.Run(name, func(t *testing.T) {
			for _, change := range []func(*Config){
				func(c *Config) {},
				func(c *Config) { c.Rule, c.Update, c.Steps = IPC, Settled, 2 },
			} {
				want := imageDigest(t, net, func(c *Config) { change(c); c.Workers = 1 })
				for _, workers := range []int{2, 3, 7} {
					require.Equal(t, want, imageDigest(t, net, func(c *Config) { change(c); c.Workers = workers }), "%d workers", workers)
				}
			}
		})
	}
}

// Lanes without rows go along to every meeting.
func TestMoreWorkersThanSamples(t *testing.T) {
	for _, rule := range []string{"s+fu", "ipc", "bp"} {
		net := convResidual(kernels.Tanh, true, true)
		var want []Tensor
		for _, workers := range []int{1, 40} {
			cfg := ruleConfigs()[rule]
			cfg.Workers = workers
			tr := startTrainer(t, net, cfg, allShortcuts)
			tr.WatchEnergies(true)
			b := randomBatch(net, cfg.Batch, 1)
			tr.Step(b)
			tr.Evaluate(b)
			got := append(tr.Parameters(), tr.Statistics().Tensors...)
			if want == nil {
				want = got
			}
			require.Equal(t, want, got, rule)
		}
	}
}

func TestDigestsOfImagesArePinned(t *testing.T) {
	for name, want := range map[string]string{
		"vgg":           "85e72c0a7bb9d1ac",
		"vgg, norms":    "e7093780a0b99bab",
		"resnet":        "948fb895e79f694b",
		"resnet, norms": "1fb2571b18d2758a",
	} {
		t.Run(name, func(t *testing.T) {
			for _, h := range availableHandles(t) {
				require.Equal(t, want, imageDigest(t, imageNetworks()[name], func(c *Config) { c.Workers, c.Kernels = 2, h }), "tier %v", h.ISA())
			}
		})
	}
}

// availableHandles are those of all tiers, and of the best one with the smallest
// blocks and no patience.
func availableHandles(t *testing.T) []*kernels.Handle {
	tiers, err := kernels.Available()
	require.NoError(t, err)
	var handles []*kernels.Handle
	for _, isa := range tiers {
		h, err := kernels.For(isa)
		require.NoError(t, err)
		handles = append(handles, h)
	}
	p := handles[len(handles)-1].Profile()
	for _, setting := range p.Settings() {
		*setting.Value = (setting.Least + setting.Unit - 1) / setting.Unit * setting.Unit
	}
	small, err := handles[len(handles)-1].WithProfile(p)
	require.NoError(t, err)
	return append(handles, small)
}

// The result of short runs, pinned: every machine, tier and number of workers
// must arrive at these parameters.
func TestDigestsArePinned(t *testing.T) {
	train, _ := data.GlyphsN(0, 640, 0)
	net := chain(kernels.GELU, 784, 33, 32, 10)
	for preset, want := range map[string]string{
		"s+fu":  "665ef2847654b62f49231c8e486401be60145d5ebe0967390da1220d25b2eeb0",
		"d+fu":  "98dcb025eb5b658327560d325a78502753e2fef7112b81fcd2ae2deeb0c9c506",
		"pc":    "790b403afa3de934fd03466ec747ccfcc324215f741a214c727946d09f25491c",
		"ipc+s": "88694a862ea80b0acb34809352212ae7219571f3e51d764f0851c772a94e0153",
		"bp":    "fd92beb2ce550d922b0e2e6aa5052fe11cb7a4cfd6e45ba5c764f80213f30543",
	} {
		t.Run(preset, func(t *testing.T) {
			for _, h := range availableHandles(t) {
				cfg, err := Preset(preset)
				require.NoError(t, err)
				cfg.Batch, cfg.Workers, cfg.Kernels = 32, 2, h
				cfg.Optimizer.Rate = WarmupCosineFor(1e-3, cfg.OptimizerSteps(net, 20))
				tr := startTrainer(t, net, cfg, allShortcuts)
				_, err = Fit(context.Background(), tr, train, FitOptions{Epochs: 1})
				require.NoError(t, err)
				require.Equal(t, want, fmt.Sprintf("%x", tr.Digest()), "tier %v", h.ISA())
			}
		})
	}
}

// Memory is planned once.
func TestStepDoesNotAllocate(t *testing.T) {
	for rule, cfg := range ruleConfigs() {
		t.Run(rule, func(t *testing.T) {
			cfg.Workers = 2
			for name, net := range map[string]*Network{
				"mixed": mixed(kernels.Tanh), "conv": convolutional(kernels.Tanh, false), "every op": everyOp(kernels.Tanh, true),
			} {
				if cfg.Precision.EveryLevel {
					cfg.Steps = net.Levels()
				}
				tr := startTrainer(t, net, cfg, allShortcuts)
				b := randomBatch(net, cfg.Batch, 1)
				tr.WatchEnergies(true)
				require.Zero(t, testing.AllocsPerRun(5, func() { tr.Step(b) }), name)
			}
		})
	}
}

// A smaller batch is what it would be in a trainer planned for it.
func TestPartialBatches(t *testing.T) {
	for rule, cfg := range ruleConfigs() {
		t.Run(rule, func(t *testing.T) {
			for _, net := range []*Network{residual(kernels.Tanh, 1.25), convolutional(kernels.Tanh, true)} {
				cfg := cfg
				if cfg.Precision.EveryLevel {
					cfg.Steps = net.Levels()
				}
				large := startTrainer(t, net, cfg, allShortcuts)
				cfg.Batch = 5
				small := startTrainer(t, net, cfg, allShortcuts)
				b := randomBatch(net, 5, 1)
				require.Equal(t, small.Step(b), large.Step(b))
				require.Equal(t, small.Digest(), large.Digest())
			}
		})
	}
}
