package pcn

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn/internal/golden"
	"github.com/gopcn/gopcn/pcn/internal/reference"
)

// A tracer records what a trainer with one worker does to the parts of a batch
// that golden cases describe.
type tracer struct {
	c      *golden.Case
	tr     *Trainer
	names  []string // of parameters, as in the case
	batch  *reference.BatchTrace
	before map[string]*reference.Tensor // velocities before the step
}

// trace trains a whole case.
func trace(t *testing.T, c *golden.Case, cfg Config, use shortcuts) *reference.Run {
	r := &tracer{c: c, tr: goldenTrainer(t, c, cfg, use), names: parameterNames(c)}
	r.tr.observe = r.observe
	r.tr.WatchEnergies(true)
	run := &reference.Run{LogitsInitial: r.logits()}
	for _, b := range c.Batches {
		r.batch = &reference.BatchTrace{}
		stats := r.tr.Step(batchOf(t, b))
		r.finish(stats)
		requireFreshPacks(t, r.tr)
		run.Batches = append(run.Batches, r.batch)
	}
	run.LogitsFinal = r.logits()
	run.Params, run.Stats = r.params(), r.stats()
	return run
}

// requireFreshPacks fails if the weights have moved since they were packed.
func requireFreshPacks(t *testing.T, tr *Trainer) {
	for i := range tr.updater.groups {
		d := tr.updater.groups[i].layer
		if d == nil {
			continue
		}
		for _, p := range []*pack{&d.forward, &d.feedback} {
			if !p.absent() {
				require.Equal(t, newPack(tr.cfg.Kernels, d.conv, p.op, d.w.value).memory, p.memory, "stale pack of group %d", i)
			}
		}
	}
}

func (r *tracer) logits() *reference.Tensor {
	x := matrixOf(r.c.EvalX)
	dst := kernels.NewMatrix(x.Rows, r.tr.net.Classes())
	r.tr.Predict(dst, x)
	return widen(dst)
}

func widen(m kernels.Matrix) *reference.Tensor {
	t := reference.NewTensor(m.Rows, m.Cols)
	for i := range m.Rows {
		for j, v := range m.Row(i) {
			t.Data[i*m.Cols+j] = float64(v)
		}
	}
	return t
}

// widenShape is widen for latents of a shape: images become [batch, channel,
// height, width].
func widenShape(m kernels.Matrix, s Shape) *reference.Tensor {
	t := reference.NewTensor(m.Rows, m.Cols)
	if !s.IsVector() {
		t = reference.NewTensor(m.Rows, s.Channels, s.Height, s.Width)
	}
	row := make([]float32, m.Cols)
	for i := range m.Rows {
		toPlanes(row, m.Row(i), s.Channels)
		for j, v := range row {
			t.Data[i*m.Cols+j] = float64(v)
		}
	}
	return t
}

func widenTensor(t Tensor) *reference.Tensor {
	w := reference.NewTensor(t.Shape...)
	for i, v := range t.Data {
		w.Data[i] = float64(v)
	}
	return w
}

func (r *tracer) params() reference.Tensors {
	list := reference.Tensors{}
	for i, p := range r.tr.Parameters() {
		list[r.names[i]] = widenTensor(p)
	}
	return list
}

func (r *tracer) grads(of func(*param) kernels.Matrix) reference.Tensors {
	list := reference.Tensors{}
	for i, p := range r.tr.params {
		list[r.names[i]] = widenTensor(p.tensor(of(p)))
	}
	return list
}

func (r *tracer) stats() reference.Tensors {
	list := reference.Tensors{}
	names := statisticNames(r.c)
	for i, s := range r.tr.Statistics().Tensors {
		list[names[i]] = widenTensor(s)
	}
	return list
}

// latents copies a matrix of every node; withOutput includes the output's.
func (r *tracer) latents(of func(*Trainer, int) kernels.Matrix, withOutput bool) reference.Tensors {
	list := reference.Tensors{}
	for i := range r.tr.nodes {
		if n := &r.tr.nodes[i]; i < len(r.tr.nodes)-1 || withOutput {
			list[n.Name] = widenShape(of(r.tr, i), n.shape)
		}
	}
	return list
}

func (r *tracer) phase() *reference.PhaseTrace { return r.batch.Phases[len(r.batch.Phases)-1] }

func (r *tracer) observe(e event, step int) {
	switch e {
	case afterReset:
		r.reset()
	case afterStep:
		r.step(step)
	case afterErrors:
		if r.tr.cfg.Rule == PC {
			r.phase().WeightEnergy = r.energies(r.tr.plan.final.errors, 0)
			r.settled()
			r.idle()
		}
	case afterUpdate:
		u := &reference.UpdateTrace{
			WeightGrad:  r.grads(func(p *param) kernels.Matrix { return p.grad }),
			Rate:        r.tr.cfg.Optimizer.Rate.At(r.tr.updater.count - 1),
			ParamsAfter: r.params(),
		}
		u.ZeroGradParams = u.WeightGrad.Zero()
		if step == len(r.tr.plan.steps) {
			u.NodeEnergy = r.energies(r.tr.plan.final.errors, 0)
			for _, e := range u.NodeEnergy {
				u.TotalEnergy += e
			}
			r.phase().SettledUpdate = u
			return
		}
		r.phase().Steps[step].Update = u
	}
}

func (r *tracer) reset() {
	if len(r.batch.Phases) == 1 { // the second relaxation of centred nudging
		r.phase().WeightGrad = r.grads(func(p *param) kernels.Matrix { return p.grad })
	}
	ph := &reference.PhaseTrace{
		H0:           r.latents(func(tr *Trainer, i int) kernels.Matrix { return tr.nodes[i].h0 }, true),
		OutputTarget: widen(r.tr.nodes[len(r.tr.nodes)-1].h),
	}
	if signs := r.tr.cfg.Nudge.signs(); signs != nil {
		b := signs[len(r.batch.Phases)] * r.c.Hyper.Nudging.Beta
		ph.Beta = &b
	}
	if r.tr.cfg.NormUnfrozen {
		ph.StatsInit = r.stats()
	}
	r.batch.Phases = append(r.batch.Phases, ph)
	r.before = nil
}

func (r *tracer) step(t int) {
	p := &r.tr.plan.steps[t]
	levels := r.tr.net.Levels()
	s := &reference.StepTrace{
		T: t, StartLevel: p.start,
		Latents:    r.latents(latents, false),
		NodeEnergy: r.energies(p.errors, p.start),
	}
	for level := range levels {
		s.Precision = append(s.Precision, float64(r.tr.cfg.Precision.at(level, levels, t, r.tr.cfg.Steps)))
	}
	for i := range r.tr.nodes {
		n := &r.tr.nodes[i]
		s.TotalEnergy += s.Precision[n.Level] * float64(n.Weight) * s.NodeEnergy[n.Name]
	}
	if m := float64(r.tr.cfg.Momentum); m != 0 {
		after := r.latents(velocities, false)
		s.LatentGrad = reference.Tensors{}
		for name, v := range after {
			g := v.Clone()
			if r.before != nil {
				for k, old := range r.before[name].Data {
					g.Data[k] -= m * old
				}
			}
			s.LatentGrad[name] = g
		}
		r.before = after
	}
	if r.tr.cfg.NormUnfrozen {
		s.Stats = r.stats()
	}
	r.phase().Steps = append(r.phase().Steps, s)
}

// energies are the unweighted energies of the nodes from level start on, from
// the errors that the trainer has just computed.
func (r *tracer) energies(errors []errorPlan, start int) map[string]float64 {
	list := map[string]float64{}
	for i := range r.tr.nodes {
		if n := &r.tr.nodes[i]; n.Level >= start {
			list[n.Name] = 0 // errors that are not computed are zero
		}
	}
	for _, p := range errors {
		n := &r.tr.nodes[p.node]
		sum := 0.0
		switch {
		case n.u.Data == nil:
			for _, e := range widen(n.e).Data {
				e /= float64(p.coeff)
				sum += 0.5 * e * e
			}
		case p.reuse:
			sum = crossEntropy(widen(n.h0), widen(n.h))
		default:
			sum = crossEntropy(widen(n.u), widen(n.h))
		}
		list[n.Name] = sum
	}
	return list
}

func crossEntropy(u, h *reference.Tensor) float64 {
	sum, classes := 0.0, u.Shape[1]
	for i := range u.Shape[0] {
		total, row := 0.0, u.Data[i*classes:(i+1)*classes]
		for _, v := range row {
			total += math.Exp(v)
		}
		for j, v := range row {
			sum -= h.Data[i*classes+j] * (v - math.Log(total))
		}
	}
	return sum
}

// idle adds the energies of nodes without parameters, whose errors the weight
// update has no use for.
func (r *tracer) idle() {
	for i := range r.tr.nodes {
		n := &r.tr.nodes[i]
		if n.learns() {
			continue
		}
		sum := r.phase().SettledEnergy[n.Name]
		if r.tr.cfg.Update == Forward {
			sum = 0
			h0 := widen(n.h0)
			for k, h := range widen(latents(r.tr, i)).Data {
				sum += 0.5 * (h - h0.Data[k]) * (h - h0.Data[k])
			}
		}
		r.phase().WeightEnergy[n.Name] = sum
	}
}

// settled takes the energies that the trainer measured itself.
func (r *tracer) settled() {
	ph := r.phase()
	ph.SettledEnergy, ph.SettledTotal = map[string]float64{}, 0
	for i := range r.tr.nodes {
		sum := 0.0
		for _, e := range r.tr.energies.rows[i] {
			sum += float64(e)
		}
		ph.SettledEnergy[r.tr.nodes[i].Name] = sum
		ph.SettledTotal += sum
	}
}

func (r *tracer) finish(s Stats) {
	b := r.batch
	b.UpdateCount = r.tr.updater.count
	b.TrainLogits = widen(r.tr.nodes[len(r.tr.nodes)-1].h0)
	b.ParamsAfter, b.StatsAfter = r.params(), r.stats()
	switch r.tr.cfg.Rule {
	case IPC:
		r.settled()
		return
	case BP:
		b.Loss = s.Loss * float64(s.Samples)
	}
	b.Rate = r.tr.cfg.Optimizer.Rate.At(r.tr.updater.count - 1)
	b.WeightGrad = r.grads(func(p *param) kernels.Matrix { return p.grad })
	if r.tr.cfg.Rule == PC {
		r.phase().WeightGrad = b.WeightGrad
		if r.tr.cfg.Nudge == NudgeCentred {
			r.phase().WeightGrad = r.grads(func(p *param) kernels.Matrix { return p.other })
		}
	}
}
