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
	"github.com/gopcn/gopcn/pcn/data"
)

// Run trains with every seed of the settings and emits all events, from start
// to done, failed or interrupted. Hooks are called besides.
func (t *Task) Run(ctx context.Context, log *Log, hooks Hooks) error {
	log.Emit(t.startEvent())
	for _, w := range t.Warnings {
		log.Emit(WarningEvent{"warning", w})
	}
	var results []Result
	for i := range t.Settings.Seeds {
		r, err := t.runSeed(ctx, log, t.Settings.Seed+uint64(i), hooks)
		if err != nil {
			return err
		}
		results = append(results, r)
	}
	if total := done("done", results...); len(results) > 1 {
		log.Emit(summary(results))
		log.Emit(TotalEvent{total})
	} else {
		log.Emit(total)
	}
	return log.Err()
}

// runSeed trains with one seed and emits its events.
func (t *Task) runSeed(ctx context.Context, log *Log, seed uint64, hooks Hooks) (Result, error) {
	began, also := time.Now(), hooks
	hooks.Batch = func(epoch, done, of int, s pcn.Stats) {
		speed := float64(done*t.Settings.Batch) / time.Since(began).Seconds()
		log.bar.Update(fmt.Sprintf("epoch %d/%d", epoch, t.Settings.Epochs), done, of, cli.Grouped(speed)+" samples/s")
		if also.Batch != nil {
			also.Batch(epoch, done, of, s)
		}
	}
	hooks.Epoch = func(e EpochEvent) error {
		log.Emit(e)
		if also.Epoch != nil {
			if err := also.Epoch(e); err != nil {
				return err
			}
		}
		began = time.Now()
		return log.Err()
	}
	r, err := t.Train(ctx, seed, hooks)
	var interrupted *InterruptedError
	switch {
	case errors.As(err, &interrupted):
		log.Emit(InterruptedEvent{"interrupted", seed, interrupted.Epoch, interrupted.Batches})
		return r, err
	case err != nil:
		log.Emit(FailedEvent{"failed", seed, cli.WithoutPackage(err.Error())})
		return r, err
	}
	if r.Best != nil {
		log.Emit(*r.Best)
	}
	if t.Settings.Seeds > 1 {
		log.Emit(RunEvent{done("run", r), seed})
	}
	return r, nil
}

func (t *Task) startEvent() StartEvent {
	return StartEvent{
		Event: "start", Settings: &t.Settings, Code: ThisCode(), Machine: t.machine(), Levels: t.Net.Levels(), Parameters: t.Parameters(),
		Train: size(t.Data.Train), Validation: size(t.Data.Val), Test: size(t.Data.Test),
	}
}

// size returns the number of images of a set that may be missing.
func size(s *data.Set) int {
	if s == nil {
		return 0
	}
	return s.Len()
}

// done sums results up as a DoneEvent of that name.
func done(name string, results ...Result) DoneEvent {
	e := DoneEvent{Event: name}
	var training time.Duration
	samples := 0
	var digests []byte
	for _, r := range results {
		e.Seconds += cli.Number(r.Seconds)
		training += r.Training
		samples += r.Samples
		digests = append(digests, r.Digest[:]...)
	}
	mean, _ := MeanStd(results, func(r Result) float64 { return r.Test })
	e.Test = mean
	e.Speed = cli.Number(float64(samples) / training.Seconds())
	if len(results) > 1 {
		hash := sha256.Sum256(digests)
		digests = hash[:]
	}
	e.Weights = hex.EncodeToString(digests)
	return e
}

func summary(results []Result) SummaryEvent {
	e := SummaryEvent{Event: "summary"}
	for _, r := range results {
		e.Seeds = append(e.Seeds, r.Seed)
	}
	e.Mean, e.Std = MeanStd(results, func(r Result) float64 { return r.Test })
	if results[0].Best != nil {
		mean, std := MeanStd(results, func(r Result) float64 { return float64(r.Best.Test) })
		e.BestMean, e.BestStd = &mean, &std
	}
	return e
}

// MeanStd returns the mean of a figure and its standard deviation, that of a
// sample: NaN for a single result.
func MeanStd[T any](results []T, figure func(T) float64) (mean, std cli.Number) {
	n := float64(len(results))
	sum, squares := 0.0, 0.0
	for _, r := range results {
		sum += figure(r)
	}
	for _, r := range results {
		d := figure(r) - sum/n
		squares += d * d
	}
	return cli.Number(sum / n), cli.Number(math.Sqrt(squares / (n - 1)))
}
