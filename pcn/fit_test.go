package pcn

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn/data"
)

func fitTrainer(t *testing.T, preset string, change func(*Config)) *Trainer {
	cfg, err := Preset(preset)
	require.NoError(t, err)
	cfg.Batch, cfg.Workers = 50, 2
	if change != nil {
		change(&cfg)
	}
	return startTrainer(t, chain(kernels.GELU, 784, 48, 32, 10), cfg, allShortcuts)
}

func TestFitLearns(t *testing.T) {
	train, test := data.GlyphsN(0, 1320, 300)
	for _, preset := range PresetNames() {
		t.Run(preset, func(t *testing.T) {
			tr := fitTrainer(t, preset, nil)
			calls := 0
			history, err := Fit(context.Background(), tr, train, FitOptions{
				Epochs: 3, Test: test, Validation: test.Slice(0, 100), Energies: true,
				OnEpoch: func(e Epoch) error {
					require.Equal(t, calls, e.Epoch)
					calls++
					return nil
				},
			})
			require.NoError(t, err)
			require.Len(t, history, 3)
			require.Equal(t, 3, calls)
			last := history[2]
			require.Equal(t, 1300, last.Samples, "the last partial batch is dropped")
			require.Less(t, last.Loss, history[0].Loss)
			require.Greater(t, last.Accuracy, 0.45)
			require.Greater(t, last.Test.Accuracy(), 0.4)
			require.Equal(t, 300, last.Test.Samples)
			require.Equal(t, 100, last.Validation.Samples)
			require.Positive(t, last.SamplesPerSecond)
			if tr.Config().Rule == BP {
				require.Nil(t, last.Energies)
				return
			}
			require.Len(t, last.Energies, 3)
			for _, e := range last.Energies {
				require.Positive(t, e)
			}
		})
	}
}

// A run that stops and goes on from its parameters and optimiser state is the
// same run.
func TestFitResumes(t *testing.T) {
	train, _ := data.GlyphsN(0, 500, 0)
	for _, preset := range []string{"s+fu", "ipc+s"} {
		whole := fitTrainer(t, preset, nil)
		augment := data.Augment{Pad: 1}
		_, err := Fit(context.Background(), whole, train, FitOptions{Epochs: 3, Augment: augment})
		require.NoError(t, err)

		first, second := fitTrainer(t, preset, nil), fitTrainer(t, preset, func(c *Config) { c.Workers = 1 })
		history, err := Fit(context.Background(), first, train, FitOptions{Epochs: 3, Augment: augment, OnEpoch: func(Epoch) error { return ErrStop }})
		require.NoError(t, err)
		require.Len(t, history, 1)
		require.NoError(t, second.SetParameters(first.Parameters()))
		require.NoError(t, second.SetOptimizerState(first.OptimizerState()))
		requireFreshPacks(t, second)
		_, err = Fit(context.Background(), second, train, FitOptions{First: 1, Epochs: 2, Augment: augment})
		require.NoError(t, err)
		require.Equal(t, whole.Digest(), second.Digest())
	}
}

func TestFitEnds(t *testing.T) {
	train, _ := data.GlyphsN(0, 300, 0)

	ctx, cancel := context.WithCancel(context.Background())
	batches := 0
	_, err := Fit(ctx, fitTrainer(t, "bp", nil), train, FitOptions{Epochs: 2, OnBatch: func(done, all int) {
		batches++
		require.Equal(t, 6, all)
		if done == 2 {
			cancel()
		}
	}})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 2, batches)

	mine := errors.New("mine")
	_, err = Fit(context.Background(), fitTrainer(t, "bp", nil), train, FitOptions{Epochs: 2, OnEpoch: func(Epoch) error { return mine }})
	require.ErrorIs(t, err, mine)

	_, err = Fit(context.Background(), fitTrainer(t, "pc", func(c *Config) {
		c.LatentRate, c.Steps = 50, 60
	}), train, FitOptions{Epochs: 1})
	require.ErrorIs(t, err, ErrDiverged)
}

func TestFitRefusesSetsThatDoNotFit(t *testing.T) {
	train, test := data.GlyphsN(0, 100, 20)
	ctx := context.Background()
	tr := fitTrainer(t, "bp", func(c *Config) { c.Batch = 128 })
	_, err := Fit(ctx, tr, train, FitOptions{Epochs: 1})
	require.ErrorContains(t, err, "less than one batch")
	_, err = Fit(ctx, tr, nil, FitOptions{Epochs: 1})
	require.ErrorContains(t, err, "no training set")

	small := *test
	small.Width = 27
	_, err = Fit(ctx, tr, train, FitOptions{Epochs: 1, Test: &small})
	require.ErrorContains(t, err, "the network's input 784")

	narrow := startTrainer(t, chain(kernels.Tanh, 784, 5, 4), backpropConfig(), allShortcuts)
	_, err = Fit(ctx, narrow, train, FitOptions{Epochs: 1})
	require.ErrorContains(t, err, "has 10 classes, the network 4 outputs")
}
