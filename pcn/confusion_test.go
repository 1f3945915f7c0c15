package pcn

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
)

func TestConfusion(t *testing.T) {
	net := chain(kernels.Tanh, 6, 5, 4)
	tr := startTrainer(t, net, testConfig(), allShortcuts)
	b := randomBatch(net, 31, 5)
	got := tr.Confusion(b)
	require.Equal(t, tr.Evaluate(b), got.Stats)

	outputs := kernels.NewMatrix(31, 4)
	tr.Predict(outputs, b.X)
	want := [][]int{make([]int, 4), make([]int, 4), make([]int, 4), make([]int, 4)}
	for i, label := range b.Labels {
		want[label][argmax(outputs.Row(i))]++
	}
	require.Equal(t, want, got.Counts)
	var samples, correct int
	for class := range 4 {
		s := got.Class(class)
		require.Equal(t, want[class][class], s.Correct)
		samples, correct = samples+s.Samples, correct+s.Correct
	}
	require.Equal(t, 31, samples)
	require.Equal(t, got.Correct, correct)
	require.Positive(t, correct)
	require.Less(t, correct, 31)
}
