package main

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
)

// clock advances a little each time somebody looks.
type clock struct{ time time.Time }

func (c *clock) now() time.Time {
	c.time = c.time.Add(20 * time.Millisecond)
	return c.time
}

// fakeTuner measures by a formula and some noise instead of by time. The formula
// is told what is going on: "trying" a setting or "checking" a class.
func fakeTuner(h *kernels.Handle, noise float64, speed func(what string, p kernels.Profile) float64) *tuner {
	r := rand.New(rand.NewPCG(1, 2))
	what := ""
	return &tuner{
		handle: h, budget: 20 * time.Second, now: new(clock).now, step: func(w string) { what = w },
		gauge: func(works []work, handles []*kernels.Handle) [][]float64 {
			shares := make([][]float64, len(works))
			for i := range works {
				for _, h := range handles {
					shares[i] = append(shares[i], speed(what, h.Profile())*(1+noise*r.NormFloat64()))
				}
			}
			return shares
		},
	}
}

const handOvers = "hand-over to workers"

// bySpins is faster by up to a tenth where workers wait less, if what is measured
// has to do with it.
func bySpins(what string, p kernels.Profile) float64 {
	if what == "trying spins" || what == "checking "+handOvers {
		return 1 - 0.1*float64(p.Spins)/float64(p.Spins+2000)
	}
	return 1
}

func TestTunerFindsWhatIsBetter(t *testing.T) {
	h := kernels.Default()
	standard := h.Profile()
	r, err := fakeTuner(h, 0.003, bySpins).run(context.Background())
	require.NoError(t, err)
	require.True(t, r.changed)
	require.Less(t, r.profile.Spins, standard.Spins/8, "far away first, then nearer")
	left := r.profile
	left.Spins = standard.Spins
	require.Equal(t, standard, left, "the other settings are the defaults")
	for _, f := range r.findings {
		require.Equal(t, f.class.name == handOvers, f.kept, f.class.name)
	}
	require.Len(t, r.gains(), len(classesFor(h.ISA())))
}

// Where there is no difference the defaults stay.
func TestTunerKeepsTheDefaults(t *testing.T) {
	r, err := fakeTuner(kernels.Default(), 0, func(string, kernels.Profile) float64 { return 1 }).run(context.Background())
	require.NoError(t, err)
	require.False(t, r.changed)
	require.Equal(t, kernels.Default().Profile(), r.profile)
	require.Len(t, r.findings, len(classesFor(kernels.Default().ISA())))
	for _, f := range r.findings {
		require.False(t, f.kept)
	}
}

// A candidate that was lucky in the search is given up when it is measured
// again.
func TestTunerGivesUpWhatWasLuck(t *testing.T) {
	r, err := fakeTuner(kernels.Default(), 0, func(what string, p kernels.Profile) float64 {
		if what == "checking "+handOvers {
			return 1
		}
		return bySpins(what, p)
	}).run(context.Background())
	require.NoError(t, err)
	require.False(t, r.changed)
}

// If what gains in its own class makes another slower, it is given up.
func TestTunerNeverMakesAnythingSlower(t *testing.T) {
	h := kernels.Default()
	if len(classesFor(h.ISA())) == 1 {
		t.Skip("portable Go has one class only")
	}
	r, err := fakeTuner(h, 0, func(what string, p kernels.Profile) float64 {
		if what == "checking convolutions" && p.Spins != h.Profile().Spins {
			return 0.9
		}
		return bySpins(what, p)
	}).run(context.Background())
	require.NoError(t, err)
	require.False(t, r.changed)
	require.Equal(t, h.Profile(), r.profile)
	for _, f := range r.findings {
		require.False(t, f.kept)
	}
}

func TestTunerStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	tuner := fakeTuner(kernels.Default(), 0, func(string, kernels.Profile) float64 { return 1 })
	rounds := 0
	tuner.step = func(string) {
		if rounds++; rounds == 3 {
			cancel()
		}
	}
	_, err := tuner.run(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 3, rounds)
}

// Candidates are valid, different and differ in the one setting; only blocks of C may
// get narrower.
func TestCandidates(t *testing.T) {
	for _, isa := range []kernels.ISA{kernels.Generic, kernels.Default().ISA()} {
		h, err := kernels.For(isa)
		require.NoError(t, err)
		best := h.Profile()
		for _, c := range classes {
			for _, name := range c.settings {
				for _, factors := range c.factors {
					list := candidates(best, name, factors)
					require.NotEmpty(t, list, name)
					for i, p := range list {
						require.NoError(t, p.Check())
						require.NotEqual(t, *setting(&best, name).Value, *setting(&p, name).Value)
						require.NotContains(t, list[:i], p)
						*setting(&p, name).Value = *setting(&best, name).Value
						require.LessOrEqual(t, p.BlockColumns, best.BlockColumns)
						p.BlockColumns = best.BlockColumns
						require.Equal(t, best, p)
					}
				}
			}
		}
	}
}

// Every setting is searched in just one class.
func TestClassesCoverTheSettings(t *testing.T) {
	var p kernels.Profile
	seen := map[string]int{}
	for _, c := range classes {
		for _, name := range c.settings {
			seen[name]++
		}
	}
	for _, s := range p.Settings() {
		require.Equal(t, 1, seen[s.Name], s.Name)
	}
	require.Len(t, seen, len(p.Settings()))
}

func TestOutcome(t *testing.T) {
	c := contest{noise: []float64{1.01, 0.99, 1.01, 0.99}, ratios: [][]float64{{1.1, 1.02, 0.7, 1.04}}}
	o := c.outcome(0)
	require.InDelta(t, 1.03, o.ratio, 1e-12)
	require.InDelta(t, 0.0175, o.noise, 1e-12)
	require.True(t, o.faster())
	require.False(t, o.slower())
	require.Equal(t, outcome{1, 1}, (&contest{}).outcome(0))
	require.False(t, outcome{1.01, 0.01}.faster())
	require.True(t, outcome{0.98, 0.01}.slower())
	quiet := contest{noise: []float64{1}, ratios: [][]float64{{1.001}}}
	require.False(t, quiet.outcome(0).faster(), "a tenth of a percent is nothing")
}

// A work where some contestant has no figure does not count.
func TestContestPassesOverGaps(t *testing.T) {
	h := kernels.Default()
	c := newContest("", make([]work, 2), h, h)
	c.round(func([]work, []*kernels.Handle) [][]float64 { return [][]float64{{0, 1, 1}, {1, 2, 1}} })
	require.InDelta(t, 2, c.outcome(0).ratio, 1e-12)
	c.round(func([]work, []*kernels.Handle) [][]float64 { return [][]float64{{0, 1, 1}, {1, 0, 1}} })
	require.Len(t, c.noise, 1)
}
