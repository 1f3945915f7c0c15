package pcn

import (
	"fmt"
	"math"

	"github.com/gopcn/gopcn/kernels"
)

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// finiteRows reports whether the first n rows of a matrix are finite.
func finiteRows(m kernels.Matrix, n int) bool {
	for i := range n {
		for _, v := range m.Row(i) {
			if v-v != 0 {
				return false
			}
		}
	}
	return true
}

// finite reports whether the values of a parameter are.
func (p *param) finite() bool { return finiteRows(p.value, p.value.Rows) }

// finiteGradient reports whether the values of its gradient are.
func (p *param) finiteGradient() bool { return finiteRows(p.grad, p.grad.Rows) }

// lowestOff returns the lowest level with a parameter that does not pass, or -1.
func (t *Trainer) lowestOff(pass func(*param) bool) int {
	lowest := -1
	for i := range t.nodes {
		n := &t.nodes[i]
		for k := range n.stages {
			for _, p := range n.stages[k].params() {
				if !pass(p) && (lowest < 0 || n.Level < lowest) {
					lowest = n.Level
				}
			}
		}
	}
	return lowest
}

// notFinite says what in the step just made, which told s and was traced, first
// stopped being finite; nil if nothing did.
func (t *Trainer) notFinite(s Stats) *DivergedError {
	for i := range t.nodes { // sources have lower levels
		if n := &t.nodes[i]; !finiteRows(n.h0, s.Samples) {
			return &DivergedError{What: fmt.Sprintf("the prediction of level %d is not finite in the forward pass", n.Level), Level: n.Level, Step: -1}
		}
	}
	if !finite(s.Loss) {
		level := t.net.Levels() - 1
		return &DivergedError{What: fmt.Sprintf("the loss is %v", s.Loss), Level: level, Step: -1}
	}
	if t.tracing {
		if e := t.Trace().notFinite(); e != nil {
			return e
		}
	}
	if level := t.lowestOff((*param).finiteGradient); level >= 0 {
		return &DivergedError{What: fmt.Sprintf("the weight gradient of level %d is not finite", level), Level: level, Step: -1}
	}
	if level := t.lowestOff((*param).finite); level >= 0 {
		return &DivergedError{What: fmt.Sprintf("the parameters of level %d are not finite behind it", level), Level: level, Step: -1}
	}
	return nil
}

// notFinite says where a trace first stops being finite; nil if it is finite.
func (tr *Trace) notFinite() *DivergedError {
	find := func(what string, row []float64, t int) *DivergedError {
		for level, v := range row {
			if !finite(v) {
				return &DivergedError{What: fmt.Sprintf("the %s of level %d are not finite at relaxation step %d", what, level, t), Level: level, Step: t}
			}
		}
		return nil
	}
	for t := range tr.Error {
		if e := find("errors", tr.Error[t], t); e != nil {
			return e
		}
		if t < len(tr.Update) {
			if e := find("latents", tr.Update[t], t); e != nil {
				return e
			}
			if e := find("latents", tr.Latent[t+1], t); e != nil {
				return e
			}
		}
	}
	return nil
}
