package pcn

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn/data"
)

// Nothing runs on behind a trainer that was closed, whatever it has done. A
// bubble panics if a goroutine that began in it outlives it.
func TestCloseEndsWorkers(t *testing.T) {
	net := chain(kernels.GELU, 784, 24, 16, 10)
	train, test := data.GlyphsN(0, 150, 50)
	synctest.Test(t, func(t *testing.T) {
		cfg, err := Preset("s+fu")
		require.NoError(t, err)
		cfg.Batch, cfg.Workers = 50, 3
		tr, err := NewTrainer(net, cfg)
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		_, err = Fit(ctx, tr, train, FitOptions{Epochs: 3, Test: test, OnProgress: func(p Progress) error {
			if p.Epoch == 1 {
				cancel()
			}
			return nil
		}})
		require.ErrorIs(t, err, context.Canceled)
		tr.Predictor()
		tr.Close()
		tr.Close()
	})
}

// A closed trainer still hands out what it has learned, and refuses to compute.
func TestClosedTrainer(t *testing.T) {
	net := chain(kernels.GELU, 20, 16, 10)
	cfg, err := Preset("s+fu")
	require.NoError(t, err)
	cfg.Batch, cfg.Workers = 5, 2
	tr := startTrainer(t, net, cfg, allShortcuts)
	batch := randomBatch(net, 5, 1)
	tr.Step(batch)
	before, stats := tr.Snapshot(), tr.Evaluate(batch)
	tr.Close()
	require.Equal(t, before, tr.Snapshot())
	require.Equal(t, before.Weights, tr.Weights())
	p := tr.Predictor()
	u := kernels.NewMatrix(5, 10)
	p.Predict(p.NewWorkspace(5), u, batch.X)
	correct := 0
	for i := range 5 {
		if argmax(u.Row(i)) == batch.Label(i) {
			correct++
		}
	}
	require.Equal(t, stats.Correct, correct)
	for name, compute := range map[string]func(){
		"Step":     func() { tr.Step(batch) },
		"Evaluate": func() { tr.Evaluate(batch) },
		"Predict":  func() { tr.Predict(u, batch.X) },
	} {
		require.PanicsWithValue(t, "kernels: Run on a closed Pool", compute, name)
	}
	require.Equal(t, before, tr.Snapshot())
}
