package view

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/data"
	"github.com/gopcn/gopcn/pcn/models"
)

// watched trains a small network whose batches take so long by a hub's clock,
// and returns the digest of its weights.
func watched(t *testing.T, h *Hub, c *clock, rule pcn.Rule, batches int, each time.Duration) [32]byte {
	t.Helper()
	net, err := models.Parse("mlp:784-8-8-10", kernels.Tanh)
	require.NoError(t, err)
	config := pcn.DefaultConfig()
	config.Rule, config.Batch, config.Workers, config.Seed = rule, 10, 1, 3
	trainer, err := pcn.NewTrainer(net, config)
	require.NoError(t, err)
	defer trainer.Close()
	set, _ := data.GlyphsN(0, 10, 0)
	batch := &data.Batch{Set: set, Places: []int32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}}
	if h == nil {
		for range batches {
			trainer.Step(batch)
		}
		return trainer.Digest()
	}
	hooks := h.Hooks(1)
	hooks.Start(trainer)
	for done := 1; done <= batches; done++ {
		stats := trainer.Step(batch)
		c.advance(each)
		hooks.Batch(1, done, batches, stats)
	}
	return trainer.Digest()
}

// traced lists the batches whose relaxation a hub has seen.
func traced(t *testing.T, h *Hub) []float64 {
	t.Helper()
	var list []float64
	for _, r := range h.state(t).lists["relaxation"] {
		r := r.(map[string]any)
		require.Equal(t, 3.0, r["seed"])
		steps := r["energy"].([]any)
		require.Len(t, steps, 4, "the states around three steps")
		for _, levels := range steps {
			require.Len(t, levels, 3)
		}
		require.Equal(t, 0.0, steps[0].([]any)[0], "the error has not arrived")
		require.Greater(t, steps[0].([]any)[2], 0.0)
		list = append(list, r["batch"].(float64))
	}
	return list
}

func TestTracesOfQuickBatches(t *testing.T) {
	c := newClock()
	h := newHub(c.now)
	watched(t, h, c, pcn.PC, 1200, 10*time.Millisecond)
	require.Equal(t, []float64{2, 503, 1004, 1200}, traced(t, h), "every five seconds, and the last")
}

func TestTracesOfSlowBatches(t *testing.T) {
	c := newClock()
	h := newHub(c.now)
	watched(t, h, c, pcn.PC, 250, time.Minute)
	require.Equal(t, []float64{2, 103, 204, 250}, traced(t, h), "one in a hundred, and the last")
}

func TestBackpropagationHasNoTraces(t *testing.T) {
	c := newClock()
	h := newHub(c.now)
	watched(t, h, c, pcn.BP, 10, time.Second)
	require.NotContains(t, h.state(t).lists, "relaxation")
	require.Contains(t, h.state(t).lists, "point")
}

func TestWatchingChangesNoBit(t *testing.T) {
	c := newClock()
	require.Equal(t, watched(t, nil, c, pcn.PC, 20, 0), watched(t, newHub(c.now), c, pcn.PC, 20, time.Minute))
}
