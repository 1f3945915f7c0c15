package pcn

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
)

// lastStepTally is what the last relaxation step of a batch goes through memory
// for.
func lastStepTally(t *testing.T, net *Network, use shortcuts) tally {
	t.Helper()
	cfg := testConfig()
	cfg.Steps, cfg.Momentum, cfg.Nesterov = net.Levels()+2, 0.1, true
	tr := startTrainer(t, net, cfg, use)
	require.Len(t, tr.lanes, 1)
	var before, last tally
	tr.observe = func(e event, step int) {
		now := tr.lanes[0].tally
		last, before = tally{now.products - before.products, now.passes - before.passes}, now
		if e == afterStep && step == cfg.Steps-1 {
			tr.observe = nil
		}
	}
	tr.Step(randomBatch(net, cfg.Batch, 0))
	return last
}

// convChain has so many convolutions with activations between two layers.
func convChain(count int) *Network {
	b := NewBuilder(Image(6, 5, 2))
	source := b.Node("first", []int{Input}, Conv2D(3, 3, 1, 1, true), Activate(kernels.GELU))
	for i := range count {
		source = b.Node(fmt.Sprintf("n%d", i), []int{source}, Conv2D(3, 3, 1, 1, true), Activate(kernels.GELU))
	}
	b.Node("out", []int{source}, Flatten(), Dense(4, true))
	return mustBuild(b)
}

// A relaxation step on a layer is two products and nothing else: a layer more
// means two products more, and no pass over a matrix.
func TestAStepOnALayerIsTwoProducts(t *testing.T) {
	dense := func(count int) *Network {
		widths := []int{6, 5}
		for range count {
			widths = append(widths, 7)
		}
		return chain(kernels.Tanh, append(widths, 4)...)
	}
	for name, deep := range map[string]func(int) *Network{"dense": dense, "convolution": convChain} {
		t.Run(name, func(t *testing.T) {
			for count := range 4 {
				// The first layer's prediction is the forward value: it has an error, in
				// one pass, and no product. The output has its prediction and its feedback.
				require.Equal(t, tally{products: 2*count + 2, passes: 1}, lastStepTally(t, deep(count), allShortcuts))
			}
			apart := allShortcuts
			apart.fuse = false
			require.Equal(t, tally{products: 8, passes: 1 + 4}, lastStepTally(t, deep(3), apart), "the control: latents move in passes of their own")
		})
	}
}

// What cannot be fused is counted: pools and activations that come first.
func TestStepsThatNeedPasses(t *testing.T) {
	pooled := lastStepTally(t, convolutional(kernels.GELU, false), allShortcuts)
	require.Greater(t, pooled.passes, 1)
	first := lastStepTally(t, residual(kernels.GELU, 1), allShortcuts)
	require.Greater(t, first.passes, 1)
}
