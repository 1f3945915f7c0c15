package pcn

// An event is what a test may observe of a lane.
type event uint8

const (
	afterReset  event = iota // forward initialisation and clamp
	afterErrors              // of the weight update
	afterStep                // of the relaxation
	afterUpdate              // incremental: the weights have moved
)

func (l *lane) notify(e event, step int) { l.t.notify(e, step) }

func (t *Trainer) notify(e event, step int) {
	if t.observe != nil {
		t.observe(e, step)
	}
}

// relaxation makes all T steps and computes the errors of the weight update.
func (l *lane) relaxation() {
	p := l.t.plan
	l.notify(afterReset, 0)
	for t := range p.steps {
		l.recordState(t)
		l.step(&p.steps[t])
		l.recordUpdate(t)
		l.notify(afterStep, t)
	}
	l.recordState(len(p.steps))
	if l.t.watching {
		l.measure()
	}
	l.errors(p.final.errors)
	l.notify(afterErrors, len(p.steps))
}
