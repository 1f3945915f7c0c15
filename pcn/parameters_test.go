package pcn

import (
	"encoding/hex"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
)

func TestInitialParameters(t *testing.T) {
	list := InitialParameters(mixed(kernels.Tanh), 1, 2)
	var names []string
	for _, p := range list {
		names = append(names, p.Name)
	}
	require.Equal(t, []string{"n0.W", "n0.b", "n1.0.W", "n1.0.b", "n1.1.W", "same.0.W", "same.0.b", "same.1.W", "same.1.b",
		"n2b.W", "n2b.b", "n3.0.W", "n3.0.b", "n3.1.W", "n3.1.b", "n3b.W", "n3b.b", "out.W", "out.b"}, names)
	require.Equal(t, []int{7, 6}, list[0].Shape)
	require.Equal(t, []int{7}, list[1].Shape)
	require.Equal(t, []int{8, 5}, list[4].Shape)
}

// Weights fill +-gain/sqrt(fan_in) and biases +-1/sqrt(fan_in) evenly.
func TestInitialBounds(t *testing.T) {
	list := InitialParameters(chain(kernels.Tanh, 100, 3000, 2), 1, 2)
	for i, bound := range []float64{0.2, 0.1} {
		var sum, most float64
		for _, v := range list[i].Data {
			sum += float64(v)
			most = math.Max(most, math.Abs(float64(v)))
		}
		require.LessOrEqual(t, most, bound+1e-8)
		require.Greater(t, most, 0.99*bound)
		require.InDelta(t, 0, sum/float64(len(list[i].Data)), 0.03*bound)
	}
}

// The initial weights of a seed never change.
func TestInitialParametersArePinned(t *testing.T) {
	sum := Digest(InitialParameters(chain(kernels.Tanh, 784, 128, 10), 0, 1))
	require.Equal(t, "216d9316664f9015e32d248818dad87046cb70f23f78bef8713d7b2804d4989c", hex.EncodeToString(sum[:]))
	other := Digest(InitialParameters(chain(kernels.Tanh, 784, 128, 10), 1, 1))
	require.NotEqual(t, sum, other)
}

func TestDigest(t *testing.T) {
	list := []Tensor{{Data: []float32{1, 2}}, {Data: make([]float32, 3000)}}
	sum := Digest(list)
	require.Equal(t, Digest([]Tensor{{Data: append([]float32{1, 2}, make([]float32, 3000)...)}}), sum)
	list[1].Data[2999] = float32(math.Copysign(0, -1))
	require.NotEqual(t, sum, Digest(list))
	empty := Digest(nil)
	require.Equal(t, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", hex.EncodeToString(empty[:]))
}

func TestSetParameters(t *testing.T) {
	net := residual(kernels.Tanh, 1)
	tr := startTrainer(t, net, testConfig(), allShortcuts)
	require.Equal(t, Digest(InitialParameters(net, 7, 1.5)), tr.Digest())

	list := tr.Parameters()
	list[0].Data[0] = 42
	require.NotEqual(t, float32(42), tr.Parameters()[0].Data[0], "a copy")
	require.NoError(t, tr.SetParameters(list))
	requireFreshPacks(t, tr)
	list[0].Data[0] = 43
	require.Equal(t, float32(42), tr.Parameters()[0].Data[0], "a copy")

	before := tr.Digest()
	for want, change := range map[string]func([]Tensor) []Tensor{
		"tensors for":               func(l []Tensor) []Tensor { return l[1:] },
		`parameter 1 is "b0.a.W"`:   func(l []Tensor) []Tensor { l[1].Name = "x"; return l },
		"has the shape [8 6], not":  func(l []Tensor) []Tensor { l[0].Shape = []int{6, 8}; return l },
		"has 48 values, not 47":     func(l []Tensor) []Tensor { l[0].Data = l[0].Data[1:]; return l },
		`parameter 0 is "stem.W", `: func(l []Tensor) []Tensor { l[0], l[1] = l[1], l[0]; return l },
	} {
		require.ErrorContains(t, tr.SetParameters(change(tr.Parameters())), want)
	}
	require.Equal(t, before, tr.Digest())
}

func TestOptimizerState(t *testing.T) {
	net := chain(kernels.Tanh, 6, 5, 4)
	adam, sgd := ruleConfigs()["ipc full"], testConfig()
	a, s := startTrainer(t, net, adam, allShortcuts), startTrainer(t, net, sgd, allShortcuts)
	a.Step(randomBatch(net, 12, 1))
	state := a.OptimizerState()
	require.Equal(t, 3, state.Count)
	require.Len(t, state.Steps, 4)
	require.Len(t, state.First, 4)
	require.Len(t, state.Second, 4)
	require.Equal(t, []int{2, 2, 3, 3}, state.Steps, "the hidden layer's gradient is zero in the first step")
	require.Empty(t, s.OptimizerState().First)

	require.ErrorContains(t, s.SetOptimizerState(state), "4 first moments, but sgd wants 0")
	require.ErrorContains(t, a.SetOptimizerState(OptimizerState{}), "0 step counts for 4 parameters")
	negative := a.OptimizerState()
	negative.Steps[1] = -1
	require.ErrorContains(t, a.SetOptimizerState(negative), "negative step counts: 3, [2 -1 3 3]")
	state.Second[2].Name = "x"
	require.ErrorContains(t, a.SetOptimizerState(state), `parameter 2 is "out.W"`)
}
