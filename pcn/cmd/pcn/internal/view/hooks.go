package view

import (
	"time"

	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

// A traced batch takes up to twice as long as others. So at most one in a
// hundred is, and none sooner than this after the one before, besides the last
// of each epoch.
const (
	traceOneIn = 100
	tracePause = 5 * time.Second
)

// Hooks make the hub see the batches of a run of so many epochs, and now and
// then the relaxation of one. The run's log should write its events to the hub
// as well. They change no bit of the training.
func (h *Hub) Hooks(epochs int) run.Hooks {
	w := &watcher{hub: h, epochs: epochs}
	return run.Hooks{Start: w.start, Batch: w.batch}
}

// A watcher follows the training of one seed after the other.
type watcher struct {
	hub     *Hub
	epochs  int
	trainer *pcn.Trainer

	at      time.Time // the end of the last batch
	tracing bool      // the batch under way
	due     time.Time // when another one is worth its time
}

func (w *watcher) start(t *pcn.Trainer) { w.trainer, w.tracing = t, false }

func (w *watcher) batch(epoch, done, of int, s pcn.Stats) {
	b := Batch{
		Seed: w.trainer.Config().Seed, Epoch: epoch, Epochs: w.epochs, Done: done, Batches: of,
		Samples: s.Samples, Correct: s.Correct, Loss: s.Loss,
	}
	w.hub.Batch(b)
	now := w.hub.now()
	if w.tracing {
		if trace := w.trainer.Trace(); trace != nil {
			w.hub.Relaxation(b, perSample(trace))
		}
		w.due = now.Add(max(tracePause, traceOneIn*now.Sub(w.at)))
	}
	w.at = now
	w.tracing = done%of == of-1 || !now.Before(w.due)
	w.trainer.WatchTrace(w.tracing)
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
