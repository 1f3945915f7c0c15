package run

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

// Hooks are called while a task trains, if set. They are called by the
// goroutine that called Train, and their time counts as training.
type Hooks struct {
	// Start is called before the first step. The trainer may be looked at in
	// later hooks too, until Train returns.
	Start func(*pcn.Trainer)

	// Batch is called after every batch with what its step told; epochs count
	// from 1.
	Batch func(epoch, done, of int, s pcn.Stats)

	// Epoch is called after every epoch. An error ends training.
	Epoch func(EpochEvent) error
}

// A Result is what training with one seed came to.
type Result struct {
	Seed     uint64
	Test     float64    // accuracy after the last epoch, from 0 to 1; NaN without a test set
	Best     *BestEvent // the epoch that was best on the validation set, nil without one; see BestEvent for the paper's protocol
	Seconds  float64    // of everything
	Samples  int        // trained on, counting each as often as it was seen
	Training time.Duration
	Digest   [sha256.Size]byte // of the parameters, see pcn.Digest
}

// An InterruptedError says how far training came before its context ended. It
// is cli.ErrInterrupted.
type InterruptedError struct {
	Epoch   int // the one that was not finished, from 1 on
	Batches int // done of it
}

func (e *InterruptedError) Error() string {
	return fmt.Sprintf("interrupted after %d batches of epoch %d", e.Batches, e.Epoch)
}

// Unwrap returns cli.ErrInterrupted.
func (e *InterruptedError) Unwrap() error { return cli.ErrInterrupted }

// Train trains with one seed and keeps nothing in files. It ends early with an
// InterruptedError when the context ends, and with an error that says where it
// began when values are no longer finite.
func (t *Task) Train(ctx context.Context, seed uint64, hooks Hooks) (Result, error) {
	return t.train(ctx, seed, hooks, nil)
}

// A seedRun is the training with one seed.
type seedRun struct {
	*Task
	hooks   Hooks
	trainer *pcn.Trainer
	saver   *saver // nil to keep nothing
	began   time.Time
	earlier float64 // seconds of earlier sittings

	at      pcn.Progress // after the latest batch
	epoch   int          // the one under way, from 1 on
	batches int          // done of it

	result Result
}

// train is Train with a saver, from where an earlier sitting stopped.
func (t *Task) train(ctx context.Context, seed uint64, hooks Hooks, s *saver) (Result, error) {
	r := &seedRun{Task: t, hooks: hooks, saver: s, began: time.Now(), result: Result{Seed: seed}}
	if s != nil && s.leftState != nil {
		if s.leftState.Done {
			result, err := s.leftState.result(seed)
			if err != nil {
				return result, err
			}
			return result, s.resume()
		}
		r.takeOver(s.at, s.leftState)
	}
	r.epoch, r.batches = r.at.Epoch+1, r.at.Batch
	var err error
	if r.trainer, err = t.NewTrainer(seed); err != nil {
		return Result{}, err
	}
	defer r.trainer.Close()
	if s == nil {
		err = t.initialise(r.trainer, nil)
	} else if s.leftState == nil {
		err = t.initialise(r.trainer, s.folder)
	}
	if err != nil {
		return Result{}, err
	}
	if s != nil {
		if err := s.begin(r.trainer); err != nil {
			return Result{}, err
		}
	}
	if hooks.Start != nil {
		hooks.Start(r.trainer)
	}
	return r.run(ctx)
}

// takeOver goes on from where an earlier sitting stopped.
func (r *seedRun) takeOver(at pcn.Progress, s *state) {
	r.at, r.earlier = at, s.Seconds
	r.result.Best, r.result.Samples, r.result.Training = s.Best, s.Samples, s.Training
}

func (r *seedRun) run(ctx context.Context) (Result, error) {
	epochs := r.Settings.Epochs
	if r.at.Batch == 0 && r.exhausted(r.at.Epoch) { // an earlier sitting ended here, and had no time to say so
		epochs = r.at.Epoch
	}
	_, err := pcn.Fit(ctx, r.trainer, r.Data.Train, pcn.FitOptions{
		Epochs:     epochs,
		Start:      r.at,
		Augment:    r.Augmentation(),
		Validation: r.judges(),
		Energies:   true,
		OnBatch:    r.onBatch,
		OnEpoch:    r.onEpoch,
		OnProgress: r.onProgress,
	})
	if err != nil {
		return Result{}, r.failure(err)
	}
	r.result.Test = r.testAccuracy()
	r.result.Digest = r.trainer.Digest()
	r.result.Seconds = r.seconds()
	if r.saver == nil {
		return r.result, nil
	}
	done := r.state()
	done.Done, done.Seconds = true, r.result.Seconds
	done.Test, done.Weights = cli.Number(r.result.Test), hex.EncodeToString(r.result.Digest[:])
	return r.result, r.saver.save(r.trainer, r.at, done)
}

// seconds are those of this and of earlier sittings.
func (r *seedRun) seconds() float64 { return r.earlier + time.Since(r.began).Seconds() }

// state is what a checkpoint notes now.
func (r *seedRun) state() state {
	return state{Best: r.result.Best, Samples: r.result.Samples, Training: r.result.Training, Seconds: r.seconds()}
}

func (r *seedRun) testAccuracy() float64 {
	if r.Data.Test == nil {
		return math.NaN()
	}
	return r.trainer.Evaluate(r.Data.Test).Accuracy()
}

func (r *seedRun) onBatch(done, batches int, s pcn.Stats) {
	r.batches = done
	if r.hooks.Batch != nil {
		r.hooks.Batch(r.epoch, done, batches, s)
	}
}

func (r *seedRun) onEpoch(e pcn.Epoch) error {
	seed := r.result.Seed
	r.result.Samples += e.Samples
	r.result.Training += e.Training
	report := EpochEvent{
		Event: "epoch", Seed: seed, Epoch: r.epoch, Epochs: r.Settings.Epochs,
		Loss: cli.Number(e.Loss), Train: cli.Number(e.Accuracy),
		Seconds: cli.Number(e.Training.Seconds()), Speed: cli.Number(e.SamplesPerSecond),
	}
	for _, energy := range e.Energies {
		report.Energy = append(report.Energy, cli.Number(energy/float64(r.Settings.Batch)))
	}
	if e.Validation != nil {
		v := cli.Number(e.Validation.Accuracy())
		best := r.result.Best
		better := best == nil || v > best.ChosenBy()
		if r.Settings.Paper {
			report.Test = &v
			if better {
				r.result.Best = &BestEvent{Event: "best", Seed: seed, Epoch: r.epoch, Test: v, Protocol: paperProtocol}
			}
		} else {
			report.Validation = &v
			if better {
				r.result.Best = &BestEvent{Event: "best", Seed: seed, Epoch: r.epoch, Validation: &v, Test: cli.Number(r.testAccuracy())}
			}
		}
		if better {
			if r.saver != nil {
				if err := r.saver.saveBest(r.trainer); err != nil {
					return err
				}
			}
		}
	}
	r.epoch++
	r.batches = 0
	if r.hooks.Epoch != nil {
		if err := r.hooks.Epoch(report); err != nil {
			return err
		}
	}
	if r.exhausted(report.Epoch) {
		return pcn.ErrStop
	}
	return nil
}

// exhausted says whether the paper's protocol ends training after so many
// epochs.
func (r *seedRun) exhausted(epochs int) bool {
	best := r.result.Best
	return r.Settings.Paper && best != nil && epochs-best.Epoch >= paperPatience
}

// onProgress is called where training can be taken up again.
func (r *seedRun) onProgress(p pcn.Progress) error {
	r.at = p
	if r.saver == nil {
		return nil
	}
	return r.saver.progress(r.trainer, p, r.state())
}

// failure says how training ended before its time. What an interrupt ends is
// saved.
func (r *seedRun) failure(err error) error {
	var d *pcn.DivergedError
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		if r.saver != nil && r.saver.at != r.at {
			if err := r.saver.save(r.trainer, r.at, r.state()); err != nil {
				return err
			}
		}
		return &InterruptedError{r.epoch, r.batches}
	case errors.As(err, &d):
		return &divergedError{fmt.Sprintf("training diverged in batch %d of epoch %d: %s; lower %s",
			d.Batch+1, d.Epoch+1, d.What, r.Settings.ratesInUse())}
	}
	return err
}

// A divergedError says in flags what pcn.ErrDiverged says in fields.
type divergedError struct{ message string }

func (e *divergedError) Error() string { return e.message }
func (e *divergedError) Unwrap() error { return pcn.ErrDiverged }

// ratesInUse names the flags that may have made training diverge.
func (s *Settings) ratesInUse() string {
	rate := fmt.Sprintf("-lr (%v)", s.Rate)
	if s.Rule == "bp" {
		return rate
	}
	return fmt.Sprintf("-latent-lr (%v) or %s", s.LatentRate, rate)
}
