package pcn

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn/data"
)

// divergence is what Fit says of a run that it must end.
func divergence(t *testing.T, tr *Trainer, train *data.Set, o FitOptions) *DivergedError {
	t.Helper()
	_, err := Fit(context.Background(), tr, train, o)
	require.ErrorIs(t, err, ErrDiverged)
	var d *DivergedError
	require.True(t, errors.As(err, &d))
	require.ErrorContains(t, err, d.What)
	return d
}

// largest returns, by level, the largest norm that a sample's latents or errors
// have in a node; NaN is larger than all.
func largest(tr *Trainer) []float64 {
	list := make([]float64, tr.net.Levels())
	for i := range tr.nodes {
		n := &tr.nodes[i]
		for _, m := range []kernels.Matrix{latents(tr, i), n.e} {
			for r := range m.Rows {
				list[n.Level] = math.Max(list[n.Level], math.Sqrt(squareOf(widen(m.RowRange(r, r+1)))))
			}
		}
	}
	return list
}

// Latents that overshoot are found at the step and the level where float32 first
// cannot hold them, and the trainer is back before that batch.
func TestDivergenceIsLocated(t *testing.T) {
	train, _ := data.GlyphsN(0, 300, 0)
	for rule, rate := range map[string]float32{"pc": 50, "s+fu": 9e19, "ipc": 1e6} {
		t.Run(rule, func(t *testing.T) {
			change := func(c *Config) { c.LatentRate, c.Steps, c.Workers = rate, 20, 1 }
			got := divergence(t, fitTrainer(t, rule, change), train, FitOptions{Epochs: 1})

			// The same batches again, with a look at every step.
			tr := fitTrainer(t, rule, change)
			batch := data.Batch{Set: train, Seed: tr.cfg.Seed}
			order := make([]int32, train.Len())
			data.Order(order, tr.cfg.Seed, 0)
			found := false
			current := 0
			tr.observe = func(e event, step int) {
				if e != afterStep || found {
					return
				}
				norms := largest(tr)
				off := func(v float64) bool { return math.IsNaN(v) || v*v > math.MaxFloat32 }
				if found = slices.ContainsFunc(norms, off); found {
					require.Equal(t, []int{got.Batch, got.Step}, []int{current, step}, got.What)
					require.True(t, off(norms[got.Level]), got.What)
				}
			}
			for ; !found && current < 6; current++ {
				batch.Places = order[50*current : 50*current+50]
				tr.Step(&batch)
			}
			require.True(t, found)
			t.Log(got.What)
		})
	}
}

// Weights that explode are found where they show first, in batch order: forward
// pass, gradient, weights.
func TestDivergenceOfWeightsIsLocated(t *testing.T) {
	train, _ := data.GlyphsN(0, 600, 0)
	explode := func(rate float64) func(*Config) {
		return func(c *Config) { c.Optimizer = Optimizer{Kind: SGD, Rate: Constant(rate)} }
	}
	for _, rule := range []string{"bp", "s+fu"} {
		got := divergence(t, fitTrainer(t, rule, explode(1e12)), train, FitOptions{Epochs: 1})
		require.Equal(t, "the loss is +Inf", got.What)
		require.Equal(t, 2, got.Level)

		tr := fitTrainer(t, rule, explode(1e22))
		got = divergence(t, tr, train, FitOptions{Epochs: 1})
		require.Contains(t, got.What, "in the forward pass")
		require.Positive(t, got.Batch)
		require.Equal(t, -1, got.Step)
		require.Equal(t, got.Batch, tr.OptimizerState().Count, "the trainer is before that batch")
		require.Negative(t, tr.lowestOff((*param).finite))

		got = divergence(t, fitTrainer(t, rule, explode(1e39)), train, FitOptions{Epochs: 1})
		require.Contains(t, got.What, "the parameters of level 0 are not finite")
		require.Zero(t, got.Batch)
	}
	got := divergence(t, fitTrainer(t, "bp", explode(1e12)), train, FitOptions{Epochs: 1})
	require.NotContains(t, got.Error(), "LatentRate")
}

// What is wrong from outside is told too, though training again does not show it.
func TestDivergenceFromOutside(t *testing.T) {
	train, _ := data.GlyphsN(0, 300, 0)
	spoil := func(tr *Trainer) {
		list := tr.Parameters()
		list[2].Data[0] = float32(math.NaN())
		require.NoError(t, tr.SetParameters(list))
	}

	tr := fitTrainer(t, "s+fu", nil)
	spoil(tr)
	got := divergence(t, tr, train, FitOptions{Epochs: 1})
	require.Equal(t, DivergedError{Level: 1, Step: -1, What: "the parameters of level 1 are not finite before it",
		advice: got.advice}, *got)

	for at, want := range map[int]DivergedError{
		2: {Batch: 2, Level: -1, Step: -1, What: "the loss is NaN"},
		6: {Batch: 6, Level: 1, Step: -1, What: "the parameters of level 1 are not finite before it"}, // end of epoch
	} {
		tr := fitTrainer(t, "s+fu", nil)
		got := divergence(t, tr, train, FitOptions{Epochs: 1, OnBatch: func(done, _ int, _ Stats) {
			if done == at {
				spoil(tr)
			}
		}})
		want.advice = got.advice
		require.Equal(t, want, *got)
	}
}

// To locate what went wrong the guard trains again from what it kept, to the bit.
func TestGuardTrainsAgain(t *testing.T) {
	train, _ := data.GlyphsN(0, 300, 0)
	for _, rule := range []string{"s+fu", "ipc+s", "bp"} {
		tr := fitTrainer(t, rule, nil)
		f := &fit{t: tr, order: make([]int32, train.Len()), batch: data.Batch{Set: train, Seed: tr.cfg.Seed}, batches: 6}
		data.Order(f.order, tr.cfg.Seed, 0)
		g := guard{f: f}
		var states []Snapshot
		for b := range f.batches {
			states = append(states, tr.Snapshot())
			if b == 2 {
				require.NoError(t, g.keep(b))
			}
			f.load(b)
			require.NoError(t, g.check(b, tr.Step(&f.batch)))
		}
		require.Error(t, g.check(4, Stats{Loss: math.Inf(1)}))
		require.Equal(t, states[5], tr.Snapshot())
	}
}
