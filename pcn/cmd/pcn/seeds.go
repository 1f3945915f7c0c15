package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"time"
)

// runSeeds trains with every seed and reports the results.
func (t *task) runSeeds(ctx context.Context, log *eventLog) error {
	var results []result
	var seeds []uint64
	for i := range t.settings.Seeds {
		r := &seedRun{task: t, ctx: ctx, log: log, seed: t.settings.Seed + uint64(i)}
		res, err := r.run()
		if err != nil {
			return err
		}
		if t.val != nil {
			log.emit(r.best)
		}
		if t.settings.Seeds > 1 {
			log.emit(runEvent{done("run", res), r.seed})
		}
		results, seeds = append(results, res), append(seeds, r.seed)
	}
	if total := done("done", results...); t.settings.Seeds > 1 {
		log.emit(t.summary(seeds, results))
		log.emit(totalEvent{total})
	} else {
		log.emit(total)
	}
	return log.err
}

// done sums results up as a doneEvent of that name.
func done(name string, results ...result) doneEvent {
	e := doneEvent{Event: name}
	var training time.Duration
	samples := 0
	var digests []byte
	for _, r := range results {
		e.Seconds += number(r.seconds)
		training += r.training
		samples += r.samples
		digests = append(digests, r.digest[:]...)
	}
	mean, _ := meanStd(results, func(r result) float64 { return r.test })
	e.Test = mean
	e.Speed = number(float64(samples) / training.Seconds())
	if len(results) > 1 {
		hash := sha256.Sum256(digests)
		digests = hash[:]
	}
	e.Weights = hex.EncodeToString(digests)
	return e
}

func (t *task) summary(seeds []uint64, results []result) summaryEvent {
	e := summaryEvent{Event: "summary", Seeds: seeds}
	e.Mean, e.Std = meanStd(results, func(r result) float64 { return r.test })
	if t.val != nil {
		mean, std := meanStd(results, func(r result) float64 { return r.best })
		e.BestMean, e.BestStd = &mean, &std
	}
	return e
}

// meanStd returns the mean of a figure and its standard deviation, that of a
// sample: NaN for a single result.
func meanStd(results []result, figure func(result) float64) (mean, std number) {
	n := float64(len(results))
	sum, squares := 0.0, 0.0
	for _, r := range results {
		sum += figure(r)
	}
	for _, r := range results {
		d := figure(r) - sum/n
		squares += d * d
	}
	return number(sum / n), number(math.Sqrt(squares / (n - 1)))
}
