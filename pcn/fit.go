package pcn

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gopcn/gopcn/pcn/data"
)

// FitOptions are the settings of [Fit].
type FitOptions struct {
	// Epochs is how many times the training set is seen, those of an earlier
	// run included.
	Epochs int

	// Start is where an earlier run stopped; its zero value is the beginning.
	// With the trainer restored to the same moment, the rest is the same to the
	// bit: shuffling and augmentation depend on the seed and on the epoch's
	// number only.
	Start Progress

	// Augment changes the training images at random.
	Augment data.Augment

	// Validation and Test, if set, are evaluated after every epoch.
	Validation, Test *data.Set

	// Energies asks for the energy of each level in the last batch of an epoch.
	Energies bool

	// OnBatch, if set, is called after every batch with the number of batches
	// done and in all, and with what its step told. Its time counts as training.
	OnBatch func(done, batches int, s Stats)

	// OnEpoch, if set, is called after every epoch. An error ends the run: Fit
	// returns it, or nil for [ErrStop].
	OnEpoch func(Epoch) error

	// OnProgress, if set, is called wherever a run can be taken up again: after
	// every batch, for an epoch's last one when OnEpoch has returned. It is the
	// place to save the trainer and the progress together; when the context or
	// ErrStop ends the run, both are still what they were in the latest call. Its
	// time is no training. An error ends the run as one of OnEpoch does.
	OnProgress func(Progress) error
}

// ErrStop ends a run early, without error, when OnEpoch or OnProgress returns it.
var ErrStop = errors.New("pcn: stop")

// Epoch is what happened in one epoch.
type Epoch struct {
	Epoch int

	// Samples is the number of samples trained on: those of a last partial
	// batch are left out.
	Samples int

	// Loss per sample and Accuracy, from 0 to 1, come from the forward passes
	// of the batches, each before its weight update.
	Loss, Accuracy float64

	// Training is the time spent in training steps, filling x included, and
	// SamplesPerSecond what follows from it.
	Training         time.Duration
	SamplesPerSecond float64

	// Rate is the learning rate of the next optimiser step.
	Rate float64

	// Energies are those of [Trainer.Energies], if asked for.
	Energies []float64

	// Validation and Test are nil without such a set.
	Validation, Test *Stats
}

// Accuracy returns the share of correct samples, from 0 to 1.
func (s Stats) Accuracy() float64 {
	if s.Samples == 0 {
		return 0
	}
	return float64(s.Correct) / float64(s.Samples)
}

// Fit trains for a number of epochs and returns what happened in each, from that
// of Start on. The order of an epoch's samples is data.Order of the trainer's
// seed and the epoch; a last partial batch is dropped. It stops at once when the
// context ends, and with a [DivergedError] when the loss is no longer finite.
func Fit(ctx context.Context, t *Trainer, train *data.Set, o FitOptions) ([]Epoch, error) {
	if train == nil {
		return nil, errors.New("pcn: there is no training set")
	}
	if err := t.checkSets(train, o.Validation, o.Test); err != nil {
		return nil, err
	}
	f := &fit{t: t, options: &o, batches: train.Len() / t.cfg.Batch, at: o.Start}
	if f.batches == 0 {
		return nil, fmt.Errorf("pcn: %d training samples are less than one batch of %d: lower Batch", train.Len(), t.cfg.Batch)
	}
	if err := f.at.check(f.batches, t.cfg.Batch); err != nil {
		return nil, err
	}
	f.order = make([]int32, train.Len())
	f.batch = data.Batch{Set: train, Augment: o.Augment, Seed: t.cfg.Seed}
	for f.at.Epoch < o.Epochs {
		if err := f.epoch(ctx); errors.Is(err, ErrStop) {
			break
		} else if err != nil {
			return f.history, err
		}
	}
	return f.history, nil
}

// fit is a run of Fit.
type fit struct {
	t       *Trainer
	options *FitOptions
	batches int
	at      Progress
	history []Epoch
	order   []int32
	batch   data.Batch
}

// epoch trains what is left of an epoch and reports it.
func (f *fit) epoch(ctx context.Context) error {
	if err := f.train(ctx); err != nil {
		return err
	}
	e := f.result()
	f.history = append(f.history, e)
	f.at = Progress{Epoch: e.Epoch + 1}
	var stop error
	if f.options.OnEpoch != nil {
		if stop = f.options.OnEpoch(e); stop != nil && !errors.Is(stop, ErrStop) {
			return stop
		}
	}
	return cmp.Or(f.progress(), stop)
}

// train goes through what is left of an epoch's batches.
func (f *fit) train(ctx context.Context) error {
	t := f.t
	data.Order(f.order, t.cfg.Seed, f.at.Epoch)
	f.batch.Epoch = f.at.Epoch
	defer t.WatchEnergies(false)
	guard := guard{f: f}
	for b := f.at.Batch; b < f.batches; b++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if guard.kept.Parameters == nil || b%guardBatches == 0 {
			if err := guard.keep(b); err != nil {
				return err
			}
		}
		start := time.Now()
		if b == f.batches-1 {
			t.WatchEnergies(f.options.Energies)
		}
		f.load(b)
		stats := t.Step(&f.batch)
		if err := guard.check(b, stats); err != nil {
			return err
		}
		if f.options.OnBatch != nil {
			f.options.OnBatch(b+1, f.batches, stats)
		}
		f.at.add(stats, time.Since(start))
		if b < f.batches-1 {
			if err := f.progress(); err != nil {
				return err
			}
		}
	}
	return guard.look(f.batches)
}

// load makes a batch of the epoch the next one.
func (f *fit) load(b int) {
	size := f.t.cfg.Batch
	f.batch.Places = f.order[b*size : (b+1)*size]
}

func (f *fit) progress() error {
	if f.options.OnProgress == nil {
		return nil
	}
	return f.options.OnProgress(f.at)
}

// result is what happened in an epoch whose batches are done.
func (f *fit) result() Epoch {
	t, p := f.t, &f.at
	e := Epoch{
		Epoch: p.Epoch, Samples: p.Samples, Training: p.Training,
		Loss:             p.Loss / float64(p.Batch),
		Accuracy:         float64(p.Correct) / float64(p.Samples),
		SamplesPerSecond: float64(p.Samples) / p.Training.Seconds(),
		Rate:             t.cfg.Optimizer.Rate.At(t.updater.count),
	}
	if f.options.Energies && t.cfg.Rule != BP {
		e.Energies = t.Energies()
	}
	e.Validation, e.Test = f.evaluate(f.options.Validation), f.evaluate(f.options.Test)
	return e
}

func (f *fit) evaluate(set *data.Set) *Stats {
	if set == nil {
		return nil
	}
	s := f.t.Evaluate(set)
	return &s
}

// checkSets says whether sets fit the network.
func (t *Trainer) checkSets(sets ...*data.Set) error {
	for _, s := range sets {
		if s == nil {
			continue
		}
		switch classes := t.net.Classes(); {
		case s.Features() != t.net.Input.Len():
			return fmt.Errorf("pcn: images of %q have %d values, the network's input %d", s.Name, s.Features(), t.net.Input.Len())
		case s.Classes > classes:
			return fmt.Errorf("pcn: %q has %d classes, the network %d outputs", s.Name, s.Classes, classes)
		}
		if err := s.Check(); err != nil {
			return err
		}
	}
	return nil
}
