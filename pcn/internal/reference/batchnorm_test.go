package reference

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// movesOf tells from a running mean how often it moved towards the same batch
// mean: running - batch shrinks by the momentum each time.
func movesOf(start, end, batch, momentum float64) float64 {
	return math.Log((end-batch)/(start-batch)) / math.Log(momentum)
}

// Frozen statistics move once a batch; unfrozen ones also at initialisation
// and in every step at which the layer's level enters, 2 + max(T-(N-1-i), 0)
// times in all. The inputs of the first layer are the same each time.
func TestHowOftenStatisticsMove(t *testing.T) {
	const momentum = 0.7
	for _, T := range []int{1, 2, 3, 4, 6} {
		for _, update := range []Update{Settled, Forward, Backprop} {
			for _, unfrozen := range []bool{false, true} {
				m := newMaker(6, 4)
				norm := m.batchNorm(5).(BatchNorm)
				norm.Momentum = momentum
				n0 := m.node(0, Main, []string{Input}, m.dense(4, 5), norm, Activation{"tanh"})
				n1 := m.node(1, Main, []string{n0}, m.dense(5, 5))
				n2 := m.node(2, Main, []string{n1}, m.dense(5, 5))
				m.node(3, Output, []string{n2}, m.dense(5, 3))
				x, y := m.batch(6)

				h := plainHyper(T)
				h.Update, h.Unfrozen = update, unfrozen
				trace := m.train(t, h, x, y)

				want := 1
				if unfrozen && update != Backprop {
					want = 2 + max(T-3, 0)
				}
				u, _ := m.net.Nodes[0].Ops[0].apply(x, &pass{params: m.params})
				mean := 0.0
				for n := range 6 {
					mean += u.Data[n*5] / 6
				}
				got := movesOf(m.stats[norm.Mean].Data[0], trace.StatsAfter[norm.Mean].Data[0], mean, momentum)
				require.InDelta(t, want, got, 1e-9, "T %d, %s, unfrozen %v", T, update, unfrozen)
			}
		}
	}
}

// Incremental training with BatchNorm moves the statistics in the settled
// update only.
func TestIncrementalMovesStatisticsOnce(t *testing.T) {
	m := convNet(true)
	x, y := m.batch(4)
	h := plainHyper(4)
	h.Update = Incremental
	h.Weights.Rate = Constant(0) // so that the first layer's inputs do not change
	frozen := m.train(t, h, x, y)
	bp := backpropHyper()
	bp.Weights.Rate = Constant(0)
	once := m.train(t, bp, x, y)

	first := m.net.Nodes[0].Ops[1].(BatchNorm)
	require.Len(t, frozen.Phases[0].Steps, 3)
	require.NotNil(t, frozen.Phases[0].SettledUpdate)
	require.Equal(t, 4, frozen.UpdateCount)
	require.Equal(t, once.StatsAfter[first.Mean], frozen.StatsAfter[first.Mean])
	require.Equal(t, once.StatsAfter[first.Var], frozen.StatsAfter[first.Var])
}

// In ema mode the first move stores the batch statistics as they are.
func TestFirstEMAMove(t *testing.T) {
	m := newMaker(7, 3)
	norm := m.batchNorm(3).(BatchNorm)
	s := NewStatistics(m.stats, EMAStatistics)
	x := tensor(t, []int{2, 3}, 1, 2, 3, 3, 6, 9)
	p := &pass{params: m.params, stats: s, move: true}

	norm.apply(x, p)
	require.Equal(t, []float64{2, 4, 6}, s.Running[norm.Mean].Data)
	require.Equal(t, []float64{1, 4, 9}, s.Running[norm.Var].Data)

	x.Data[0], x.Data[3] = 11, 13
	norm.apply(x, p)
	require.InDelta(t, 0.1*2+0.9*12, s.Running[norm.Mean].Data[0], 1e-12)
	require.NotEqual(t, m.stats[norm.Mean], s.Running[norm.Mean], "the caller's tensors stay as they are")
}
