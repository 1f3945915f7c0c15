package pcn

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
)

func TestWork(t *testing.T) {
	work := func(net *Network, change func(*Config)) Work {
		cfg := testConfig()
		change(&cfg)
		return startTrainer(t, net, cfg, allShortcuts).Work(1)
	}
	net := chain(kernels.Tanh, 10, 6, 5, 4) // 60, 30 and 20 terms, 50 of them with feedback
	require.Equal(t, Work{2 * (110 + 50 + 110), 2 * (110 + 50 + 110)}, work(net, func(c *Config) { c.Rule = BP }))
	// Step 0: the output's error is known, its feedback moves level 1. Step 1:
	// feedback to both, the output predicted; level 1's prediction is known. Step
	// 2: both predicted.
	forward := 110 + 20 + (20 + 20 + 30) + (50 + 50) + 110
	require.Equal(t, Work{2 * float64(forward), 2 * (110 + 3*(110+50) + 220)}, work(net, func(c *Config) { c.Update = Forward }))
	settled := forward + 50
	require.Equal(t, 2*float64(settled), work(net, func(c *Config) {}).Necessary)
	centred := 110 + 2*(settled-110)
	require.Equal(t, 2*float64(centred), work(net, func(c *Config) { c.Nudge, c.Beta = NudgeCentred, 1 }).Necessary)

	b := NewBuilder(Image(4, 4, 1))
	n := b.Node("n", []int{Input}, Conv2D(3, 3, 1, 1, true))
	b.Node("out", []int{n}, Flatten(), Dense(2, true))
	image := mustBuild(b)
	inside, all, dense := 10*10*3, 16*9*3, 96 // 10 of 12 taps along a side
	require.Equal(t, Work{2 * float64(2*inside+3*dense), 2 * float64(2*all+3*dense)}, work(image, func(c *Config) { c.Rule = BP }))

	// Where the activation comes first, the weights alone need no error behind
	// their own layer.
	b = NewBuilder(Features(4))
	n = b.Node("n", []int{Input}, Dense(3, false))
	b.Node("out", []int{n}, Activate(kernels.Tanh), Dense(2, false))
	first := mustBuild(b) // 12 and 6 terms
	require.Equal(t, 2*float64(12+6+6+(12+6)), work(first, func(c *Config) { c.Rule = BP }).Necessary)
	require.Equal(t, 2*float64(12+6+2*6+6+(12+6)), work(first, func(c *Config) { c.Update, c.Steps = Forward, 2 }).Necessary)

	cfg := testConfig()
	small := startTrainer(t, image, cfg, allShortcuts)
	cfg.Batch *= 2
	require.Greater(t, startTrainer(t, image, cfg, allShortcuts).Memory(), small.Memory())
}
