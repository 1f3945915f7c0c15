package golden

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// Expected are the results that a case demands. Pointers, maps and slices are
// nil where the case's mode has no such result.
type Expected struct {
	// TraceDetail is "full", or "checksum" when larger traces are checksums.
	TraceDetail string `json:"trace_detail"`

	// LogitsInitial and LogitsFinal are the output's prediction for EvalX in
	// evaluation mode, before and after training.
	LogitsInitial *Tensor `json:"logits_eval_initial"`
	LogitsFinal   *Tensor `json:"logits_eval_final"`

	FirstBatch *FirstBatch `json:"first_batch"`
	PerBatch   []BatchRow  `json:"per_batch"`
	Final      *Final      `json:"final"`
}

// A FirstBatch is the detailed trace of the first batch.
type FirstBatch struct {
	Phases      []Phase            `json:"phases"`
	WeightGrad  map[string]*Tensor `json:"weight_grad"`
	ParamsAfter map[string]*Tensor `json:"params_after"`
	StatsAfter  map[string]*Tensor `json:"bn_state_after"`
	Loss        *float64           `json:"loss"`
}

// A Phase is one relaxation.
type Phase struct {
	// Beta is the signed nudge, nil when the output is clamped to y.
	Beta *float64 `json:"beta"`

	H0           map[string]*Tensor `json:"h0"`
	OutputTarget *Tensor            `json:"output_target"`
	StatsInit    map[string]*Tensor `json:"bn_state_init"`
	Steps        []Step             `json:"steps"`

	// SettledUpdate is the last update of an incremental batch with BatchNorm.
	SettledUpdate *SettledUpdate `json:"settled_update"`

	SettledEnergy map[string]float64 `json:"settled_energy"`
	SettledTotal  *float64           `json:"settled_total"`
	WeightEnergy  map[string]float64 `json:"weight_energy"`
	WeightGrad    map[string]*Tensor `json:"weight_grad"`
}

// A Step is one relaxation step; H is after it, everything else before it.
type Step struct {
	T           int                `json:"t"`
	StartLevel  *int               `json:"start_level"`
	Precision   []float64          `json:"precision"`
	NodeEnergy  map[string]float64 `json:"node_energy"`
	TotalEnergy *float64           `json:"total_energy"`

	// GradH lacks the nodes whose gradient is exactly zero.
	GradH map[string]*Tensor `json:"grad_h"`
	H     map[string]*Tensor `json:"h"`

	WeightGrad     map[string]*Tensor `json:"weight_grad"`
	ZeroGradParams []string           `json:"zero_grad_params"`
	ParamsAfter    map[string]*Tensor `json:"params_after"`
	LR             *float64           `json:"lr_w"`

	Stats map[string]*Tensor `json:"bn_state"`
}

// A SettledUpdate is a weight update without relaxation step.
type SettledUpdate struct {
	NodeEnergy     map[string]float64 `json:"node_energy"`
	TotalEnergy    *float64           `json:"total_energy"`
	WeightGrad     map[string]*Tensor `json:"weight_grad"`
	ZeroGradParams []string           `json:"zero_grad_params"`
	LR             *float64           `json:"lr_w"`
}

// A BatchRow is the summary of one batch; EnergyT0 and SettledTotal have one
// entry per phase.
type BatchRow struct {
	LR           *float64  `json:"lr_w"`
	UpdateCount  int       `json:"w_count"`
	TrainLogits  *Tensor   `json:"train_logits"`
	EnergyT0     []float64 `json:"energy_t0"`
	SettledTotal []float64 `json:"settled_total"`
	Loss         *float64  `json:"loss"`
}

// Final is the state after all batches.
type Final struct {
	Batches int                `json:"batches"`
	Params  map[string]*Tensor `json:"params"`
	Stats   map[string]*Tensor `json:"bn_state"`
}

func decodeExpected(b []byte) (Expected, error) {
	var e Expected
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&e); err != nil {
		return e, fmt.Errorf("expected: %w", err)
	}
	return e, nil
}

// checkExpected makes sure that what the case's mode demands is there, so that
// a comparison cannot succeed by comparing nothing.
func (c *Case) checkExpected() error {
	e := &c.Expected
	if e.FirstBatch == nil || e.Final == nil || e.LogitsInitial == nil || e.LogitsFinal == nil {
		return errors.New("expected: first_batch, final or logits are missing")
	}
	if e.Final.Batches != len(c.Batches) || len(e.PerBatch) != len(c.Batches) {
		return fmt.Errorf("expected: results of %d and %d batches, there are %d",
			e.Final.Batches, len(e.PerBatch), len(c.Batches))
	}
	m := c.mode()
	var p presence
	p.want("final.params", e.Final.Params != nil, true)
	p.want("final.bn_state", len(e.Final.Stats) > 0, m.batchNorm)
	for i := range e.PerBatch {
		e.PerBatch[i].check(&p, m, fmt.Sprintf("per_batch[%d]", i))
	}
	e.FirstBatch.check(&p, m)
	for i := range e.FirstBatch.Phases {
		e.FirstBatch.Phases[i].check(&p, m, fmt.Sprintf("first_batch.phases[%d]", i))
	}
	return p.err
}

// A mode is what decides which results there are.
type mode struct {
	backprop, incremental, batchNorm, unfrozen bool
	phases, steps                              int
}

func (c *Case) mode() mode {
	m := mode{
		backprop:    c.Hyper.Update == "backprop",
		incremental: c.Hyper.Update == "incremental",
		batchNorm:   c.Network.HasBatchNorm(),
		phases:      1,
		steps:       c.Hyper.T,
	}
	m.unfrozen = m.batchNorm && !c.Hyper.BNFreeze
	switch {
	case m.backprop:
		m.phases = 0
	case c.Hyper.Nudging.Kind == "centred":
		m.phases = 2
	}
	if m.incremental && m.batchNorm {
		m.steps-- // the last update is a settled one
	}
	return m
}

// presence collects the first result that is there but should not be, or the
// other way round.
type presence struct{ err error }

func (p *presence) want(path string, is, should bool) {
	if p.err != nil || is == should {
		return
	}
	if should {
		p.err = fmt.Errorf("expected.%s: is missing", path)
	} else {
		p.err = fmt.Errorf("expected.%s: has no place in this case", path)
	}
}

func (r *BatchRow) check(p *presence, m mode, path string) {
	p.want(path+".train_logits", r.TrainLogits != nil, true)
	p.want(path+".lr_w", r.LR != nil, !m.incremental)
	p.want(path+".loss", r.Loss != nil, m.backprop)
	p.want(path+".energy_t0, one per phase", len(r.EnergyT0) == m.phases, true)
	p.want(path+".settled_total, one per phase", len(r.SettledTotal) == m.phases, true)
}

func (f *FirstBatch) check(p *presence, m mode) {
	p.want("first_batch.params_after", f.ParamsAfter != nil, true)
	p.want("first_batch.weight_grad", f.WeightGrad != nil, !m.incremental)
	p.want("first_batch.bn_state_after", len(f.StatsAfter) > 0, m.batchNorm)
	p.want("first_batch.loss", f.Loss != nil, m.backprop)
	p.want(fmt.Sprintf("first_batch.phases, %d of them", m.phases), len(f.Phases) == m.phases, true)
}

func (ph *Phase) check(p *presence, m mode, path string) {
	p.want(path+".h0", ph.H0 != nil, true)
	p.want(path+".output_target", ph.OutputTarget != nil, true)
	p.want(path+".bn_state_init", len(ph.StatsInit) > 0, m.unfrozen)
	p.want(path+".settled_energy", ph.SettledEnergy != nil, true)
	p.want(path+".settled_total", ph.SettledTotal != nil, true)
	p.want(path+".weight_energy", ph.WeightEnergy != nil, !m.incremental)
	p.want(path+".weight_grad", ph.WeightGrad != nil, !m.incremental)
	p.want(path+".settled_update", ph.SettledUpdate != nil, m.incremental && m.batchNorm)
	if u := ph.SettledUpdate; u != nil {
		p.want(path+".settled_update, complete", u.NodeEnergy != nil && u.TotalEnergy != nil &&
			u.WeightGrad != nil && u.ZeroGradParams != nil && u.LR != nil, true)
	}
	p.want(fmt.Sprintf("%s.steps, %d of them", path, m.steps), len(ph.Steps) == m.steps, true)
	for t := range ph.Steps {
		ph.Steps[t].check(p, m, fmt.Sprintf("%s.steps[%d]", path, t))
	}
}

func (s *Step) check(p *presence, m mode, path string) {
	p.want(path+", complete", s.StartLevel != nil && s.Precision != nil && s.NodeEnergy != nil &&
		s.TotalEnergy != nil && s.GradH != nil && s.H != nil, true)
	p.want(path+".weight_grad", s.WeightGrad != nil, m.incremental)
	p.want(path+".zero_grad_params", s.ZeroGradParams != nil, m.incremental)
	p.want(path+".params_after", s.ParamsAfter != nil, m.incremental)
	p.want(path+".lr_w", s.LR != nil, m.incremental)
	p.want(path+".bn_state", len(s.Stats) > 0, m.unfrozen)
}
