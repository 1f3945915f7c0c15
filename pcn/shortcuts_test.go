package pcn

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
)

// without lists plans that do more than they need to.
func without(cfg Config) map[string]shortcuts {
	plans := map[string]shortcuts{}
	add := func(name string, change func(*shortcuts)) {
		s := allShortcuts
		change(&s)
		plans[name] = s
	}
	add("reuse", func(s *shortcuts) { s.reuse = false })
	add("fusion", func(s *shortcuts) { s.fuse = false })
	add("skipping", func(s *shortcuts) { s.skip = false })
	if cfg.Rule != IPC || cfg.Optimizer.SkipZero != SkipOff {
		// Otherwise the weights below the wavefront move, and the wavefront is
		// part of the definition.
		add("wavefront", func(s *shortcuts) { s.front = false })
		plans["anything"] = shortcuts{}
	}
	return plans
}

// Leaving out what is known to be zero, taking forward values for predictions
// that equal them, and moving latents in a product's epilogue change no bit of
// the weights.
func TestShortcutsChangeNothing(t *testing.T) {
	for netName, net := range testNetworks() {
		for rule, cfg := range ruleConfigs() {
			if cfg.Rule == BP {
				continue
			}
			if cfg.Precision.EveryLevel {
				cfg.Steps = net.Levels() + 2
			}
			fast := trainedDigest(t, net, cfg, allShortcuts)
			for name, use := range without(cfg) {
				t.Run(fmt.Sprintf("%s/%s/without %s", netName, rule, name), func(t *testing.T) {
					require.Equal(t, fast, trainedDigest(t, net, cfg, use))
				})
			}
		}
	}
}

func trainedDigest(t *testing.T, net *Network, cfg Config, use shortcuts) string {
	tr := startTrainer(t, net, cfg, use)
	for batch := range fewer(net, 4) {
		tr.Step(randomBatch(net, cfg.Batch, batch))
	}
	return fmt.Sprintf("%x", tr.Digest())
}

// With every level taking part in every step, the errors below the wavefront
// are zero to the last bit.
func TestErrorsBelowTheWavefrontAreZero(t *testing.T) {
	for _, net := range []*Network{chain(kernels.GELU, 6, 9, 8, 7, 4), residual(kernels.SiLU, 2), mixed(kernels.Tanh),
		convolutional(kernels.GELU, false), convolutional(kernels.Tanh, true), convResidual(kernels.Tanh, true, true)} {
		cfg := testConfig()
		cfg.Steps = net.Levels()
		tr := startTrainer(t, net, cfg, shortcuts{})
		below, above := 0, 0
		tr.observe = func(e event, step int) {
			if e != afterStep {
				return
			}
			for i := range tr.nodes {
				n := &tr.nodes[i]
				var bits uint32
				for r := range n.e.Rows {
					for _, v := range n.e.Row(r) {
						bits |= math.Float32bits(v)
					}
				}
				if n.Level < net.Levels()-1-step {
					below++
					require.Zero(t, bits, "error of %s at step %d", n.Name, step)
				} else {
					above++
					require.NotZero(t, bits, "error of %s at step %d", n.Name, step)
				}
			}
		}
		tr.Step(randomBatch(net, cfg.Batch, 1))
		require.Positive(t, below)
		require.Positive(t, above)
	}
}

// The plan of a chain does no more than it has to: at step t only the levels
// the error has reached, no product for a prediction that is still the forward
// value, and none at all for a forward update.
func TestPlanOfAChain(t *testing.T) {
	net := chain(kernels.Tanh, 6, 5, 5, 5, 4)
	cfg := testConfig()
	cfg.Update = Forward
	tr := startTrainer(t, net, cfg, allShortcuts)
	type work struct{ errors, products, moves, fused int }
	var got []work
	for _, s := range tr.plan.steps {
		w := work{errors: len(s.errors), moves: len(s.moves)}
		for _, e := range s.errors {
			if !e.reuse {
				w.products++
			}
		}
		for _, m := range s.moves {
			if m.fused {
				w.fused++
			}
		}
		require.Empty(t, s.backs)
		got = append(got, w)
	}
	require.Equal(t, []work{{1, 0, 1, 1}, {2, 1, 2, 2}, {3, 2, 3, 3}, {4, 3, 3, 3}}, got)
	require.Len(t, tr.plan.final.errors, 4)
	for _, e := range tr.plan.final.errors {
		require.True(t, e.reuse)
	}
	require.True(t, tr.nodes[0].first().layer.feedback.absent(), "x gets no feedback")
}
