package pcn

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

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

// A run that stops anywhere and goes on from its progress and its trainer's
// snapshot is the same run, down to the statistics of the epoch it stopped in.
func TestFitResumes(t *testing.T) {
	train, test := data.GlyphsN(0, 280, 60)
	options := FitOptions{Epochs: 3, Augment: data.Augment{Pad: 1}, Test: test, Energies: true}
	for name, start := range resumedTrainers(t) {
		t.Run(name, func(t *testing.T) {
			type moment struct {
				at    Progress
				state Snapshot
			}
			whole, moments := start(2), []moment{{}}
			moments[0].state = whole.Snapshot()
			o := options
			o.OnProgress = func(p Progress) error {
				moments = append(moments, moment{p, whole.Snapshot()})
				return nil
			}
			history, err := Fit(context.Background(), whole, train, o)
			require.NoError(t, err)
			require.Len(t, moments, 16, "five batches an epoch, and the beginning")
			require.Equal(t, Progress{Epoch: 3}, moments[15].at)

			for _, i := range []int{0, 1, 4, 5, 8, 14, 15} {
				resumed := start(1)
				require.NoError(t, resumed.Restore(moments[i].state))
				requireFreshPacks(t, resumed)
				o := options
				o.Start = moments[i].at
				rest, err := Fit(context.Background(), resumed, train, o)
				require.NoError(t, err)
				require.Equal(t, whole.Digest(), resumed.Digest())
				require.Equal(t, whole.Snapshot(), resumed.Snapshot())
				require.Equal(t, withoutTimes(history[i/5:]), withoutTimes(rest))
			}
		})
	}
}

// resumedTrainers start trainers of 784 inputs that differ in what they
// remember, with so many workers.
func resumedTrainers(t *testing.T) map[string]func(workers int) *Trainer {
	b := NewBuilder(Image(28, 28, 1))
	h := b.Node("h", []int{Input}, Conv2D(3, 3, 3, 0, true), BatchNorm(), Activate(kernels.Tanh))
	b.Node("out", []int{h}, Flatten(), Dense(10, true))
	image, err := b.Build()
	require.NoError(t, err)
	flat := chain(kernels.GELU, 784, 24, 16, 10)
	starts := map[string]func(int) *Trainer{}
	add := func(name string, net *Network, preset string, change func(*Config)) {
		starts[name] = func(workers int) *Trainer {
			cfg, err := Preset(preset)
			require.NoError(t, err)
			cfg.Batch, cfg.Workers, cfg.Optimizer.Rate = 50, workers, WarmupCosineFor(1e-3, 15)
			change(&cfg)
			return startTrainer(t, net, cfg, allShortcuts)
		}
	}
	add("adamw", flat, "s+fu", func(*Config) {})
	add("incremental, skip full", flat, "ipc+s", func(c *Config) { c.Optimizer.SkipZero = SkipFull })
	add("sgd with momentum", flat, "pc", func(c *Config) { c.Optimizer.Kind, c.Optimizer.Momentum = SGD, 0.9 })
	add("backpropagation, adam", flat, "bp", func(c *Config) { c.Optimizer.Kind = Adam })
	add("norms", image, "s+fu", func(*Config) {})
	add("norms, ema", image, "s+fu", func(c *Config) { c.Norm = NormEMA })
	return starts
}

// withoutTimes is history without what a clock says.
func withoutTimes(history []Epoch) []Epoch {
	var list []Epoch
	for _, e := range history {
		e.Training, e.SamplesPerSecond = 0, 0
		list = append(list, e)
	}
	return list
}

// The time of an epoch that was interrupted is that of both runs.
func TestFitAddsTimes(t *testing.T) {
	train, _ := data.GlyphsN(0, 100, 0)
	history, err := Fit(context.Background(), fitTrainer(t, "bp", nil), train, FitOptions{
		Epochs: 2, Start: Progress{Batch: 1, Samples: 50, Correct: 50, Loss: 3, Training: time.Hour},
	})
	require.NoError(t, err)
	require.Len(t, history, 2)
	require.Greater(t, history[0].Training, time.Hour)
	require.Less(t, history[0].SamplesPerSecond, 1.0)
	require.Greater(t, history[0].Loss, 1.5)
	require.GreaterOrEqual(t, history[0].Accuracy, 0.5)
	require.Less(t, history[1].Training, time.Hour)
}

func TestFitRefusesAStartThatDoesNotFit(t *testing.T) {
	train, _ := data.GlyphsN(0, 120, 0)
	tr := fitTrainer(t, "bp", nil)
	before := tr.Digest()
	for want, p := range map[string]Progress{
		"is no progress of a run":                         {Epoch: -1},
		"is no progress of a run: {Epoch:0 Batch:1 ":      {Batch: 1, Samples: 50, Correct: 51},
		"is no progress of a run: {Epoch:0 Batch:1 Samp":  {Batch: 1, Samples: 50, Loss: math.NaN()},
		"has 64 samples in 1 batches, but Batch is 50":    {Batch: 1, Samples: 64},
		"is behind 2 batches of its epoch, but the train": {Batch: 2, Samples: 100},
	} {
		_, err := Fit(context.Background(), tr, train, FitOptions{Epochs: 1, Start: p})
		require.ErrorContains(t, err, want)
	}
	history, err := Fit(context.Background(), tr, train, FitOptions{Epochs: 1, Start: Progress{Epoch: 1}})
	require.NoError(t, err, "a run that is done")
	require.Empty(t, history)
	require.Equal(t, before, tr.Digest())
}

func TestFitEnds(t *testing.T) {
	train, _ := data.GlyphsN(0, 300, 0)

	ctx, cancel := context.WithCancel(context.Background())
	batches := 0
	_, err := Fit(ctx, fitTrainer(t, "bp", nil), train, FitOptions{Epochs: 2, OnBatch: func(done, all int, s Stats) {
		batches++
		require.Equal(t, 6, all)
		require.Equal(t, 50, s.Samples)
		if done == 2 {
			cancel()
		}
	}})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 2, batches)

	// When ErrStop ends the run the latest progress is that of the trainer.
	var last Progress
	stopped := fitTrainer(t, "bp", nil)
	history, err := Fit(context.Background(), stopped, train, FitOptions{
		Epochs: 3, OnEpoch: func(Epoch) error { return ErrStop },
		OnProgress: func(p Progress) error { last = p; return nil },
	})
	require.NoError(t, err)
	require.Len(t, history, 1)
	require.Equal(t, Progress{Epoch: 1}, last)
	require.Equal(t, 6, stopped.OptimizerState().Count)

	mine := errors.New("mine")
	for at := range 7 {
		calls := 0
		history, err = Fit(context.Background(), fitTrainer(t, "bp", nil), train, FitOptions{Epochs: 2, OnProgress: func(Progress) error {
			if calls++; calls > at {
				return mine
			}
			return nil
		}})
		require.ErrorIs(t, err, mine)
		require.Len(t, history, (at+1)/6)
	}
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

	bare := *train
	bare.Table = nil
	_, err = Fit(ctx, tr, &bare, FitOptions{Epochs: 1})
	require.ErrorContains(t, err, "0 tables for 1 channels", "rather than a panic in a worker")
}
