package pcn

import (
	"math"

	"github.com/gopcn/gopcn/kernels"
)

// A Trace is what the relaxation of one batch did to each level. [t][l] belongs
// to relaxation step t and level l.
//
// Energy, Error and Latent have T+1 rows, the states before each step and the
// one after the last; Update has T rows. Incremental networks with batch
// normalisation, which end with a settled update, have one row less of each.
type Trace struct {
	// Samples is how many samples the sums and norms run over.
	Samples int

	// Energy is the sum of the energies of the level's nodes over the batch,
	// without precision and node weight, as in [Trainer.Energies].
	Energy [][]float64

	// Error is the Euclidean norm of the errors h - u of the level's nodes, all
	// samples together; with cross-entropy the output has h - softmax(u).
	Error [][]float64

	// Latent is the norm of the latents h themselves. Float32 holds no errors
	// smaller than 2^-24 of it.
	Latent [][]float64

	// Update is the norm of what the step added to the latents, Moved, by level,
	// that of what all steps together did: h - h0 in the end.
	Update [][]float64
	Moved  []float64

	// Before and After have the energy that step t descends, the sum of
	// precision(t) x node weight x energy, on both sides of the step. Levels
	// that the wavefront has not reached do not take part.
	Before, After []float64
}

// recorder is where the lanes of a trainer write down what a Trace sums up:
// values by state or step, node and sample.
type recorder struct {
	nodes, batch, samples int

	errors []errorPlan      // of all nodes, taking nothing for granted
	before []kernels.Matrix // latents before the step, but the output's

	energy, square, latent, update []float32
	moved                          []float32 // as if it were of one state
}

func newRecorder(t *Trainer) *recorder {
	r := &recorder{nodes: len(t.nodes), batch: t.cfg.Batch}
	size := (len(t.plan.steps) + 1) * r.nodes * r.batch
	for _, rows := range []*[]float32{&r.energy, &r.square, &r.latent, &r.update} {
		*rows = make([]float32, size)
	}
	r.moved = make([]float32, r.nodes*r.batch)
	for i := range t.nodes {
		r.errors = append(r.errors, errorPlan{node: i, coeff: 1})
		if i < len(t.nodes)-1 {
			r.before = append(r.before, kernels.NewMatrix(r.batch, t.nodes[i].width))
		}
	}
	return r
}

// WatchTrace makes the following steps record their relaxation for
// [Trainer.Trace], or no longer do so. Recording takes a pass of its own over the
// network at every relaxation step, and memory for a second set of latents; it
// changes no bit of the training. Backpropagation has no relaxation.
func (t *Trainer) WatchTrace(on bool) {
	t.tracing = on && t.cfg.Rule != BP
	if t.tracing && t.recorder == nil {
		t.recorder = newRecorder(t)
	}
}

// Trace returns the relaxation of the last watched step, nil if there was none;
// with centred nudging that towards the negative nudge. To look at a relaxation
// without training, watch [Trainer.Gradients].
func (t *Trainer) Trace() *Trace {
	r := t.recorder
	if r == nil || r.samples == 0 {
		return nil
	}
	tr := &Trace{Samples: r.samples}
	steps := len(t.plan.steps)
	tr.Energy, tr.Error = t.table(r.energy, steps+1), t.table(r.square, steps+1)
	tr.Latent, tr.Update = t.table(r.latent, steps+1), t.table(r.update, steps)
	moved := t.table(r.moved, 1)
	tr.Moved = moved[0]
	for _, rows := range [][][]float64{tr.Error, tr.Latent, tr.Update, moved} {
		for _, row := range rows {
			for l, v := range row {
				row[l] = math.Sqrt(v)
			}
		}
	}
	for i := range t.plan.steps {
		tr.Before = append(tr.Before, t.descended(i, i))
		tr.After = append(tr.After, t.descended(i, i+1))
	}
	return tr
}

// table sums recorded values by level, over nodes and samples.
func (t *Trainer) table(values []float32, states int) [][]float64 {
	list := make([][]float64, states)
	for s := range list {
		list[s] = make([]float64, t.net.Levels())
		for i := range t.nodes {
			list[s][t.nodes[i].Level] += t.recorder.sum(values, s, i)
		}
	}
	return list
}

// descended is the energy that a step descends, in some state.
func (t *Trainer) descended(step, state int) float64 {
	levels, total := t.net.Levels(), 0.0
	for i := range t.nodes {
		n := &t.nodes[i]
		if n.Level >= t.plan.steps[step].start {
			p := t.cfg.Precision.at(n.Level, levels, step, t.cfg.Steps)
			total += float64(p*n.Weight) * t.recorder.sum(t.recorder.energy, state, i)
		}
	}
	return total
}

// row is what was recorded of a node's samples.
func (r *recorder) row(values []float32, state, node int) []float32 {
	at := (state*r.nodes + node) * r.batch
	return values[at : at+r.batch]
}

// sum adds up a row, samples ascending.
func (r *recorder) sum(values []float32, state, node int) float64 {
	total := 0.0
	for _, v := range r.row(values, state, node)[:r.samples] {
		total += float64(v)
	}
	return total
}

// recordState writes down the state before step t, or after the last one if t is
// their number, and keeps the latents for recordUpdate. It overwrites errors,
// which come again.
func (l *lane) recordState(t int) {
	if !l.t.tracing {
		return
	}
	r := l.t.recorder
	l.errors(r.errors)
	for i := range l.t.nodes {
		n := &l.t.nodes[i]
		energy, square, latent := r.row(r.energy, t, i), r.row(r.square, t, i), r.row(r.latent, t, i)
		for k := l.lo; k < l.hi; k++ {
			e, h := n.e.Row(k), l.h[i].Row(k)
			energy[k] = l.energy(n, &r.errors[i], k)
			square[k] = l.k.Dot(e, e)
			latent[k] = l.k.Dot(h, h)
		}
		if i < len(r.before) {
			l.copy(r.before[i], l.h[i])
		}
	}
	if t < len(l.t.plan.steps) {
		return
	}
	for i := range r.before { // the output's are clamped
		n, moved := &l.t.nodes[i], r.row(r.moved, 0, i)
		for k := l.lo; k < l.hi; k++ {
			moved[k] = 2 * l.k.Energy(l.h[i].Row(k), n.h0.Row(k))
		}
	}
}

// recordUpdate writes down what step t added to the latents.
func (l *lane) recordUpdate(t int) {
	if !l.t.tracing {
		return
	}
	r := l.t.recorder
	for i := range r.before {
		update := r.row(r.update, t, i)
		for k := l.lo; k < l.hi; k++ {
			update[k] = 2 * l.k.Energy(l.h[i].Row(k), r.before[i].Row(k))
		}
	}
}
