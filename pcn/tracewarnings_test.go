package pcn

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
)

// traceWarnings relaxes one batch and returns what its trace warns about.
func traceWarnings(t *testing.T, net *Network, cfg Config, change func(*Trainer)) []string {
	tr := startTrainer(t, net, cfg, allShortcuts)
	if change != nil {
		change(tr)
	}
	tr.WatchTrace(true)
	tr.Gradients(randomBatch(net, cfg.Batch, 1))
	return cfg.TraceWarnings(net, tr.Trace())
}

func TestTraceWarnings(t *testing.T) {
	deep := chain(kernels.Tanh, 6, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 4)
	shallow := chain(kernels.Tanh, 6, 9, 9, 4)
	for name, net := range map[string]*Network{"deep": deep, "shallow": shallow} {
		for _, preset := range []string{"s+fu", "d+fu", "ipc+s"} {
			cfg, err := Preset(preset)
			require.NoError(t, err)
			cfg.Batch = 12
			require.Empty(t, traceWarnings(t, net, cfg, nil), "%s, %s", name, preset)
		}
	}

	cfg := testConfig()
	require.Empty(t, traceWarnings(t, shallow, cfg, nil))
	cfg.LatentRate = 0.9
	got := traceWarnings(t, shallow, cfg, func(tr *Trainer) { scaleWeights(t, tr, 2) })
	require.Len(t, got, 1)
	require.Regexp(t, `^the energy rises at relaxation steps? [\d to]+, up to [\d.]+ times in one step: the latents overshoot; lower LatentRate \(0.9\)$`, got[0])

	// The signal of plain predictive coding is lost on its way down.
	cfg.LatentRate = 0.01
	for _, rule := range []Rule{PC, IPC} {
		cfg.Rule = rule
		got = traceWarnings(t, deep, cfg, nil)
		require.Len(t, got, 1)
		require.Regexp(t, `^levels 0 to \d are dead: the error for the weights is \S+ of the latents at level 0, and float32 rounds off 6e-08: raise LatentRate`, got[0])
	}
	// Levels that are not reached, or do not learn, are another matter.
	cfg.Rule, cfg.Steps = PC, 5
	require.Regexp(t, `^levels? 6`, traceWarnings(t, deep, cfg, nil)[0])
	cfg.TrainTop = 3
	require.Empty(t, traceWarnings(t, deep, cfg, nil))

	cfg = testConfig()
	cfg.Precision, cfg.LatentRate, cfg.Momentum = Spiking(0.5), 1.9, 0.5
	got = traceWarnings(t, shallow, cfg, nil)
	require.Len(t, got, 1)
	require.Regexp(t, `^the relaxation ends with \S+ times the energy it began with`, got[0])

	cfg.LatentRate, cfg.Steps = 1e20, 20
	got = traceWarnings(t, shallow, cfg, nil)
	require.Len(t, got, 1)
	require.Regexp(t, `^the latents of level \d are not finite at relaxation step \d: lower LatentRate`, got[0])

	relu := chain(kernels.ReLU, 6, 9, 9, 4)
	cfg = testConfig()
	cfg.LatentRate = 1e-4
	got = traceWarnings(t, relu, cfg, func(tr *Trainer) {
		list := tr.Parameters()
		for i := range list[2].Data {
			list[2].Data[i] = 0
		}
		for i := range list[3].Data {
			list[3].Data[i] = -1
		}
		require.NoError(t, tr.SetParameters(list))
	})
	require.Contains(t, got, "level 1 has latents of zero only")
}

func scaleWeights(t *testing.T, tr *Trainer, c float32) {
	list := tr.Parameters()
	for i := range list {
		for k := range list[i].Data {
			list[i].Data[k] *= c
		}
	}
	require.NoError(t, tr.SetParameters(list))
}
