package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/gopcn/gopcn/pcn"
)

// A seedRun is the training with one seed.
type seedRun struct {
	*task
	ctx     context.Context
	log     *eventLog
	seed    uint64
	trainer *pcn.Trainer

	epoch   int // the one under way, from 1 on
	batches int // done of it
	began   time.Time

	best   bestEvent
	result result
}

// result is what training with one seed came to.
type result struct {
	test, best float64 // accuracies after the last epoch and at the best one
	seconds    float64 // of everything
	samples    int     // trained on, counting each as often as it was seen
	training   time.Duration
	digest     [sha256.Size]byte
}

// run trains. The error of an interrupted run is errInterrupted.
func (r *seedRun) run() (result, error) {
	start := time.Now()
	config := r.config
	config.Seed = r.seed
	var err error
	if r.trainer, err = pcn.NewTrainer(r.net, config); err != nil {
		return result{}, err
	}
	defer r.trainer.Close()
	r.epoch, r.began = 1, time.Now()
	_, err = pcn.Fit(r.ctx, r.trainer, r.train, pcn.FitOptions{
		Epochs:     r.settings.Epochs,
		Augment:    r.settings.augmentation(),
		Validation: r.val,
		Energies:   true,
		OnBatch:    r.onBatch,
		OnEpoch:    r.onEpoch,
	})
	if err != nil {
		return result{}, r.failure(err)
	}
	r.result.test = r.testAccuracy()
	r.result.digest = r.trainer.Digest()
	r.result.seconds = time.Since(start).Seconds()
	return r.result, nil
}

func (r *seedRun) testAccuracy() float64 {
	return r.trainer.Evaluate(r.test).Accuracy()
}

func (r *seedRun) onBatch(done, batches int) {
	r.batches = done
	speed := float64(done*r.settings.Batch) / time.Since(r.began).Seconds()
	r.log.bar.update(fmt.Sprintf("epoch %d/%d", r.epoch, r.settings.Epochs), done, batches, grouped(speed)+" samples/s")
}

func (r *seedRun) onEpoch(e pcn.Epoch) error {
	r.result.samples += e.Samples
	r.result.training += e.Training
	report := epochEvent{
		Event: "epoch", Seed: r.seed, Epoch: r.epoch, Epochs: r.settings.Epochs,
		Loss: number(e.Loss), Train: number(e.Accuracy),
		Seconds: number(e.Training.Seconds()), Speed: number(e.SamplesPerSecond),
	}
	for _, energy := range e.Energies {
		report.Energy = append(report.Energy, number(energy/float64(r.settings.Batch)))
	}
	if e.Validation != nil {
		v := number(e.Validation.Accuracy())
		report.Validation = &v
		if r.best.Event == "" || v > r.best.Validation {
			r.best = bestEvent{"best", r.seed, r.epoch, v, number(r.testAccuracy())}
			r.result.best = float64(r.best.Test)
		}
	}
	r.log.emit(report)
	r.epoch++
	r.batches, r.began = 0, time.Now()
	return r.log.err
}

// failure reports how training ended before its time.
func (r *seedRun) failure(err error) error {
	switch {
	case errors.Is(err, context.Canceled):
		r.log.emit(interruptedEvent{"interrupted", r.seed, r.epoch, r.batches})
		return errInterrupted
	case errors.Is(err, pcn.ErrDiverged):
		err = fmt.Errorf("training diverged in epoch %d, after %d batches: the loss is not finite; lower %s",
			r.epoch, r.batches, r.ratesInUse())
	}
	r.log.emit(failedEvent{"failed", r.seed, withoutPackage(err.Error())})
	return err
}

// ratesInUse names the flags that may have made training diverge.
func (r *seedRun) ratesInUse() string {
	rate := fmt.Sprintf("-lr (%v)", r.settings.Rate)
	if r.settings.Rule == "bp" {
		return rate
	}
	return fmt.Sprintf("-latent-lr (%v) or %s", r.settings.LatentRate, rate)
}
