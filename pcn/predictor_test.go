package pcn

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
)

// A predictor's outputs are the trainer's, bit for bit: for any number of samples
// at once, and on every instruction tier.
func TestPredictor(t *testing.T) {
	tiers, err := kernels.Available()
	require.NoError(t, err)
	for name, net := range testNetworks() {
		t.Run(name, func(t *testing.T) {
			cfg := testConfig()
			cfg.Workers = 2
			tr := startTrainer(t, net, cfg, allShortcuts)
			for i := range uint64(2) {
				tr.Step(randomBatch(net, cfg.Batch, i))
			}
			b := randomBatch(net, 31, 5)
			want, got := kernels.NewMatrix(31, net.Classes()), kernels.NewMatrix(31, net.Classes())
			tr.Predict(want, b.X)
			check := func(p *Predictor, batch int) {
				clear(got.Data)
				p.Predict(p.NewWorkspace(batch), got, b.X)
				require.Equal(t, want, got)
			}
			p := tr.Predictor()
			require.Same(t, net, p.Network())
			for _, batch := range []int{1, 5, 31, 40} {
				check(p, batch)
			}
			for _, isa := range tiers {
				k, err := kernels.For(isa)
				require.NoError(t, err)
				p, err := NewPredictor(net, tr.Weights(), SquaredError, k)
				require.NoError(t, err)
				check(p, 12)
			}

			tr.Step(randomBatch(net, cfg.Batch, 7))
			check(p, 12) // stays what it is
			clear(got.Data)
			tr.Predict(got, b.X)
			require.NotEqual(t, want, got, "the control")
		})
	}
}

// Goroutines that predict at the same time do not disturb each other.
func TestPredictorAtTheSameTime(t *testing.T) {
	for _, net := range []*Network{chain(kernels.GELU, 6, 9, 4), convResidual(kernels.Tanh, true, true), everyOp(kernels.Tanh, true)} {
		p := startTrainer(t, net, testConfig(), allShortcuts).Predictor()
		var done sync.WaitGroup
		var disturbed atomic.Bool
		for g := range uint64(4) {
			b := randomBatch(net, 17, g)
			want, got := kernels.NewMatrix(17, net.Classes()), kernels.NewMatrix(17, net.Classes())
			p.Predict(p.NewWorkspace(17), want, b.X)
			done.Go(func() {
				ws := p.NewWorkspace(3)
				for range 10 {
					clear(got.Data)
					p.Predict(ws, got, b.X)
					if !equalRows(want, got) {
						disturbed.Store(true)
					}
				}
			})
		}
		done.Wait()
		require.False(t, disturbed.Load())
	}
}

func TestPredictorDoesNotAllocate(t *testing.T) {
	for name, net := range testNetworks() {
		for _, loss := range []Loss{SquaredError, CrossEntropy} {
			p, err := NewPredictor(net, InitialWeights(net, 0, 1), loss, nil)
			require.NoError(t, err)
			ws := p.NewWorkspace(4)
			x := randomBatch(net, 7, 1).X
			dst := kernels.NewMatrix(7, net.Classes())
			require.Zero(t, testing.AllocsPerRun(5, func() { p.Probabilities(ws, dst, x) }), name)
		}
	}
}

func TestProbabilities(t *testing.T) {
	net := chain(kernels.Tanh, 6, 5, 4)
	w := InitialWeights(net, 0, 1)
	x := randomBatch(net, 9, 1).X
	outputs, got, want := kernels.NewMatrix(9, 4), kernels.NewMatrix(9, 4), kernels.NewMatrix(9, 4)
	for _, loss := range []Loss{SquaredError, CrossEntropy} {
		p, err := NewPredictor(net, w, loss, nil)
		require.NoError(t, err)
		ws := p.NewWorkspace(9)
		p.Predict(ws, outputs, x)
		p.Probabilities(ws, got, x)
		kernels.Default().Softmax(want, outputs)
		for i := range 9 {
			var sum float64
			for _, v := range got.Row(i) {
				require.GreaterOrEqual(t, v, float32(0))
				sum += float64(v)
			}
			require.InDelta(t, 1, sum, 1e-6)
			require.Equal(t, argmax(outputs.Row(i)), argmax(got.Row(i)), "the class stays")
		}
		require.Equal(t, loss == CrossEntropy, equalRows(want, got))
	}
	for _, c := range []struct{ estimates, want []float32 }{
		{[]float32{0.5, -1, 1.5, 0}, []float32{0.25, 0, 0.75, 0}},
		{[]float32{-1, -2}, []float32{0.5, 0.5}},
	} {
		shareOut(c.estimates)
		require.Equal(t, c.want, c.estimates)
	}
}

func equalRows(a, b kernels.Matrix) bool {
	for i := range a.Rows {
		for j, v := range a.Row(i) {
			if v != b.Row(i)[j] {
				return false
			}
		}
	}
	return true
}

func TestPredictorRefuses(t *testing.T) {
	net := convolutional(kernels.Tanh, true)
	w := InitialWeights(net, 0, 1)
	_, err := NewPredictor(&Network{}, w, SquaredError, nil)
	require.ErrorContains(t, err, "no nodes")
	_, err = NewPredictor(net, w, 7, nil)
	require.ErrorContains(t, err, "unknown loss")
	_, err = NewPredictor(net, Weights{Parameters: w.Parameters}, SquaredError, nil)
	require.ErrorContains(t, err, "statistics")
	_, err = NewPredictor(net, Weights{Statistics: w.Statistics}, SquaredError, nil)
	require.ErrorContains(t, err, "parameters")

	p, err := NewPredictor(net, w, SquaredError, nil)
	require.NoError(t, err)
	other, err := NewPredictor(net, w, SquaredError, nil)
	require.NoError(t, err)
	x, dst := randomBatch(net, 3, 1).X, kernels.NewMatrix(3, net.Classes())
	ws := p.NewWorkspace(2)
	require.PanicsWithValue(t, "pcn: Predict: the workspace is of another predictor", func() { other.Predict(ws, dst, x) })
	require.Panics(t, func() { p.Predict(ws, dst.RowRange(0, 2), x) })
	require.Panics(t, func() { p.Predict(ws, kernels.NewMatrix(3, net.Classes()+1), x) })
	require.Panics(t, func() { p.Predict(ws, dst, kernels.NewMatrix(3, x.Cols-1)) })
	require.Panics(t, func() { p.NewWorkspace(0) })
	p.Predict(ws, dst, x)
}
