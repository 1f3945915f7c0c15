package view

import (
	"encoding/json"
	"time"
)

// A pace follows the batches of a run through its epochs and seeds.
type pace struct {
	began time.Time
	seed  uint64 // the first one
	seeds int    // how many there are

	last Batch
	at   time.Time // when it was done
	from float64   // the share of the run that was done in the beginning
}

// begin says that a run of so many seeds begins now.
func (p *pace) begin(now time.Time, seed uint64, seeds int) {
	*p = pace{began: now, seed: seed, seeds: seeds}
}

// step takes a batch that is done now. It returns how long the batch took,
// unless it is the first of its epoch: what happens between epochs is no
// training.
func (p *pace) step(now time.Time, b Batch) (took time.Duration, ok bool) {
	ok = b.Seed == p.last.Seed && b.Epoch == p.last.Epoch && b.Done == p.last.Done+1
	took = now.Sub(p.at)
	if p.at.IsZero() {
		before := b
		before.Done--
		ok, p.from = false, p.share(before)
	}
	p.last, p.at = b, now
	return took, ok
}

// share is the part of the run that is done with a batch, from 0 to 1.
func (p *pace) share(b Batch) float64 {
	epochs := float64(b.Seed-p.seed)*float64(b.Epochs) + float64(b.Epoch-1) + float64(b.Done)/float64(b.Batches)
	return epochs / float64(max(p.seeds, 1)*b.Epochs)
}

// progress tells how far a run has come. Times are in seconds.
type progress struct {
	Seed    uint64          `json:"seed"`
	Epoch   int             `json:"epoch"`
	Epochs  int             `json:"epochs"`
	Batch   int             `json:"batch"`
	Batches int             `json:"batches"`
	Share   json.RawMessage `json:"share"`
	Elapsed json.RawMessage `json:"elapsed"`
	Left    json.RawMessage `json:"left"` // if the run goes on as it did so far
	Speed   json.RawMessage `json:"speed"`
}

// progress is that after the last step, with the speed of a point.
func (p *pace) progress(recent point) *progress {
	b, share := p.last, p.share(p.last)
	elapsed := p.at.Sub(p.began).Seconds()
	return &progress{
		Seed: b.Seed, Epoch: b.Epoch, Epochs: b.Epochs, Batch: b.Done, Batches: b.Batches,
		Share:   digits(share, 6),
		Elapsed: digits(elapsed, 8),
		Left:    digits(elapsed*(1-share)/(share-p.from), 6),
		Speed:   digits(recent.speed(), 5),
	}
}
