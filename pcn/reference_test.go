package pcn

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn/internal/golden"
	"github.com/gopcn/gopcn/pcn/internal/reference"
)

// requireClose compares with a tolerance relative to the largest magnitude.
func requireClose(t *testing.T, what string, want, got *reference.Tensor, tol golden.Tolerance) {
	t.Helper()
	d := golden.CompareTensor(got.Data, &golden.Tensor{Shape: want.Shape, Data: want.Data}, tol)
	require.True(t, d.OK(), "%s: %v", what, d)
}

// Each batch starts from the same parameters in both programs, so that what is
// compared is one batch's arithmetic and not how a run amplifies differences.
func TestBatchesAgreeWithTheReference(t *testing.T) {
	for netName, net := range testNetworks() {
		for rule, cfg := range ruleConfigs() {
			t.Run(netName+"/"+rule, func(t *testing.T) {
				if cfg.Precision.EveryLevel {
					cfg.Steps = net.Levels() + 2
				}
				if netName == "deep" && rule == "short T" {
					cfg.Steps = 4
				}
				if cfg.Rule == IPC && !net.Input.IsVector() {
					// Adam makes whole steps of the round-off that sums over many
					// positions leave, and the next relaxation step amplifies them.
					cfg.Optimizer = Optimizer{Kind: SGD, Rate: Constant(0.05), SkipZero: cfg.Optimizer.SkipZero}
				}
				tr := startTrainer(t, net, cfg, allShortcuts)
				for batch := range fewer(net, 3) {
					compareBatch(t, tr, randomBatch(net, cfg.Batch, batch), batch == 0)
				}
			})
		}
	}
}

// Running statistics that move while relaxing too, in every way to train that
// golden cases leave out.
func TestUnfrozenStatisticsAgreeWithTheReference(t *testing.T) {
	for name, net := range map[string]*Network{
		"chain": convolutional(kernels.Tanh, true), "residual": convResidual(kernels.Tanh, true, true), "unlayered": convResidual(kernels.Tanh, true, false),
	} {
		for _, rule := range []string{"pc", "s+fu", "short T", "centred", "ipc sgd", "bp"} {
			t.Run(name+"/"+rule, func(t *testing.T) {
				cfg := ruleConfigs()[rule]
				cfg.NormUnfrozen = true
				cfg.Optimizer = Optimizer{Kind: SGD, Rate: Constant(0.001)}
				tr := startTrainer(t, net, cfg, allShortcuts)
				for batch := range uint64(2) {
					compareBatch(t, tr, randomBatch(net, cfg.Batch, batch), batch == 0)
				}
			})
		}
	}
}

// compareBatch trains both programs on one batch from the trainer's parameters.
// The reference has no moments from earlier batches, so what the optimiser does
// with them is compared in the first batch only.
func compareBatch(t *testing.T, tr *Trainer, b *Batch, first bool) {
	cfg := tr.Config()
	want := referenceBatch(t, tr, b)
	step := tr.Step(b)

	tight, loose := golden.Tolerance{Rel: 2e-5, Abs: 1e-7}, golden.Tolerance{Rel: 1e-4, Abs: 1e-7}
	switch {
	case tr.net.normalised(): // small deviations divide
		tight, loose = golden.Tolerance{Rel: 5e-4, Abs: 5e-6}, golden.Tolerance{Rel: 3e-3, Abs: 5e-5}
	case !tr.net.Input.IsVector(): // sums over many positions
		tight, loose = golden.Tolerance{Rel: 1e-4, Abs: 2e-7}, golden.Tolerance{Rel: 5e-4, Abs: 1e-6}
	}
	if cfg.Nudge != NudgeNone { // which divides gradients
		loose.Rel /= float64(cfg.Beta)
		loose.Abs /= float64(cfg.Beta)
	}
	requireClose(t, "logits", want.TrainLogits, widen(tr.nodes[len(tr.nodes)-1].h0), tight)
	if cfg.Rule == BP {
		require.InEpsilon(t, want.Loss, step.Loss*float64(step.Samples), 1e-5)
	}
	if cfg.Rule == IPC && !first {
		return // the moments enter the relaxation
	}
	if len(want.Phases) > 0 {
		last := want.Phases[len(want.Phases)-1]
		for i := range tr.nodes[:len(tr.nodes)-1] {
			n := &tr.nodes[i]
			requireClose(t, "latents of "+n.Name, last.Steps[len(last.Steps)-1].Latents[n.Name], widenShape(latents(tr, i), n.shape), tight)
		}
	}
	limit := cfg.Optimizer.Rate.At(0) * math.Max(1, float64(tr.updater.count))
	for _, s := range tr.Statistics().Tensors {
		requireClose(t, s.Name, want.StatsAfter[s.Name], widenTensor(s), golden.Tolerance{Rel: tight.Rel, Abs: math.Max(tight.Abs, limit)})
	}
	for _, p := range tr.params {
		if want.WeightGrad != nil {
			requireClose(t, "gradient of "+p.name, want.WeightGrad[p.name], widenTensor(p.tensor(p.grad)), loose)
		}
		if first && cfg.Optimizer.Kind == SGD {
			requireClose(t, p.name, want.ParamsAfter[p.name], widenTensor(p.tensor(p.value)), tight)
		} else if first {
			// Adam divides a gradient by its own size, round-off too.
			requireMostlyClose(t, p, want.ParamsAfter[p.name], limit, tr.net.normalised())
		}
	}
}

// twinOf returns the reference with a trainer's weights.
func twinOf(t *testing.T, tr *Trainer) *reference.Trainer {
	ref, err := Twin.Trainer(tr)
	require.NoError(t, err)
	return ref
}

// referenceBatch trains the reference on one batch, from a trainer's weights.
func referenceBatch(t *testing.T, tr *Trainer, b *Batch) *reference.BatchTrace {
	trace, err := twinOf(t, tr).TrainBatch(Twin.Batch(b, tr.net))
	require.NoError(t, err)
	return trace
}

// requireMostlyClose allows a few parameters to differ by up to limit. With norms
// it allows all: they cancel the biases and betas that feed them, whose
// gradients are nothing but round-off.
func requireMostlyClose(t *testing.T, p *param, want *reference.Tensor, limit float64, all bool) {
	got := widenTensor(p.tensor(p.value))
	off := 0
	for k, w := range want.Data {
		d := math.Abs(got.Data[k] - w)
		require.LessOrEqual(t, d, 2*limit, "%s[%d]", p.name, k)
		if d > 2e-6+limit/100 {
			off++
		}
	}
	if all {
		return
	}
	require.LessOrEqual(t, off, len(want.Data)/20, fmt.Sprintf("%s: parameters off by more than a hundredth of the rate", p.name))
}

// The comparison must notice a program that is a little wrong.
func TestReferenceNoticesWrongPrograms(t *testing.T) {
	net := residual(kernels.Tanh, 1.25)
	spoil := map[string]func(*Config){
		"update":    func(c *Config) { c.Update = Forward },
		"momentum":  func(c *Config) { c.Momentum = 0.1 },
		"precision": func(c *Config) { c.Precision = Spiking(0.5) },
		"steps":     func(c *Config) { c.Steps = 5 },
	}
	for name, change := range spoil {
		t.Run(name, func(t *testing.T) {
			cfg := testConfig()
			right := startTrainer(t, net, cfg, allShortcuts)
			change(&cfg)
			wrong := startTrainer(t, net, cfg, allShortcuts)
			b := randomBatch(net, cfg.Batch, 1)
			right.Step(b)
			wrong.Step(b)
			for i, p := range right.params {
				d := golden.CompareTensor(widenTensor(wrong.params[i].tensor(wrong.params[i].grad)).Data,
					&golden.Tensor{Shape: p.shape, Data: widenTensor(p.tensor(p.grad)).Data}, golden.Tolerance{Rel: 1e-4, Abs: 1e-7})
				if !d.OK() {
					return
				}
			}
			t.Fatal("all gradients are the same")
		})
	}
}
