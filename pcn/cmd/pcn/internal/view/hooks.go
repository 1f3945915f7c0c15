package view

import (
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

// Hooks make the hub see the batches of a run, and the relaxation of the last
// batch of each epoch. The run's log should write its events to the hub as
// well.
func (h *Hub) Hooks(epochs int) run.Hooks {
	var trainer *pcn.Trainer
	return run.Hooks{
		Start: func(t *pcn.Trainer) { trainer = t },
		Batch: func(epoch, done, of int, s pcn.Stats) {
			seed := trainer.Config().Seed
			h.Batch(Batch{
				Seed: seed, Epoch: epoch, Epochs: epochs, Done: done, Batches: of,
				Samples: s.Samples, Correct: s.Correct, Loss: s.Loss,
			})
			if done == of {
				if trace := trainer.Trace(); trace != nil {
					h.Relaxation(seed, epoch, perSample(trace))
				}
			}
			trainer.WatchTrace(done%of == of-1) // the next batch ends an epoch
		},
	}
}

// perSample is the energy of each step and level of a trace, per sample.
func perSample(trace *pcn.Trace) [][]float64 {
	for _, levels := range trace.Energy {
		for l := range levels {
			levels[l] /= float64(trace.Samples)
		}
	}
	return trace.Energy
}
