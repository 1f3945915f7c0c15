package checkpoint

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/data"
)

// network is small and has layers of both kinds and a norm.
func network(t testing.TB, act kernels.Activation) *pcn.Network {
	b := pcn.NewBuilder(pcn.Image(28, 28, 1))
	h := b.Node("h", []int{pcn.Input}, pcn.Conv2D(3, 5, 5, 0, true), pcn.BatchNorm(), pcn.Activate(act))
	k := b.Node("k", []int{h}, pcn.Flatten(), pcn.Dense(4, false), pcn.Activate(act), pcn.Dense(5, true))
	b.Node("out", []int{k}, pcn.Dense(10, true))
	net, err := b.Build()
	require.NoError(t, err)
	return net
}

func trainer(t testing.TB, net *pcn.Network, change func(*pcn.Config)) *pcn.Trainer {
	cfg := pcn.DefaultConfig()
	cfg.Batch, cfg.Workers, cfg.Optimizer.Rate = 20, 1, pcn.WarmupCosineFor(1e-3, 10)
	if change != nil {
		change(&cfg)
	}
	tr, err := pcn.NewTrainer(net, cfg)
	require.NoError(t, err)
	t.Cleanup(tr.Close)
	return tr
}

// optimisers are settings that differ in what there is to remember.
func optimisers() map[string]func(*pcn.Config) {
	return map[string]func(*pcn.Config){
		"adamw":    nil,
		"adam":     func(c *pcn.Config) { c.Optimizer.Kind = pcn.Adam },
		"sgd":      func(c *pcn.Config) { c.Optimizer.Kind = pcn.SGD },
		"momentum": func(c *pcn.Config) { c.Optimizer.Kind, c.Optimizer.Momentum = pcn.SGD, 0.9 },
		"incremental": func(c *pcn.Config) {
			c.Rule, c.Update, c.Optimizer.SkipZero = pcn.IPC, pcn.Settled, pcn.SkipFull
		},
		"ema": func(c *pcn.Config) { c.Norm = pcn.NormEMA },
	}
}

// A run that is taken up from a file is the same run.
func TestRunsGoOnFromFiles(t *testing.T) {
	train, _ := data.GlyphsN(0, 100, 0)
	for name, change := range optimisers() {
		t.Run(name, func(t *testing.T) {
			net := network(t, kernels.Tanh)
			whole := trainer(t, net, change)
			path := filepath.Join(t.TempDir(), "c.safetensors")
			_, err := pcn.Fit(context.Background(), whole, train, pcn.FitOptions{Epochs: 2, OnProgress: func(p pcn.Progress) error {
				if p.Epoch == 0 && p.Batch == 3 {
					c := Capture(whole, p)
					c.Notes = map[string]string{"config": `{"a": "<é>"}`}
					require.NoError(t, c.Save(path))
				}
				return nil
			}})
			require.NoError(t, err)

			c, err := Load(path)
			require.NoError(t, err)
			require.Equal(t, map[string]string{"config": `{"a": "<é>"}`}, c.Notes)
			require.Equal(t, 3, c.Progress.Batch)
			require.Equal(t, 60, c.Progress.Samples)
			require.Positive(t, c.Progress.Training)
			resumed := trainer(t, net, change)
			require.NoError(t, c.Restore(resumed))
			require.Equal(t, c.Snapshot, resumed.Snapshot())
			_, err = pcn.Fit(context.Background(), resumed, train, pcn.FitOptions{Epochs: 2, Start: c.Progress})
			require.NoError(t, err)
			require.Equal(t, whole.Snapshot(), resumed.Snapshot())
		})
	}
}

// What is loaded is what was captured, to the bit, and saves as the same file.
func TestSaveAndLoad(t *testing.T) {
	tr := trainer(t, network(t, kernels.Tanh), nil)
	c := Capture(tr, pcn.Progress{Epoch: 7, Batch: 3, Samples: 60, Loss: 0.1 + 0.2, Correct: 59, Training: 123456789 * time.Nanosecond})
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	require.NoError(t, c.Save(a))
	loaded, err := Load(a)
	require.NoError(t, err)
	require.Equal(t, c, loaded)
	require.NoError(t, loaded.Save(b))
	first, err := os.ReadFile(a)
	require.NoError(t, err)
	second, err := os.ReadFile(b)
	require.NoError(t, err)
	require.Equal(t, first, second)

	c.Notes = map[string]string{"gopcn.state": ""}
	require.ErrorContains(t, c.Save(a), `cannot be called "gopcn.state"`)
	require.ErrorContains(t, (&Checkpoint{}).Save(a), "comes from Capture or Load")
	again, err := os.ReadFile(a)
	require.NoError(t, err)
	require.Equal(t, first, again)
}

// A capture is a copy: training goes on without it.
func TestCapturesStay(t *testing.T) {
	tr := trainer(t, network(t, kernels.Tanh), nil)
	c, same := Capture(tr, pcn.Progress{}), Capture(tr, pcn.Progress{})
	train, _ := data.GlyphsN(0, 20, 0)
	tr.Step(train)
	require.Equal(t, same, c)
	require.NotEqual(t, c, Capture(tr, pcn.Progress{}))
}

func TestRestoreRefusesWhatDoesNotFit(t *testing.T) {
	saved := trainer(t, network(t, kernels.Tanh), nil)
	c := Capture(saved, pcn.Progress{})
	wider := pcn.NewBuilder(pcn.Image(28, 28, 1))
	wider.Node("out", []int{pcn.Input}, pcn.Flatten(), pcn.Dense(10, true))
	short, err := wider.Build()
	require.NoError(t, err)
	for want, tr := range map[string]*pcn.Trainer{
		`it has "h: main, level 0, weight 1, of input: conv 5x5 3 stride 5, batchnorm, tanh" where this one has "h: main`: trainer(t, network(t, kernels.GELU), nil),
		`another network: it has "h: main`:                             trainer(t, short, nil),
		`of the optimiser adamw, and this one is sgd; set it to adamw`: trainer(t, network(t, kernels.Tanh), optimisers()["momentum"]),
	} {
		before := tr.Snapshot()
		err := c.Restore(tr)
		require.ErrorIs(t, err, ErrMismatch)
		require.ErrorContains(t, err, want)
		require.Equal(t, before, tr.Snapshot())
	}
	require.Equal(t, `it goes on with "b"`, difference([]string{"a", "b"}, []string{"a"}))
	require.Equal(t, `it ends before "b"`, difference([]string{"a"}, []string{"a", "b"}))

	momentum, plain := trainer(t, network(t, kernels.Tanh), optimisers()["momentum"]), trainer(t, network(t, kernels.Tanh), optimisers()["sgd"])
	err = Capture(momentum, pcn.Progress{}).Restore(plain)
	require.ErrorIs(t, err, ErrMismatch)
	require.ErrorContains(t, err, "9 first moments, but sgd wants 0")
}
