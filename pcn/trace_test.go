package pcn

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn/internal/golden"
	"github.com/gopcn/gopcn/pcn/internal/reference"
)

// levelSums adds up figures of nodes, by level.
func levelSums(net *Network, of func(n *Node) float64) []float64 {
	sums := make([]float64, net.Levels())
	for i := range net.Nodes {
		sums[net.Nodes[i].Level] += of(&net.Nodes[i])
	}
	return sums
}

func roots(squares []float64) []float64 {
	for i, v := range squares {
		squares[i] = math.Sqrt(v)
	}
	return squares
}

func squareOf(t *reference.Tensor) float64 {
	sum := 0.0
	if t != nil {
		for _, v := range t.Data {
			sum += v * v
		}
	}
	return sum
}

// wantTrace is the trace of a phase in the reference, from level start up; below
// it has zeros.
func wantTrace(net *Network, ph *reference.PhaseTrace) *Trace {
	w := &Trace{}
	latents := ph.H0.Clone()
	latents[net.Nodes[len(net.Nodes)-1].Name] = ph.OutputTarget
	for _, s := range ph.Steps {
		w.Energy = append(w.Energy, levelSums(net, func(n *Node) float64 { return s.NodeEnergy[n.Name] }))
		w.Error = append(w.Error, roots(levelSums(net, func(n *Node) float64 { return squareOf(s.Error[n.Name]) })))
		w.Latent = append(w.Latent, roots(levelSums(net, func(n *Node) float64 { return squareOf(latents[n.Name]) })))
		w.Update = append(w.Update, roots(levelSums(net, func(n *Node) float64 {
			after := s.Latents[n.Name]
			if after == nil {
				return 0
			}
			d := after.Clone()
			for k, v := range latents[n.Name].Data {
				d.Data[k] -= v
			}
			latents[n.Name] = after
			return squareOf(d)
		})))
		w.Before = append(w.Before, s.TotalEnergy)
	}
	w.Energy = append(w.Energy, levelSums(net, func(n *Node) float64 { return ph.SettledEnergy[n.Name] }))
	w.Latent = append(w.Latent, roots(levelSums(net, func(n *Node) float64 { return squareOf(latents[n.Name]) })))
	w.Moved = roots(levelSums(net, func(n *Node) float64 {
		if n.Role == Output {
			return 0
		}
		d := latents[n.Name].Clone()
		for k, v := range ph.H0[n.Name].Data {
			d.Data[k] -= v
		}
		return squareOf(d)
	}))
	return w
}

func requireRow(t *testing.T, what string, want, got []float64, tol golden.Tolerance) {
	t.Helper()
	requireClose(t, what, &reference.Tensor{Shape: []int{len(want)}, Data: want}, &reference.Tensor{Shape: []int{len(got)}, Data: got}, tol)
}

// What a trace says of each level and step is what the reference says, for every
// network and every way to relax.
func TestTracesAgreeWithTheReference(t *testing.T) {
	for netName, net := range testNetworks() {
		for rule, cfg := range ruleConfigs() {
			if cfg.Rule == BP {
				continue
			}
			t.Run(netName+"/"+rule, func(t *testing.T) {
				if cfg.Precision.EveryLevel {
					cfg.Steps = net.Levels() + 2
				}
				if cfg.Rule == IPC {
					cfg.Optimizer = Optimizer{Kind: SGD, Rate: Constant(0.05), SkipZero: cfg.Optimizer.SkipZero}
				}
				tr := startTrainer(t, net, cfg, allShortcuts)
				b := randomBatch(net, cfg.Batch, 3)
				ref := referenceBatch(t, tr, b)
				tr.WatchTrace(true)
				tr.Step(b)
				compareTraces(t, tr, ref.Phases[len(ref.Phases)-1])
			})
		}
	}
}

func compareTraces(t *testing.T, tr *Trainer, ph *reference.PhaseTrace) {
	got, want := tr.Trace(), wantTrace(tr.net, ph)
	require.Equal(t, tr.cfg.Batch, got.Samples)
	steps := len(tr.plan.steps)
	require.Len(t, got.Energy, steps+1)
	require.Len(t, got.Error, steps+1)
	require.Len(t, got.Latent, steps+1)
	require.Len(t, got.Update, steps)
	require.Len(t, got.Before, steps)
	tol := golden.Tolerance{Rel: 1e-4, Abs: 1e-6}
	if tr.net.normalised() {
		tol = golden.Tolerance{Rel: 2e-3, Abs: 1e-5}
	}
	for s := range steps {
		start := tr.plan.steps[s].start
		requireRow(t, "energy", want.Energy[s][start:], got.Energy[s][start:], tol)
		requireRow(t, "error", want.Error[s][start:], got.Error[s][start:], tol)
		requireRow(t, "latent", want.Latent[s], got.Latent[s], tol)
		requireRow(t, "update", want.Update[s], got.Update[s], tol)
		if tr.cfg.Rule != IPC || tr.cfg.Optimizer.SkipZero != SkipOff {
			require.Equal(t, make([]float64, start), got.Error[s][:start], "below the wavefront")
		}
	}
	requireRow(t, "settled energy", want.Energy[steps], got.Energy[steps], tol)
	requireRow(t, "settled latent", want.Latent[steps], got.Latent[steps], tol)
	requireRow(t, "moved", want.Moved, got.Moved, tol)
	requireRow(t, "descended", want.Before, got.Before, tol)
	require.Equal(t, 0.0, got.Update[0][tr.net.Levels()-1], "the output is clamped")
}

// A step descends its own energy: with uniform precision, all weights 1 and the
// wavefront at the bottom that is all the energy there is.
func TestTraceOfWhatAStepDescends(t *testing.T) {
	net := chain(kernels.GELU, 6, 9, 17, 8, 4)
	cfg := testConfig()
	cfg.LatentRate, cfg.Steps = 0.05, 9
	tr := startTrainer(t, net, cfg, allShortcuts)
	tr.WatchTrace(true)
	tr.Step(randomBatch(net, cfg.Batch, 1))
	trace := tr.Trace()
	for s := net.Levels() - 1; s < cfg.Steps; s++ {
		for i, got := range []float64{trace.Before[s], trace.After[s]} {
			total := 0.0
			for _, e := range trace.Energy[s+i] {
				total += e
			}
			require.InEpsilon(t, total, got, 1e-12)
		}
		require.Less(t, trace.After[s], trace.Before[s])
	}
}

// Watching changes no bit of the training, and what it sees depends on no number
// of workers.
func TestTracesChangeNothing(t *testing.T) {
	for netName, net := range testNetworks() {
		for _, rule := range []string{"s+fu", "momentum", "centred", "ipc", "ipc skip"} {
			t.Run(netName+"/"+rule, func(t *testing.T) {
				cfg := ruleConfigs()[rule]
				cfg.NormUnfrozen = true
				want := trainedDigest(t, net, cfg, allShortcuts)
				var traces []*Trace
				for _, workers := range []int{1, 3} {
					cfg.Workers = workers
					tr := startTrainer(t, net, cfg, allShortcuts)
					require.Nil(t, tr.Trace())
					tr.WatchTrace(true)
					for batch := range fewer(net, 4) {
						tr.Step(randomBatch(net, cfg.Batch, batch))
					}
					require.Equal(t, want, fmt.Sprintf("%x", tr.Digest()))
					traces = append(traces, tr.Trace())
					tr.WatchTrace(false)
					tr.Step(randomBatch(net, 5, 9))
					require.Equal(t, traces[0], tr.Trace(), "what was watched stays")
				}
				require.Equal(t, traces[0], traces[1])
			})
		}
	}
}
