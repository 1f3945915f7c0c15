package run

import "time"

// Without a number of batches, training is saved after about so much time, and
// saving takes no more than so large a part of it.
const (
	saveInterval = 10 * time.Second
	saveShare    = 20 // one twentieth
)

// A pace says when to save. It changes no bit of what is trained.
type pace struct {
	every int // batches, or 0 to go by time
	now   func() time.Time

	batches int           // since the last time
	last    time.Time     // when that ended
	took    time.Duration // and how long it took
}

func newPace(every int) *pace {
	return &pace{every: every, now: time.Now, last: time.Now()}
}

// due counts a batch, which may have been the last of its epoch, and says
// whether to save now.
func (p *pace) due(epochEnds bool) bool {
	p.batches++
	if p.every > 0 {
		return epochEnds || p.batches >= p.every
	}
	wait := saveShare * p.took
	if !epochEnds {
		wait = max(wait, saveInterval)
	}
	return p.now().Sub(p.last) >= wait
}

// saved says that saving began then and has ended now.
func (p *pace) saved(began time.Time) {
	p.batches, p.last = 0, p.now()
	p.took = p.last.Sub(began)
}
