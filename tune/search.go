package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/gopcn/gopcn/kernels"
)

// A tuner looks for a profile within a budget of time.
type tuner struct {
	handle *kernels.Handle // with the defaults
	gauge  gauge
	budget time.Duration
	now    func() time.Time
	step   func(what string) // told before each round
}

// Parts of the budget: what is left after the search and the two trials goes to
// the end of the round that is running.
const (
	searchPart = 0.55
	trialPart  = 0.2
)

// finding is what became of a class.
type finding struct {
	class *class
	outcome
	tried map[string]int // settings that differ from the defaults
	kept  bool           // to its advantage
}

// result is what a tuner found.
type result struct {
	profile  kernels.Profile
	changed  bool // it is not the default
	findings []finding
}

// run searches all classes and then tries what it found against the defaults,
// with measurements of their own: the best of many candidates looks better than
// it is. A class keeps its settings if it gains more than the noise, here and in
// a second trial of the profile that is left. If any class loses by that, all
// defaults stay.
func (t *tuner) run(ctx context.Context) (*result, error) {
	start := t.now()
	list := classesFor(t.handle.ISA())
	standard := t.handle.Profile()
	best, err := t.search(ctx, list, standard, start)
	if err != nil {
		return nil, err
	}
	trials := start.Add(time.Duration(searchPart * float64(t.budget)))
	r := &result{profile: standard}
	for trial := range 2 {
		if best == standard {
			if trial == 0 {
				r.findings = unchanged(list)
			}
			break
		}
		trials = trials.Add(time.Duration(trialPart * float64(t.budget)))
		if r.findings, err = t.try(ctx, list, best, trials); err != nil {
			return nil, err
		}
		kept := standard
		for i := range r.findings {
			f := &r.findings[i]
			f.kept = f.kept && f.faster()
			if f.kept {
				f.class.copySettings(&kept, &best)
			}
		}
		if trial == 1 && slices.ContainsFunc(r.findings, func(f finding) bool { return f.slower() }) {
			for i := range r.findings {
				r.findings[i].kept = false
			}
			kept = standard
		}
		best = kept
	}
	r.profile, r.changed = best, best != standard
	return r, nil
}

// unchanged are the findings where the search found nothing better.
func unchanged(list []class) []finding {
	var findings []finding
	for i := range list {
		findings = append(findings, finding{class: &list[i], outcome: outcome{ratio: 1}})
	}
	return findings
}

// search improves one setting after the other, so long as there is time.
func (t *tuner) search(ctx context.Context, list []class, best kernels.Profile, start time.Time) (kernels.Profile, error) {
	count := 0
	for _, c := range list {
		count += len(c.factors) * len(c.settings)
	}
	done := 0
	for pass := range usual {
		for i := range list {
			works := list[i].works()
			for _, name := range list[i].settings {
				done++
				share := searchPart * float64(done) / float64(count)
				end := start.Add(time.Duration(share * float64(t.budget)))
				var err error
				if best, err = t.improve(ctx, works, best, name, list[i].factors[pass], end); err != nil {
					return best, err
				}
			}
		}
	}
	return best, nil
}

// Rounds of a contest: enough for a median, and no more than are of use.
const (
	leastRounds = 3
	mostRounds  = 60
)

// improve tries other values of one setting until the given time.
func (t *tuner) improve(ctx context.Context, works []work, best kernels.Profile, name string, factors []float64, end time.Time) (kernels.Profile, error) {
	if !t.now().Before(end) {
		return best, ctx.Err()
	}
	profiles := candidates(best, name, factors)
	standing, handles, err := t.handles(best, profiles)
	if err != nil {
		return best, err
	}
	c := newContest("trying "+name, works, standing, handles...)
	if err := t.rounds(ctx, end, c); err != nil {
		return best, err
	}
	winner, ratio := best, 1.0
	for k, p := range profiles {
		if o := c.outcome(k); o.faster() && o.ratio > ratio {
			winner, ratio = p, o.ratio
		}
	}
	return winner, nil
}

// rounds lets contests run round by round until the given time.
func (t *tuner) rounds(ctx context.Context, end time.Time, contests ...*contest) error {
	for n := 0; n < leastRounds || n < mostRounds && t.now().Before(end); n++ {
		for _, c := range contests {
			if err := ctx.Err(); err != nil {
				return err
			}
			t.step(c.name)
			c.round(t.gauge)
		}
	}
	return nil
}

// handles makes a handle of each profile.
func (t *tuner) handles(standing kernels.Profile, others []kernels.Profile) (*kernels.Handle, []*kernels.Handle, error) {
	var list []*kernels.Handle
	for _, p := range append([]kernels.Profile{standing}, others...) {
		h, err := t.handle.WithProfile(p)
		if err != nil {
			return nil, nil, fmt.Errorf("candidate: %w", err)
		}
		list = append(list, h)
	}
	return list[0], list[1:], nil
}

// candidates are profiles like best but for one setting, which is multiplied by
// the factors. Where that asks for more memory than there is, blocks of C get
// narrower.
func candidates(best kernels.Profile, name string, factors []float64) []kernels.Profile {
	var list []kernels.Profile
	for _, f := range factors {
		p := best
		s := setting(&p, name)
		value := int(f*float64(max(*s.Value, s.Unit))+0.5) / s.Unit * s.Unit
		*s.Value = min(max(value, s.Least), s.Most)
		for columns := setting(&p, "block_columns"); p.Check() != nil && *columns.Value > columns.Least; {
			*columns.Value -= columns.Unit
		}
		if *s.Value != *setting(&best, name).Value && p.Check() == nil && !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	return list
}

// try compares a profile with the defaults in every class until the given time.
func (t *tuner) try(ctx context.Context, list []class, p kernels.Profile, end time.Time) ([]finding, error) {
	standard := t.handle.Profile()
	_, handles, err := t.handles(standard, []kernels.Profile{p})
	if err != nil {
		return nil, err
	}
	var contests []*contest
	for i := range list {
		contests = append(contests, newContest("checking "+list[i].name, list[i].works(), t.handle, handles...))
	}
	if err := t.rounds(ctx, end, contests...); err != nil {
		return nil, err
	}
	var findings []finding
	for i, c := range contests {
		tried := list[i].changes(&standard, &p)
		findings = append(findings, finding{class: &list[i], outcome: c.outcome(0), tried: tried, kept: len(tried) > 0})
	}
	return findings, nil
}
