package pcn

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
)

// Outside, weights are [out, in, height, width] and the columns of a dense layer
// behind a Flatten count channel, height, width; inside, channels are
// neighbours.
func TestLayoutOfImageParameters(t *testing.T) {
	b := NewBuilder(Image(2, 3, 2))
	n := b.Node("n", []int{Input}, Conv2D(2, 2, 1, 0, true), BatchNorm())
	b.Node("out", []int{n}, Flatten(), Dense(3, false))
	tr := startTrainer(t, mustBuild(b), testConfig(), allShortcuts)
	list := tr.Parameters()
	require.Equal(t, InitialParameters(tr.net, 7, 1.5), list)
	var names []string
	for _, p := range list {
		names = append(names, p.Name)
	}
	require.Equal(t, []string{"n.W", "n.b", "n.gamma", "n.beta", "out.W"}, names)
	require.Equal(t, []int{2, 2, 2, 2}, list[0].Shape)
	require.Equal(t, []int{3, 4}, list[4].Shape)
	require.Equal(t, []float32{1, 1}, list[2].Data)
	require.Equal(t, []float32{0, 0}, list[3].Data)
	for _, v := range list[0].Data {
		require.LessOrEqual(t, math.Abs(float64(v)), 1.5/math.Sqrt(8)+1e-6)
	}
	for i := range list[4].Data {
		list[4].Data[i] = float32(i)
	}
	for i := range list[0].Data {
		list[0].Data[i] = float32(i)
	}
	require.NoError(t, tr.SetParameters(list))
	require.Equal(t, list, tr.Parameters())
	require.Equal(t, []float32{8, 12, 9, 13, 10, 14, 11, 15}, tr.params[0].value.Row(1), "kernel row, kernel column, channel")
	require.Equal(t, []float32{0, 2, 1, 3}, tr.params[4].value.Row(0), "width, channel")
	requireFreshPacks(t, tr)
}

func TestStatistics(t *testing.T) {
	net := convolutional(kernels.Tanh, true)
	cfg := testConfig()
	cfg.Norm = NormEMA
	a, b := startTrainer(t, net, cfg, allShortcuts), startTrainer(t, net, cfg, allShortcuts)
	start := a.Statistics()
	require.False(t, start.Moved)
	require.Equal(t, "n0.mean", start.Tensors[0].Name)
	require.Equal(t, "n0.var", start.Tensors[1].Name)
	require.Equal(t, []float32{0, 0, 0, 0, 0}, start.Tensors[0].Data)
	require.Equal(t, []float32{1, 1, 1, 1, 1}, start.Tensors[1].Data)

	batch := randomBatch(net, cfg.Batch, 1)
	a.Step(batch)
	moved := a.Statistics()
	require.True(t, moved.Moved)
	require.NotEqual(t, start.Tensors, moved.Tensors)
	a.Evaluate(batch)
	require.Equal(t, moved, a.Statistics(), "evaluation moves nothing")

	// Another trainer goes on from there.
	require.NoError(t, b.SetParameters(a.Parameters()))
	require.NoError(t, b.SetStatistics(moved))
	a.Step(batch)
	b.Step(batch)
	require.Equal(t, a.Digest(), b.Digest())
	require.Equal(t, a.Statistics(), b.Statistics())

	before := b.Statistics()
	require.ErrorContains(t, b.SetStatistics(Statistics{}), "0 tensors for 8 statistics")
	moved.Tensors[2].Name = "x"
	require.ErrorContains(t, b.SetStatistics(moved), `statistic 2 is "n1.mean", not "x"`)
	require.Equal(t, before, b.Statistics())
}

// Everybody who waits at a barrier goes on when the last one has come, round
// after round.
func TestBarrier(t *testing.T) {
	const workers, rounds = 5, 300
	var b barrier
	b.wake.L = &b.lock
	counts := make([][]int, workers)
	pool := kernels.NewPool(workers)
	defer pool.Close()
	shared := make([]int, workers)
	pool.Run(taskFunc(func(w, _ int) {
		for range rounds {
			shared[w]++
			b.wait(workers)
			sum := 0
			for _, v := range shared {
				sum += v
			}
			counts[w] = append(counts[w], sum)
			b.wait(workers)
		}
	}))
	for _, list := range counts {
		for round, sum := range list {
			require.Equal(t, workers*(round+1), sum)
		}
	}
}

type taskFunc func(worker, workers int)

func (f taskFunc) Run(worker, workers int) { f(worker, workers) }
