package pcn

// A job is what all workers do together between two barriers.
type job struct {
	t       *Trainer
	kind    jobKind
	samples Samples
	rows    int // samples in the batch

	step  int        // jobStep
	phase int        // jobRelax: 1 is the second relaxation of centred nudging
	nudge float32    // jobRelax: b, 0 for a clamp to the target
	grads updatePlan // jobGradient, jobUpdate
	scale float32
}

type jobKind uint8

const (
	jobForward  jobKind = iota // forward initialisation
	jobRelax                   // the whole relaxation up to the errors of the weight update
	jobStep                    // one step of an incremental relaxation
	jobSettle                  // errors of the settled update that ends an incremental relaxation
	jobEnergies                // energies and last state of an incremental relaxation
	jobBackprop                // forward pass and backpropagation
	jobGradient                // weight gradients
	jobOptimise                // optimiser, and packs for predictions
	jobUpdate                  // both at once
	jobPack                    // packs for feedback
	jobEvaluate                // forward pass and statistics
	jobPredict                 // forward pass
)

// run hands a job to the workers and returns when they are done.
func (t *Trainer) run(kind jobKind) {
	t.job.kind = kind
	t.pool.Run(&t.job)
}

// Run does a worker's share. It makes a job a kernels.Task.
func (j *job) Run(worker, workers int) {
	l := &j.t.lanes[worker]
	switch j.kind {
	case jobGradient, jobOptimise, jobUpdate:
		for _, s := range j.t.updater.rows[worker] {
			j.updateSpan(l, s)
		}
		return
	case jobPack:
		for _, s := range j.t.updater.cols[worker] {
			if d := j.t.updater.groups[s.number].layer; j.t.moves(d.w) {
				d.feedback.refresh(l.k, s.lo, s.hi)
			}
		}
		return
	}
	l.take(worker, workers, j.rows)
	if l.lo < l.hi || len(j.t.norms) > 0 { // lanes of norms meet
		j.runRows(l)
	}
}

// runRows does what is split over the samples.
func (j *job) runRows(l *lane) {
	switch j.kind {
	case jobForward:
		j.initialise(l)
		l.moveStatistics(j.t.plan.unfrozen)
		l.reset()
		l.notify(afterReset, 0)
	case jobRelax:
		if j.phase == 0 {
			j.initialise(l)
		} else {
			l.targets(j.samples)
		}
		l.moveStatistics(j.t.plan.unfrozen)
		if j.nudge != 0 {
			l.nudge(j.nudge)
		}
		l.reset()
		l.relaxation()
	case jobStep:
		l.recordState(j.step)
		l.step(&j.t.plan.steps[j.step])
		l.recordUpdate(j.step)
		l.notify(afterStep, j.step)
	case jobSettle:
		l.errors(j.t.plan.final.errors)
		l.notify(afterErrors, len(j.t.plan.steps))
	case jobEnergies:
		if j.t.watching {
			l.measure()
		}
		l.recordState(len(j.t.plan.steps))
	case jobBackprop:
		j.initialise(l)
		l.backprop()
	case jobEvaluate:
		j.evaluate(l)
		l.targets(j.samples)
	case jobPredict:
		j.evaluate(l)
	}
}

func (j *job) initialise(l *lane) {
	l.fill(j.samples)
	l.forward(true)
	l.targets(j.samples)
}

func (j *job) evaluate(l *lane) {
	l.fill(j.samples)
	l.evaluating = true
	l.forward(false)
	l.evaluating = false
}

func (j *job) updateSpan(l *lane, s span) {
	t := j.t
	g := &t.updater.groups[s.number]
	if j.kind != jobOptimise {
		l.gradient(g, &j.grads.gradients[s.number], s, j.rows, j.scale, j.phase == 1)
		if j.phase == 1 {
			l.average(g, s)
		}
		if t.cfg.Optimizer.SkipZero != SkipOff {
			g.note(s)
		}
	}
	if j.kind != jobGradient {
		l.optimise(&t.updater, s)
	}
}

// gradients computes the weight gradients of a relaxation that is not the last
// of its batch.
func (t *Trainer) gradients(p *updatePlan, b float64) {
	t.job.grads, t.job.scale = *p, gradientScale(t.job.rows, b)
	t.run(jobGradient)
}

// update computes the weight gradients and moves the weights. Whether a whole
// tensor has a zero gradient is known only when all workers are done with it.
func (t *Trainer) update(p *updatePlan, b float64) {
	if t.held != nil {
		t.hold(p, b)
		return
	}
	t.moveStatistics(p.norms)
	t.job.grads, t.job.scale = *p, gradientScale(t.job.rows, b)
	if t.cfg.Optimizer.SkipZero == SkipOff {
		t.updater.begin(&t.cfg.Optimizer)
		t.run(jobUpdate)
	} else {
		for _, p := range t.params {
			p.nonzero.Store(false)
		}
		t.run(jobGradient)
		t.updater.begin(&t.cfg.Optimizer)
		t.run(jobOptimise)
	}
	t.run(jobPack)
	t.job.phase = 0
}
