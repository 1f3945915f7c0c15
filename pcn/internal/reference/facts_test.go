package reference

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Spiking precision with alpha = 0, the forward update and undamped latents
// carry the output's error down unchanged: the weight gradient is backprop's.
func TestSpikingForwardIsBackprop(t *testing.T) {
	for name, m := range layeredNets() {
		for _, energy := range []Energy{SquaredError, CrossEntropy} {
			t.Run(name+"/"+string(energy), func(t *testing.T) {
				m.net.Output().Energy = energy
				x, y := m.batch(4)

				h := plainHyper(m.net.Levels)
				h.Precision, h.Update = Spiking{}, Forward
				h.Latent = LatentRule{Rate: 1, Momentum: 1}
				pc := m.train(t, h, x, y)

				bp := m.train(t, backpropHyper(), x, y)
				requireClose(t, bp.WeightGrad, pc.WeightGrad, 1e-12)
				requireClose(t, bp.StatsAfter, pc.StatsAfter, 1e-12)
			})
		}
	}
}

func backpropHyper() Hyper {
	h := plainHyper(0)
	h.Update = Backprop
	return h
}

// Any other step size scales backprop's gradient by a factor per level, which a
// scalar chain predicts.
func TestSpikingForwardScalesBackprop(t *testing.T) {
	m := mlp("tanh", 4, 6, 5, 6, 5, 3)
	x, y := m.batch(4)
	bp := m.train(t, backpropHyper(), x, y)
	levels := m.net.Levels

	for _, rule := range latentRules {
		for _, T := range []int{levels - 2, levels, levels + 3} {
			h := plainHyper(T)
			h.Precision, h.Update, h.Latent = Spiking{}, Forward, rule
			pc := m.train(t, h, x, y)

			factors := SignalFactors(levels, T, rule)
			want := Tensors{}
			for _, node := range m.net.Nodes {
				d := node.Ops[0].(Dense)
				for _, name := range []string{d.W, d.B} {
					want[name] = bp.WeightGrad[name].scaled(factors[node.Level])
				}
			}
			requireClose(t, want, pc.WeightGrad, 1e-10)
		}
	}
}

var latentRules = []LatentRule{
	{Rate: 0.5},
	{Rate: 0.8, Momentum: 0.1, Nesterov: true},
	{Rate: 0.3, Momentum: 0.5},
	{Rate: 0.9, Momentum: 0.4, Nesterov: true}, // a > 1: the sign flips
	{Rate: 1, Momentum: 0},                     // a = 1: the signal vanishes
}

func TestSignalFactorsTendToTheirLimit(t *testing.T) {
	const levels = 7
	for _, rule := range latentRules {
		factors := SignalFactors(levels, 200, rule)
		for k := range levels {
			require.InDelta(t, SignalLimit(k, rule), factors[levels-1-k], 1e-12, "%+v, k = %d", rule, k)
		}
	}
	require.InDelta(t, 0, SignalLimit(3, LatentRule{Rate: 1}), 0)
	require.Negative(t, SignalLimit(1, LatentRule{Rate: 0.9, Momentum: 0.4, Nesterov: true}))
	require.Equal(t, []float64{1, 1, 1, 1}, SignalFactors(4, 4, LatentRule{Rate: 1, Momentum: 1}))
}

// With alpha = 0, N incremental steps make one backprop step: each level's
// weights move once, at the step when the front is there.
func TestIncrementalIsBackprop(t *testing.T) {
	for name, m := range layeredNets() {
		t.Run(name, func(t *testing.T) {
			x, y := m.batch(4)
			T := m.net.Levels
			if m.net.HasBatchNorm() {
				T++ // the last update is a settled one
			}
			h := plainHyper(T)
			h.Precision, h.Update, h.Latent = Spiking{}, Incremental, LatentRule{Rate: 1}
			h.Weights.Rate = Constant(0.1)
			steps := m.train(t, h, x, y).Phases[0].Steps
			require.Len(t, steps, m.net.Levels)

			b := backpropHyper()
			b.Weights.Rate = Constant(0.1)
			bp := m.train(t, b, x, y)
			requireClose(t, bp.ParamsAfter, steps[len(steps)-1].Update.ParamsAfter, 1e-12)
		})
	}
}

// Small steps of gradient descent go downhill.
func TestUniformEnergyNeverRises(t *testing.T) {
	nets := layeredNets()
	nets["no wavefront"] = skipNet()
	for name, m := range nets {
		t.Run(name, func(t *testing.T) {
			x, y := m.batch(4)
			h := plainHyper(40)
			h.Latent = LatentRule{Rate: 0.02}
			steps := m.train(t, h, x, y).Phases[0].Steps
			for k := 1; k < len(steps); k++ {
				require.LessOrEqual(t, steps[k].TotalEnergy, steps[k-1].TotalEnergy, "step %d", k)
			}
			require.Less(t, steps[39].TotalEnergy, 0.99*steps[0].TotalEnergy)
		})
	}
}

// Below the wavefront errors are exactly zero, so leaving those levels out
// changes not a bit.
func TestWavefrontIsExact(t *testing.T) {
	precisions := map[string]Precision{
		"uniform": Uniform{}, "spiking": Spiking{Alpha: 0.1}, "decaying": Decaying{K: 0.5},
	}
	for name, m := range layeredNets() {
		for kind, precision := range precisions {
			for _, update := range []Update{Settled, Forward, Incremental} {
				t.Run(name+"/"+kind+"/"+string(update), func(t *testing.T) {
					x, y := m.batch(3)
					h := plainHyper(m.net.Levels + 1)
					h.Precision, h.Update = precision, update
					h.Latent = LatentRule{Rate: 0.3, Momentum: 0.2, Nesterov: true}
					h.Weights.Rate = Constant(0.01)
					window := m.train(t, h, x, y)

					h.AllLevels = true
					all := m.train(t, h, x, y)
					for k, step := range all.Phases[0].Steps {
						for _, node := range m.net.Nodes {
							if node.Level < m.net.wavefront(k) {
								require.True(t, step.Error[node.Name].IsZero(), "%s at step %d", node.Name, k)
							}
						}
						skipped := window.Phases[0].Steps[k]
						require.Equal(t, m.net.Levels-1-k > 0, skipped.StartLevel > 0)
						require.Equal(t, step.TotalEnergy, skipped.TotalEnergy)
						require.Equal(t, step.LatentGrad, skipped.LatentGrad)
						require.Equal(t, step.Latents, skipped.Latents)
					}
					require.Equal(t, all.ParamsAfter, window.ParamsAfter)
					require.Equal(t, all.StatsAfter, window.StatsAfter)
				})
			}
		}
	}
}

// Negative control: with an edge that spans two levels the errors below the
// would-be wavefront are not zero.
func TestWavefrontNeedsLayers(t *testing.T) {
	m := skipNet()
	require.False(t, m.net.Layered())
	x, y := m.batch(3)
	steps := m.train(t, plainHyper(3), x, y).Phases[0].Steps
	require.Zero(t, steps[1].StartLevel)
	require.False(t, steps[1].Error["n0"].IsZero())
}

// The first level predicts from the clamped input alone.
func TestFirstPredictionIsConstant(t *testing.T) {
	for name, m := range layeredNets() {
		t.Run(name, func(t *testing.T) {
			x, y := m.batch(3)
			h := plainHyper(4)
			h.AllLevels = true
			ph := m.train(t, h, x, y).Phases[0]
			for _, step := range ph.Steps {
				require.Equal(t, ph.H0["n0"], step.Prediction["n0"])
			}
		})
	}
}
