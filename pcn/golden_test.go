package pcn

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/internal/golden"
)

// float32Policy allows a ten-thousandth of the largest magnitude. Cases with
// more than small dense layers get what float32 arithmetic cannot avoid besides:
// errors are differences of numbers near 1, and Adam divides a gradient by its
// own size, so that where it is round-off a step of the learning rate may
// differ. The gradient of a bias that feeds a norm is nothing but round-off.
func float32Policy(c *golden.Case, committed bool) golden.Policy {
	small := committed
	for _, n := range c.Network.Nodes {
		for _, op := range n.Ops {
			small = small && (op.Kind == "dense" || op.Kind == "activation")
		}
	}
	biases, means := c.Network.Absorbed()
	adam := c.Hyper.Weights.Kind != "sgd"
	r := c.Hyper.Weights.LR
	travel := max(r.Value, r.Init, r.Peak) * float64(len(c.Batches)*max(c.Hyper.T, 1))
	return func(q golden.Quantity, name string) golden.Tolerance {
		tol := golden.Tolerance{Rel: 1e-4, Abs: 1e-12}
		switch {
		case small:
		case adam && (q == golden.Param && biases[name] || q == golden.Statistic && means[name]):
			tol.Abs = travel
		case q == golden.Energy && adam && len(biases) > 0 && c.Hyper.BNMode == "ema":
			tol.Rel = 1e-3 // running means do not know yet that these biases have moved
		case q == golden.Param && adam && !committed:
			tol.Abs = travel
		case q == golden.Param && adam:
			tol.Abs = travel / 50
		case q == golden.Energy || q == golden.LatentGrad || q == golden.WeightGrad:
			tol.Abs = 1e-6
		case q == golden.Logit && adam:
			tol.Abs = 1e-3
		default:
			tol.Abs = 1e-7
		}
		return tol
	}
}

// TestGolden holds every case against an independent float64
// program: latents, energies, gradients and parameters of each step.
func TestGolden(t *testing.T) {
	for _, path := range goldenFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".json"), func(t *testing.T) {
			c, err := golden.Load(path)
			require.NoError(t, err)
			policy := float32Policy(c, filepath.Dir(path) == goldenDir)
			report := golden.ComparePartial(c, trace(t, c, configOf(t, c), allShortcuts), policy)
			require.NoError(t, report.Err())
			t.Logf("%d comparisons, worst %.2g of its tolerance at %s", report.Compared, report.Worst, report.WorstPath)
		})
	}
}

// A plan without shortcuts computes the same.
func TestGoldenWithoutShortcuts(t *testing.T) {
	for _, name := range []string{"deep_mlp_spiking_forward", "ipc_spiking_adamw", "nudge_centred", "ce_output",
		"vgg_settled", "resnet_blocks", "ipc_batchnorm", "conv_batchnorm"} {
		c := loadGolden(t, name)
		run := trace(t, c, configOf(t, c), shortcuts{front: true})
		require.NoError(t, golden.ComparePartial(c, run, float32Policy(c, true)).Err())
	}
}

// Negative control: a comparison that cannot fail would prove nothing.
func TestGoldenNoticesWrongSettings(t *testing.T) {
	for name, spoil := range map[string]struct {
		file   string
		change func(*Config)
	}{
		"update":          {"deep_mlp_spiking_forward", func(c *Config) { c.Update = Settled }},
		"other update":    {"mlp_tanh_pc_uniform", func(c *Config) { c.Update = Forward }},
		"nesterov":        {"deep_mlp_spiking_forward", func(c *Config) { c.Nesterov = false }},
		"latent momentum": {"mlp_tanh_pc_uniform", func(c *Config) { c.Momentum = 0.001 }},
		"precision":       {"deep_mlp_spiking_forward", func(c *Config) { c.Precision = Spiking(0.002) }},
		"normalisation":   {"mlp_decaying_normalised", func(c *Config) { c.Precision = Decaying(0.8) }},
		"optimiser":       {"adamw_schedule", func(c *Config) { c.Optimizer.Kind = Adam }},
		"skip zero":       {"ipc_spiking_adamw", func(c *Config) { c.Optimizer.SkipZero = SkipFull }},
		"loss":            {"ce_output", func(c *Config) { c.Loss = SquaredError }},
		"nudge":           {"nudge_positive", func(c *Config) { c.Nudge = NudgeNegative }},
		"beta":            {"nudge_centred", func(c *Config) { c.Beta *= 1.001 }},
		"norm mode":       {"conv_batchnorm_ema", func(c *Config) { c.Norm = NormBatch }},
		"frozen norms":    {"batchnorm_unfrozen", func(c *Config) { c.NormUnfrozen = false }},
		"unfrozen norms":  {"conv_batchnorm", func(c *Config) { c.NormUnfrozen = true }},
		"rule":            {"backprop_se", func(c *Config) { c.Rule, c.LatentRate, c.Steps = PC, 0.1, 3 }},
	} {
		t.Run(name, func(t *testing.T) {
			c := loadGolden(t, spoil.file)
			cfg := configOf(t, c)
			spoil.change(&cfg)
			run := trace(t, c, cfg, allShortcuts)
			require.Error(t, golden.ComparePartial(c, run, float32Policy(c, true)).Err())
		})
	}
}
