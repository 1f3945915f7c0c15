package golden

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/gopcn/gopcn/pcn/internal/reference"
)

// Compare compares a run with everything the case expects. A result that the
// run lacks is a mismatch.
func Compare(c *Case, run *reference.Run, policy Policy) *Report {
	return compare(c, run, &comparer{policy: policy, report: &Report{}})
}

// ComparePartial is Compare for a program that observes less: tensors, maps,
// slices and nested traces that are nil in the run are left out, and so are the
// energies of a step or phase whose NodeEnergy or SettledEnergy is nil. Of a
// batch that is there, rate, count and loss always count; of a step, its number
// and start level. [Report.Compared] says how much remained.
func ComparePartial(c *Case, run *reference.Run, policy Policy) *Report {
	return compare(c, run, &comparer{policy: policy, report: &Report{}, partial: true})
}

// A Report is the outcome of a comparison.
type Report struct {
	// Compared counts tensors, numbers and lists that were compared.
	Compared int

	// Mismatches says what was not as expected, in order.
	Mismatches []string

	// Worst is the largest deviation, as a multiple of what was allowed, and
	// WorstPath where it was.
	Worst     float64
	WorstPath string
}

// Err returns nil if everything was as expected, and otherwise an error that
// lists the first mismatches.
func (r *Report) Err() error {
	const listed = 12
	n := len(r.Mismatches)
	switch {
	case r.Compared == 0:
		return errors.New("golden: nothing was compared")
	case n == 0:
		return nil
	}
	text := strings.Join(r.Mismatches[:min(n, listed)], "\n\t")
	return fmt.Errorf("golden: %d of %d comparisons failed:\n\t%s", n, r.Compared, text)
}

// A comparer walks through expectations and results side by side.
type comparer struct {
	policy  Policy
	report  *Report
	partial bool
	biases  map[string]bool // whose gradients are round-off
}

func compare(c *Case, run *reference.Run, cmp *comparer) *Report {
	cmp.biases, _ = c.Network.Absorbed()
	e := &c.Expected
	cmp.tensor("logits_eval_initial", Logit, "", e.LogitsInitial, run.LogitsInitial)
	cmp.tensor("logits_eval_final", Logit, "", e.LogitsFinal, run.LogitsFinal)
	cmp.tensors("final.params", Param, e.Final.Params, run.Params)
	cmp.tensors("final.bn_state", Statistic, e.Final.Stats, run.Stats)
	if cmp.sameCount("batches", len(e.PerBatch), len(run.Batches)) {
		for i, b := range run.Batches {
			cmp.row(fmt.Sprintf("per_batch[%d]", i), &e.PerBatch[i], b)
		}
		cmp.firstBatch(e.FirstBatch, run.Batches[0])
	}
	return cmp.report
}

func (c *comparer) mismatch(path, format string, args ...any) {
	c.report.Mismatches = append(c.report.Mismatches, path+": "+fmt.Sprintf(format, args...))
}

// equal compares things that have no tolerance.
func (c *comparer) equal(path string, want, got any) bool {
	c.report.Compared++
	if want != got {
		c.mismatch(path, "got %v, want %v", got, want)
		return false
	}
	return true
}

// sameCount compares lengths; in a partial comparison there may be none.
func (c *comparer) sameCount(path string, want, got int) bool {
	if c.partial && got == 0 {
		return false
	}
	return c.equal("number of "+path, want, got)
}

func (c *comparer) difference(path string, d Difference) {
	c.report.Compared++
	if x := d.excess(); x > c.report.Worst {
		c.report.Worst, c.report.WorstPath = x, path
	}
	if !d.OK() {
		c.mismatch(path, "%v", d)
	}
}

func (c *comparer) number(path string, q Quantity, want *float64, got float64) {
	if want != nil {
		c.difference(path, CompareNumber(got, *want, c.policy(q, "")))
	}
}

func (c *comparer) numbers(path string, q Quantity, want, got []float64) {
	if want != nil && c.sameCount(path, len(want), len(got)) {
		for i := range want {
			c.number(fmt.Sprintf("%s[%d]", path, i), q, &want[i], got[i])
		}
	}
}

func (c *comparer) energies(path string, want, got map[string]float64) {
	if want == nil || got == nil && c.partial {
		return
	}
	c.sameNames(path, slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got)))
	for name, w := range want {
		if g, ok := got[name]; ok {
			c.difference(path+"."+name, CompareNumber(g, w, c.policy(Energy, name)))
		}
	}
}

func (c *comparer) sameNames(path string, want, got []string) {
	c.report.Compared++
	if !slices.Equal(want, got) {
		c.mismatch(path, "got the names %q, want %q", got, want)
	}
}

func (c *comparer) tensor(path string, q Quantity, name string, want *Tensor, got *reference.Tensor) {
	switch {
	case want == nil || got == nil && c.partial:
	case got == nil:
		c.difference(path, Difference{Problem: "is missing"})
	case !slices.Equal(got.Shape, want.Shape):
		c.difference(path, Difference{Problem: fmt.Sprintf("got shape %v, want %v", got.Shape, want.Shape)})
	default:
		c.difference(path, CompareTensor(got.Data, want, c.policy(q, name)))
	}
}

func (c *comparer) tensors(path string, q Quantity, want map[string]*Tensor, got reference.Tensors) {
	if want == nil || got == nil && c.partial {
		return
	}
	c.sameNames(path, slices.Sorted(maps.Keys(want)), got.Names())
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if want[name] == nil {
			c.difference(path+"."+name, Difference{Problem: "the golden tensor is null"})
			continue
		}
		c.tensor(path+"."+name, q, name, want[name], got[name])
	}
}

// latentGrads compares gradients of which the expectation leaves out those
// that are exactly zero.
func (c *comparer) latentGrads(path string, want map[string]*Tensor, got reference.Tensors) {
	if got == nil && c.partial {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		c.tensor(path+"."+name, LatentGrad, name, want[name], got[name])
	}
	for _, name := range got.Names() {
		if want[name] == nil {
			c.report.Compared++
			if !got[name].IsZero() {
				c.mismatch(path+"."+name, "want exactly zero")
			}
		}
	}
}

// zeroGrads compares the names of tensors without gradient. Whether round-off
// is exactly zero is an accident, so absorbed biases do not count.
func (c *comparer) zeroGrads(path string, want, got []string) {
	real := func(names []string) []string {
		kept := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return c.biases[n] })
		slices.Sort(kept)
		return kept
	}
	if want != nil && !(got == nil && c.partial) {
		c.sameNames(path, real(want), real(got))
	}
}

func (c *comparer) beta(path string, want, got *float64) {
	switch {
	case want == nil && got == nil:
	case want == nil || got == nil:
		c.equal(path+" is null", want == nil, got == nil)
	default:
		c.equal(path, math.Abs(*want-*got) <= 1e-12, true)
	}
}
