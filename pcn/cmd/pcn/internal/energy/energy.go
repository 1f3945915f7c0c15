// Package energy looks into the relaxations of networks: at the energy, error and
// movement of each level, step by step and while they train.
package energy

import (
	"context"
	"errors"

	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

// A Report is what was seen of one or several methods.
type Report struct {
	Methods []*Method `json:"methods"`
}

// A Method is a way to train, and what was seen of it.
type Method struct {
	Label    string       `json:"method"`
	Settings run.Settings `json:"settings"`
	Levels   int          `json:"levels"`
	Batches  int          `json:"batches"` // of an epoch

	// Arrives is the relaxation step at which the error reaches each level.
	Arrives []int `json:"arrives"`

	Looks []Look `json:"looks"`

	// Test is the accuracy after training, nil without any or if it failed.
	Test *cli.Number `json:"test_accuracy,omitempty"`

	// Warnings say what is known without a look, or why training ended early.
	Warnings []string `json:"warnings"`
}

// A Look is the relaxation of one batch. [t][l] is step t and level l: for
// energies, errors and latents the state before each step and in the last row
// the one after all, for updates the steps. Energies are means over the samples,
// the others are norms, of which they are the root mean square over the samples.
type Look struct {
	// Epoch counts from 1, and so does Batch within it; both are 0 for a network
	// that was not trained here.
	Epoch int `json:"epoch"`
	Batch int `json:"batch"`

	Energy [][]cli.Number `json:"energy"`
	Error  [][]cli.Number `json:"error"`
	Latent [][]cli.Number `json:"latent"`
	Update [][]cli.Number `json:"update"`
	Moved  []cli.Number   `json:"moved"` // by all steps together

	Warnings []string `json:"warnings,omitempty"`
}

// newMethod begins the record of a task, whose rule must relax.
func newMethod(label string, t *run.Task) *Method {
	m := &Method{
		Label: label, Settings: t.Settings, Levels: t.Net.Levels(), Batches: t.Batches(), Looks: []Look{},
		Warnings: append([]string{}, t.Warnings...),
	}
	for level := range m.Levels {
		arrives := 0
		if t.Net.Layered() {
			arrives = m.Levels - 1 - level
		}
		m.Arrives = append(m.Arrives, arrives)
	}
	return m
}

// Inspect looks at one batch of a network with given weights; nil stands for
// those that training begins with. Nothing is trained.
func Inspect(label string, t *run.Task, w *pcn.Weights, batch pcn.Samples) (*Method, error) {
	m := newMethod(label, t)
	trainer, err := t.NewTrainer(t.Settings.Seed)
	if err != nil {
		return nil, err
	}
	defer trainer.Close()
	if w != nil {
		if err := trainer.SetWeights(*w); err != nil {
			return nil, err
		}
	}
	trainer.WatchTrace(true)
	trainer.Gradients(batch)
	m.look(t, trainer.Trace(), 0, 0)
	return m, nil
}

// Train trains a task whose data are loaded, and looks at its first batch and at
// each that is a multiple of every; 0 stands for the last batches of the epochs.
// Training that diverges ends early with a warning, not with an error.
func Train(ctx context.Context, label string, t *run.Task, every int, onBatch func(epoch, done, of int)) (*Method, error) {
	if every == 0 {
		every = t.Batches()
	}
	m := newMethod(label, t)
	w := &watcher{method: m, task: t, every: every, onBatch: onBatch}
	result, err := t.Train(ctx, t.Settings.Seed, run.Hooks{Start: w.start, Batch: w.batch})
	switch {
	case errors.Is(err, pcn.ErrDiverged):
		m.Warnings = append(m.Warnings, err.Error())
	case err != nil:
		return nil, err
	default:
		test := cli.Number(result.Test)
		m.Test = &test
	}
	return m, nil
}

// A watcher takes the looks while a task trains.
type watcher struct {
	method  *Method
	task    *run.Task
	every   int
	onBatch func(epoch, done, of int)

	trainer  *pcn.Trainer
	watching bool
}

func (w *watcher) start(t *pcn.Trainer) {
	w.trainer = t
	w.watch(true)
}

func (w *watcher) watch(on bool) {
	w.watching = on
	w.trainer.WatchTrace(on)
}

func (w *watcher) batch(epoch, done, of int, _ pcn.Stats) {
	if w.watching {
		w.method.look(w.task, w.trainer.Trace(), epoch, done)
	}
	next := (epoch-1)*of + done + 1
	w.watch(next%w.every == 0)
	if w.onBatch != nil {
		w.onBatch(epoch, done, of)
	}
}
