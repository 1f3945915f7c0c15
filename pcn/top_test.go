package pcn

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
)

// With the top levels learning alone, the parameters below stay what they are,
// and those of the top get, as long as no weight has moved, the gradients that
// they get when all levels learn.
func TestOnlyTheTopLearns(t *testing.T) {
	for netName, net := range testNetworks() {
		for rule, cfg := range ruleConfigs() {
			if cfg.Precision.EveryLevel {
				cfg.Steps = net.Levels() + 2
			}
			for _, top := range []int{1, net.Levels() / 2} {
				t.Run(netName+"/"+rule, func(t *testing.T) {
					full := startTrainer(t, net, cfg, allShortcuts)
					cfg := cfg
					cfg.TrainTop = top
					tr := startTrainer(t, net, cfg, allShortcuts)
					start := tr.Parameters()
					b := randomBatch(net, cfg.Batch, 0)
					tr.Step(b)
					full.Step(b)
					if cfg.Rule != IPC {
						requireSameTopGradients(t, full, tr)
						require.Equal(t, full.Statistics(), tr.Statistics(), "running statistics move at all levels")
					}
					for batch := uint64(1); batch < fewer(net, 4); batch++ {
						tr.Step(randomBatch(net, cfg.Batch, batch))
					}
					requireOnlyTopMoved(t, tr, start)
					require.LessOrEqual(t, tr.Work(1).Necessary, full.Work(1).Necessary)
				})
			}
		}
	}
}

func requireSameTopGradients(t *testing.T, full, top *Trainer) {
	for i := range full.nodes {
		for k := range full.nodes[i].stages {
			want, got := full.nodes[i].stages[k].params(), top.nodes[i].stages[k].params()
			for j := range want {
				if got[j].frozen {
					require.Zero(t, got[j].steps)
					continue
				}
				require.Equal(t, want[j].tensor(want[j].grad), got[j].tensor(got[j].grad))
				require.Equal(t, want[j].tensor(want[j].value), got[j].tensor(got[j].value))
			}
		}
	}
}

func requireOnlyTopMoved(t *testing.T, tr *Trainer, start []Tensor) {
	below := 0
	for i, p := range tr.params {
		if p.frozen {
			below++
			require.Equal(t, start[i], p.tensor(p.value))
		} else if len(p.shape) > 1 { // norms cancel the biases that feed them
			require.NotEqual(t, start[i], p.tensor(p.value), p.name)
		}
	}
	require.Positive(t, below)
}

// What is left out when the top learns alone changes nothing either.
func TestShortcutsChangeNothingAtTheTop(t *testing.T) {
	for netName, net := range testNetworks() {
		for rule, cfg := range ruleConfigs() {
			if cfg.Rule == BP {
				continue
			}
			if cfg.Precision.EveryLevel {
				cfg.Steps = net.Levels() + 2
			}
			cfg.TrainTop = 2
			fast := trainedDigest(t, net, cfg, allShortcuts)
			for name, use := range without(cfg) {
				t.Run(netName+"/"+rule+"/"+name, func(t *testing.T) {
					require.Equal(t, fast, trainedDigest(t, net, cfg, use))
				})
			}
			cfg.Workers = 3
			require.Equal(t, fast, trainedDigest(t, net, cfg, allShortcuts))
		}
	}
}

// Backpropagation takes errors no further down than they are of use.
func TestBackpropOfTheTop(t *testing.T) {
	net := chain(kernels.Tanh, 6, 5, 5, 5, 4)
	cfg := backpropConfig()
	require.Len(t, startTrainer(t, net, cfg, allShortcuts).plan.back, 4)
	all := startTrainer(t, net, cfg, allShortcuts).Work(1).Necessary
	cfg.TrainTop = 2
	tr := startTrainer(t, net, cfg, allShortcuts)
	require.Equal(t, []backPlan{{3, true, 0}, {2, false, 0}}, tr.plan.back)
	forward := 30 + 25 + 25 + 20
	require.Equal(t, 2.0*float64(forward+20+25+20), tr.Work(1).Necessary) // forward, 2 gradients, feedback
	require.Less(t, tr.Work(1).Necessary, all)
}

func TestTrainTopIsChecked(t *testing.T) {
	net := chain(kernels.Tanh, 6, 5, 4)
	for top, ok := range map[int]bool{-1: false, 0: true, 1: true, 2: true, 3: false} {
		cfg := backpropConfig()
		cfg.TrainTop = top
		if ok {
			require.NoError(t, cfg.Check(net))
		} else {
			require.ErrorContains(t, cfg.Check(net), "TrainTop is")
		}
	}
	cfg := testConfig()
	require.Equal(t, 2, startTrainer(t, net, cfg, allShortcuts).Config().TrainTop)

	// Levels that do not learn need not be reached.
	net = chain(kernels.Tanh, 6, 5, 5, 5, 4)
	cfg.Steps, cfg.LatentRate = 2, 0.5
	require.Len(t, cfg.Warnings(net), 1)
	cfg.TrainTop = 3
	require.Contains(t, cfg.Warnings(net)[0], "level 1 takes part in no relaxation step")
	cfg.TrainTop = 2
	require.Empty(t, cfg.Warnings(net))
}
