package pcn

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
)

// A trainer that takes a snapshot over is the other one.
func TestRestore(t *testing.T) {
	for name, net := range map[string]*Network{"chain": chain(kernels.Tanh, 6, 5, 4), "norms": convolutional(kernels.Tanh, true)} {
		t.Run(name, func(t *testing.T) {
			a, b := startTrainer(t, net, ruleConfigs()["ipc full"], allShortcuts), startTrainer(t, net, ruleConfigs()["ipc full"], allShortcuts)
			a.Step(randomBatch(net, 12, 1))
			require.NotEqual(t, a.Snapshot(), b.Snapshot())
			require.NoError(t, b.Restore(a.Snapshot()))
			require.Equal(t, a.Snapshot(), b.Snapshot())
			next := randomBatch(net, 12, 2)
			require.Equal(t, a.Step(next), b.Step(next))
			require.Equal(t, a.Snapshot(), b.Snapshot())
		})
	}
}

func TestRestoreChangesAllOrNothing(t *testing.T) {
	net := convolutional(kernels.Tanh, true)
	tr := startTrainer(t, net, ruleConfigs()["ipc full"], allShortcuts)
	tr.Step(randomBatch(net, 12, 1))
	before := tr.Snapshot()
	tr.Step(randomBatch(net, 12, 2))
	now := tr.Snapshot()
	for want, spoil := range map[string]func(s *Snapshot){
		"tensors for 17 parameters": func(s *Snapshot) { s.Parameters = s.Parameters[1:] },
		"0 tensors for":             func(s *Snapshot) { s.Statistics.Tensors = nil },
		"step counts":               func(s *Snapshot) { s.Optimizer.Steps = nil },
		"second moments":            func(s *Snapshot) { s.Optimizer.Second = nil },
	} {
		spoilt := before
		spoil(&spoilt)
		require.ErrorContains(t, tr.Restore(spoilt), want)
		require.Equal(t, now, tr.Snapshot())
	}
}

func TestSetWeights(t *testing.T) {
	net := convolutional(kernels.Tanh, true)
	a, b := startTrainer(t, net, testConfig(), allShortcuts), startTrainer(t, net, testConfig(), allShortcuts)
	require.Equal(t, InitialWeights(net, a.Config().Seed, a.Config().Gain), a.Weights())
	a.Step(randomBatch(net, 12, 1))
	require.NoError(t, b.SetWeights(a.Weights()))
	require.Equal(t, a.Weights(), b.Weights())
	require.Zero(t, b.OptimizerState().Count)
	requireFreshPacks(t, b)

	spoilt := b.Weights()
	spoilt.Statistics.Tensors[0].Name = "x"
	spoilt.Parameters[0].Data[0]++
	require.ErrorContains(t, b.SetWeights(spoilt), `statistic 0 is "n0.mean", not "x"`)
	require.Equal(t, a.Weights(), b.Weights())
}
