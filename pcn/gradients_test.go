package pcn

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn/internal/golden"
	"github.com/gopcn/gopcn/pcn/internal/reference"
)

// Unless weights move while relaxing, the gradients of a batch are those that a
// step hands to its optimiser, to the bit, and asking for them changes nothing.
func TestGradientsAreThoseOfAStep(t *testing.T) {
	for netName, net := range testNetworks() {
		for rule, cfg := range ruleConfigs() {
			t.Run(netName+"/"+rule, func(t *testing.T) {
				if cfg.Precision.EveryLevel {
					cfg.Steps = net.Levels() + 2
				}
				cfg.NormUnfrozen = true
				asked, plain := startTrainer(t, net, cfg, allShortcuts), startTrainer(t, net, cfg, allShortcuts)
				for batch := range fewer(net, 3) {
					b := randomBatch(net, cfg.Batch, batch)
					before := asked.Snapshot()
					got := asked.Gradients(b)
					require.Equal(t, before, asked.Snapshot())
					require.Equal(t, plain.Step(b), asked.Step(b))
					for i, p := range plain.params {
						require.Equal(t, p.shape, got[i].Shape)
						if cfg.Rule != IPC {
							require.Equal(t, p.tensor(p.grad), got[i])
						}
					}
					require.Equal(t, plain.Snapshot(), asked.Snapshot())
				}
			})
		}
	}
}

// Those of incremental networks are the sum over the steps at weights that stay:
// in the reference, with the learning rate 0.
func TestIncrementalGradientsAgreeWithTheReference(t *testing.T) {
	for name, net := range testNetworks() {
		t.Run(name, func(t *testing.T) {
			cfg := ruleConfigs()["ipc skip"]
			cfg.Precision = Spiking(0.1)
			cfg.Optimizer = Optimizer{Kind: SGD, Rate: Constant(0)}
			tr := startTrainer(t, net, cfg, allShortcuts)
			b := randomBatch(net, cfg.Batch, 3)
			ph := referenceBatch(t, tr, b).Phases[0]
			updates := []*reference.UpdateTrace{}
			for _, s := range ph.Steps {
				updates = append(updates, s.Update)
			}
			if ph.SettledUpdate != nil {
				updates = append(updates, ph.SettledUpdate)
			}
			tol := golden.Tolerance{Rel: 5e-4, Abs: 1e-6}
			if net.normalised() {
				tol = golden.Tolerance{Rel: 3e-3, Abs: 5e-5}
			}
			for _, g := range tr.Gradients(b) {
				want := updates[0].WeightGrad[g.Name]
				for _, u := range updates[1:] {
					for k, v := range u.WeightGrad[g.Name].Data {
						want.Data[k] += v
					}
				}
				requireClose(t, g.Name, want, widenTensor(g), tol)
			}
		})
	}
}

// A relaxation can be looked at without training.
func TestGradientsAreTraced(t *testing.T) {
	for _, rule := range []string{"s+fu", "ipc"} {
		cfg := ruleConfigs()[rule]
		net := chain(kernels.GELU, 6, 9, 17, 8, 4)
		tr := startTrainer(t, net, cfg, allShortcuts)
		tr.WatchTrace(true)
		tr.Gradients(randomBatch(net, cfg.Batch, 1))
		got := tr.Trace()
		require.NotNil(t, got)
		if rule == "s+fu" {
			tr.Step(randomBatch(net, cfg.Batch, 1))
			require.Equal(t, got, tr.Trace())
		}
	}
}
