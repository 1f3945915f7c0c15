package pcn

import (
	"fmt"
	"math"
	"time"
)

// Progress is how far a run of [Fit] has come, with what it knows of the epoch
// under way. Together with the trainer's [Snapshot] it is what the rest of the
// run depends on. Its zero value is the beginning.
type Progress struct {
	Epoch int // under way, from 0 on
	Batch int // batches done of it

	// Of these batches:
	Samples  int           // how many samples they had
	Loss     float64       // sum of the batches' losses per sample
	Correct  int           // samples that were right in the forward pass
	Training time.Duration // time spent in training steps
}

// add counts a batch.
func (p *Progress) add(s Stats, took time.Duration) {
	p.Batch++
	p.Samples += s.Samples
	p.Loss += s.Loss
	p.Correct += s.Correct
	p.Training += took
}

// check says whether a run of batches of a size, so many an epoch, can have come
// so far.
func (p Progress) check(batches, size int) error {
	switch {
	case p.Epoch < 0 || p.Batch < 0 || p.Correct < 0 || p.Correct > p.Samples || p.Training < 0 ||
		math.IsNaN(p.Loss) || math.IsInf(p.Loss, 0):
		return fmt.Errorf("pcn: Start is no progress of a run: %+v", p)
	case p.Samples != p.Batch*size:
		return fmt.Errorf("pcn: Start has %d samples in %d batches, but Batch is %d: go on with the Batch of the earlier run, or from the start of an epoch",
			p.Samples, p.Batch, size)
	case p.Batch > 0 && p.Batch >= batches:
		return fmt.Errorf("pcn: Start is behind %d batches of its epoch, but the training set makes only %d: go on with the set of the earlier run, or from the start of an epoch",
			p.Batch, batches)
	}
	return nil
}
