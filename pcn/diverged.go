package pcn

import (
	"errors"
	"fmt"
)

// ErrDiverged is what every [DivergedError] wraps.
var ErrDiverged = errors.New("pcn: training diverged")

// A DivergedError says where in a run of [Fit] values first stopped being
// finite. Sums of squares that float32 cannot hold count as such. The trainer is
// left as it was before that batch.
type DivergedError struct {
	Epoch, Batch int // both from 0 on

	// What happened, as in "the errors of level 3 are not finite at relaxation
	// step 5". Level is -1 if nothing but the loss is known; Step is -1 for what
	// did not happen while relaxing.
	What        string
	Level, Step int

	advice string
}

// Error says what happened and which settings to lower.
func (e *DivergedError) Error() string {
	return fmt.Sprintf("%v in batch %d of epoch %d: %s; lower %s", ErrDiverged, e.Batch, e.Epoch, e.What, e.advice)
}

// Unwrap returns [ErrDiverged].
func (e *DivergedError) Unwrap() error { return ErrDiverged }

// guardBatches is how many batches lie between two looks at the parameters.
const guardBatches = 256

// A guard notices that an epoch diverges: the loss of each batch shows it at no
// cost, and a look at the parameters now and then shows what a loss may hide. To
// find where it began, the guard trains once more from the state it has kept and
// looks at everything.
type guard struct {
	f     *fit
	kept  Snapshot
	batch int // the next one then
}

// keep remembers the state before a batch.
func (g *guard) keep(batch int) error {
	if err := g.look(batch); err != nil {
		return err
	}
	g.kept, g.batch = g.f.t.Snapshot(), batch
	return nil
}

// look checks the parameters before a batch, or at the end of the epoch.
func (g *guard) look(batch int) error {
	level := g.f.t.lowestOff((*param).finite)
	if level < 0 {
		return nil
	}
	return g.locate(batch, &DivergedError{
		What:  fmt.Sprintf("the parameters of level %d are not finite before it", level),
		Level: level, Step: -1, Batch: batch,
	})
}

// check checks what a batch has told.
func (g *guard) check(batch int, s Stats) error {
	if finite(s.Loss) {
		return nil
	}
	return g.locate(batch+1, &DivergedError{What: fmt.Sprintf("the loss is %v", s.Loss), Level: -1, Step: -1, Batch: batch})
}

// locate trains again with the batches since the kept state, up to an end, and
// tells of the first that goes wrong. If none does now, it repeats what was seen.
func (g *guard) locate(end int, seen *DivergedError) error {
	f, t := g.f, g.f.t
	defer t.WatchTrace(t.tracing)
	t.WatchTrace(true)
	for b := g.batch; b < end; b++ {
		if b == g.batch {
			g.restore()
		} else {
			g.kept = t.Snapshot()
		}
		f.load(b)
		if e := t.notFinite(t.Step(&f.batch)); e != nil {
			seen = e
			seen.Batch = b
			g.restore()
			break
		}
	}
	seen.Epoch, seen.advice = f.at.Epoch, "LatentRate or the learning rate"
	if t.cfg.Rule == BP {
		seen.advice = "the learning rate"
	}
	return seen
}

// restore goes back to the kept state.
func (g *guard) restore() {
	if err := g.f.t.Restore(g.kept); err != nil {
		panic(err) // it is the trainer's own
	}
}
