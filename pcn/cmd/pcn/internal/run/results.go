package run

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"time"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

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
		e.BestMean, e.BestStd, e.Protocol = &mean, &std, results[0].Best.Protocol
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
