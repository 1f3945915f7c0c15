package view

import (
	"encoding/json"
	"math"
	"strconv"
	"time"
)

// A Batch is what a training step tells.
type Batch struct {
	Seed          uint64
	Epoch, Epochs int // the epoch under way, from 1 on, of so many
	Done, Batches int // batches of this epoch that are done, of so many

	// Samples of the batch, how many of them were classified correctly, and
	// their mean loss.
	Samples, Correct int
	Loss             float64
}

// A point sums up neighbouring batches of a seed.
type point struct {
	seed  uint64
	epoch float64 // where they end, in epochs from the start

	samples, correct int
	loss             float64 // sum over samples

	busy  time.Duration // the time of those batches whose beginning was seen
	timed int           // and their samples
}

func (p *point) add(b Batch) {
	p.seed = b.Seed
	p.epoch = float64(b.Epoch-1) + float64(b.Done)/float64(b.Batches)
	p.samples += b.Samples
	p.correct += b.Correct
	p.loss += b.Loss * float64(b.Samples)
}

// joined is one point for two neighbours. Points of different seeds cannot be
// joined: the later one stays.
func joined(a, b point) point {
	if a.seed != b.seed {
		return b
	}
	b.samples += a.samples
	b.correct += a.correct
	b.loss += a.loss
	b.busy += a.busy
	b.timed += a.timed
	return b
}

// speed is in samples per second, or NaN if no time was seen.
func (p point) speed() float64 { return float64(p.timed) / p.busy.Seconds() }

// MarshalJSON writes [seed, epoch, loss, accuracy, samples per second].
func (p point) MarshalJSON() ([]byte, error) {
	n := float64(p.samples)
	return json.Marshal([]any{p.seed, digits(p.epoch, 8), digits(p.loss/n, 5), digits(float64(p.correct)/n, 5), digits(p.speed(), 5)})
}

// digits is a number of so many significant digits, or null if it is not
// finite: plots show no more, and the page is the smaller for it.
func digits(v float64, n int) json.RawMessage {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return json.RawMessage("null")
	}
	return strconv.AppendFloat(nil, v, 'g', n, 64)
}
