package reference

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func adamRule(skip SkipZero) WeightRule {
	return WeightRule{
		Kind: AdamW, Rate: Constant(0.1), Beta1: 0.9, Beta2: 0.999, Eps: 1e-8,
		WeightDecay: 0.5, SkipZero: skip,
	}
}

// drive makes steps with the given gradients of one parameter that starts at 1
// and returns where it was after each.
func drive(rule WeightRule, grads ...float64) []float64 {
	w := Tensors{"w": {Shape: []int{1}, Data: []float64{1}}}
	o := NewOptimizer(rule)
	var path []float64
	for _, g := range grads {
		o.Step(w, Tensors{"w": {Shape: []int{1}, Data: []float64{g}}})
		path = append(path, w["w"].Data[0])
	}
	return path
}

func TestSGD(t *testing.T) {
	rule := WeightRule{Kind: SGD, Rate: Constant(0.1), Momentum: 0.5, SkipZero: SkipOff}
	require.InDeltaSlice(t, []float64{0.8, 0.5, 0.35}, drive(rule, 2, 2, 0), 1e-12)
	rule.Nesterov = true
	require.InDeltaSlice(t, []float64{0.7, 0.35}, drive(rule, 2, 2), 1e-12)

	// A skipped tensor stays, but its velocity decays unless it is kept whole.
	rule.Nesterov = false
	rule.SkipZero = SkipUpdate
	require.InDeltaSlice(t, []float64{0.8, 0.8, 0.55}, drive(rule, 2, 0, 2), 1e-12)
	rule.SkipZero = SkipFull
	require.InDeltaSlice(t, []float64{0.8, 0.8, 0.5}, drive(rule, 2, 0, 2), 1e-12)
}

func TestAdamFirstStepIsTheRate(t *testing.T) {
	rule := adamRule(SkipOff)
	rule.Kind = Adam
	require.InDelta(t, 0.9, drive(rule, 1e-3)[0], 1e-5)
	require.InDelta(t, 1.1, drive(rule, -40)[0], 1e-9)
	rule.Kind = AdamW // and decays by 0.1 * 0.5 of the old value
	require.InDelta(t, 0.85, drive(rule, 1)[0], 1e-8)
}

func TestSkipZero(t *testing.T) {
	off := drive(adamRule(SkipOff), 0, 1, 0, 1)
	update := drive(adamRule(SkipUpdate), 0, 1, 0, 1)
	full := drive(adamRule(SkipFull), 0, 1, 0, 1)
	never := drive(adamRule(SkipOff), 1, 1)

	require.InDelta(t, 0.95, off[0], 1e-15, "decay alone")
	require.Equal(t, []float64{1, update[1]}, []float64{update[0], update[2]})
	require.Equal(t, []float64{1, never[0], never[0], never[1]}, full,
		"as if the steps without gradient had not been")
	require.NotEqual(t, full[1], update[1], "the bias correction counts them")
}

func TestLearningRateCountsSkippedSteps(t *testing.T) {
	rule := adamRule(SkipFull)
	rule.Rate = WarmupCosine{Init: 1, Peak: 3, WarmupSteps: 2, DecaySteps: 4, End: 1, Exponent: 1}
	o := NewOptimizer(rule)
	zero := Tensors{"w": NewTensor(2)}
	var rates []float64
	for range 6 {
		rates = append(rates, o.Step(zero, zero))
	}
	require.InDeltaSlice(t, []float64{1, 2, 3, 2, 1, 1}, rates, 1e-12)
	require.Equal(t, 6, o.Count())
}
