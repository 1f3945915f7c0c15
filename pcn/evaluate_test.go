package pcn

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
)

// Evaluation goes through any number of samples in parts of a batch and leaves
// training alone.
func TestEvaluateAndPredict(t *testing.T) {
	for name, net := range testNetworks() {
		for _, loss := range []Loss{SquaredError, CrossEntropy} {
			t.Run(name+"/"+loss.String(), func(t *testing.T) {
				cfg := testConfig()
				cfg.Loss, cfg.Workers = loss, 2
				tr := startTrainer(t, net, cfg, allShortcuts)
				b := randomBatch(net, 31, 5)
				logits := kernels.NewMatrix(31, net.Classes())
				tr.Predict(logits, b.X)

				bp := backpropConfig()
				bp.Loss = loss
				ref := twinOf(t, startTrainer(t, net, bp, allShortcuts))
				x, y := Twin.Batch(b, net)
				want, err := ref.Logits(x)
				require.NoError(t, err)
				got := tr.Evaluate(b)
				require.Equal(t, 31, got.Samples)
				if !net.normalised() {
					trained, err := ref.TrainBatch(x, y)
					require.NoError(t, err)
					require.InEpsilon(t, trained.Loss/31, got.Loss, 1e-5)
				}
				correct := 0
				for i, label := range b.Labels {
					if argmax(logits.Row(i)) == int(label) {
						correct++
					}
					for j, u := range logits.Row(i) {
						require.InDelta(t, want.Data[i*logits.Cols+j], u, 1e-5)
					}
				}
				require.Equal(t, correct, got.Correct)
				require.InDelta(t, float64(correct)/31, got.Accuracy(), 1e-12)

				other := startTrainer(t, net, cfg, allShortcuts)
				train := randomBatch(net, cfg.Batch, 6)
				require.Equal(t, other.Step(train), tr.Step(train))
				require.Equal(t, other.Digest(), tr.Digest())
			})
		}
	}
	require.Zero(t, Stats{}.Accuracy())
}

func TestEnergies(t *testing.T) {
	for rule, cfg := range ruleConfigs() {
		if cfg.Rule == BP || cfg.Precision.EveryLevel {
			continue
		}
		t.Run(rule, func(t *testing.T) {
			net := mixed(kernels.Tanh)
			watched, alone := startTrainer(t, net, cfg, allShortcuts), startTrainer(t, net, cfg, allShortcuts)
			watched.WatchEnergies(true)
			b := randomBatch(net, cfg.Batch, 5)
			require.Equal(t, alone.Step(b), watched.Step(b))
			require.Equal(t, alone.Digest(), watched.Digest(), "measuring changes nothing")
			energies := watched.Energies()
			require.Len(t, energies, net.Levels())
			reached := net.Levels() - 1 - watched.Config().Steps
			for level, e := range energies {
				if level < reached {
					require.Zero(t, e)
				} else {
					require.NotZero(t, e, "level %d", level) // nudged cross-entropy may be negative
				}
			}
			watched.Evaluate(randomBatch(net, 3, 1))
			require.Equal(t, energies, watched.Energies())
		})
	}
}

func TestStepRefusesBatchesThatDoNotFit(t *testing.T) {
	net := chain(kernels.Tanh, 4, 3, 2)
	tr := startTrainer(t, net, testConfig(), allShortcuts)
	require.PanicsWithValue(t, "pcn: 13 samples in a batch; there must be 1 to 12 (Config.Batch)",
		func() { tr.Step(randomBatch(net, 13, 1)) })
	require.Panics(t, func() { tr.Step(&Batch{}) })
	b := randomBatch(net, 3, 1)
	b.Labels[1] = 2
	require.PanicsWithValue(t, "pcn: the label 2 is not one of the network's 2 outputs", func() { tr.Step(b) })
	require.Panics(t, func() { tr.Evaluate(b) })
	require.Panics(t, func() { tr.Predict(kernels.NewMatrix(3, 2), kernels.NewMatrix(3, 5)) })
	require.Panics(t, func() { tr.Predict(kernels.NewMatrix(2, 2), kernels.NewMatrix(3, 4)) })
	require.Panics(t, func() { tr.Predict(kernels.NewMatrix(3, 1), kernels.NewMatrix(3, 4)) })
	tr.Close()
	tr.Close()
}
