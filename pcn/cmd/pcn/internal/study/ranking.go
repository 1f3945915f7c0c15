package study

import (
	"fmt"
	"math"
	"slices"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

// A Ranking is what a sweep has found: its trials, the best first.
type Ranking struct {
	sweep *Sweep
	rows  []rankedTrial
}

// A rankedTrial sums up the seeds of a trial.
type rankedTrial struct {
	trial   *Trial
	results []*Result
}

// score is what trials are compared by: the accuracy at each seed's best epoch,
// on the images that it was chosen by. It is NaN if training failed with one of
// the seeds.
func (t *rankedTrial) score() spread {
	return spreadOf(t.results, func(r *Result) float64 {
		if r.Done == nil || r.Best == nil {
			return nan
		}
		return float64(r.Best.ChosenBy())
	})
}

// epoch is the mean of the best epochs' numbers.
func (t *rankedTrial) epoch() cli.Number {
	return spreadOf(t.results, func(r *Result) float64 {
		if r.Best == nil {
			return nan
		}
		return float64(r.Best.Epoch)
	}).Mean
}

// Rank compares the trials, all of which have ended. Of equals the first is the
// best; trials whose training failed come last.
func (f *Folder) Rank(s *Sweep) (*Ranking, error) {
	k := &Ranking{sweep: s}
	for i := range s.Trials {
		row := rankedTrial{trial: &s.Trials[i]}
		for j := range s.Settings.Seeds {
			name := s.Trials[i].cellName(s.Settings.Seed + uint64(j))
			r, err := f.Result(name)
			if err != nil {
				return nil, err
			}
			if r == nil {
				return nil, fmt.Errorf("the cell %s of %s has not ended", name, f.dir)
			}
			row.results = append(row.results, r)
		}
		k.rows = append(k.rows, row)
	}
	slices.SortStableFunc(k.rows, func(a, b rankedTrial) int {
		x, y := float64(a.score().Mean), float64(b.score().Mean)
		switch {
		case x > y || !math.IsNaN(x) && math.IsNaN(y):
			return -1
		case x < y || math.IsNaN(x) && !math.IsNaN(y):
			return 1
		}
		return 0
	})
	return k, nil
}

// Best returns the trial that was selected, and nil if training failed in all
// of them.
func (k *Ranking) Best() *Trial {
	if math.IsNaN(float64(k.rows[0].score().Mean)) {
		return nil
	}
	return k.rows[0].trial
}

// Outcome says which trial was selected, and what it came to. The paper's
// protocol knows no verdict, which is nil then.
func (k *Ranking) Outcome(v *Verdict) string {
	if v != nil {
		return v.text()
	}
	return fmt.Sprintf("best test epochs (the paper's protocol: chosen by the test images themselves, which flatters): trial %d (%s), %s\n",
		k.Best().Number, k.Best().describe(), k.rows[0].score().percent())
}

// TestCells are the runs of the best trial again, with the test images.
func (k *Ranking) TestCells() ([]Cell, error) { return k.sweep.testCells(k.Best()) }

// A Verdict is the selected trial on the test images, over the seeds: at the
// epochs that were best on the validation images, and after the last ones.
type Verdict struct {
	Trial    *Trial
	Best     spread
	Last     spread
	Repeated bool // its runs gave the weights again that were selected
}

// Judge returns what the test cells of the best trial came to.
func (f *Folder) Judge(k *Ranking) (*Verdict, error) {
	v := &Verdict{Trial: k.Best(), Repeated: true}
	cells, err := k.TestCells()
	if err != nil {
		return nil, err
	}
	var results []*Result
	for i, c := range cells {
		r, err := f.Result(c.Name)
		if err != nil {
			return nil, err
		}
		if r == nil || r.Done == nil || r.Best == nil {
			return nil, fmt.Errorf("the cell %s of %s has no test accuracy", c.Name, f.dir)
		}
		v.Repeated = v.Repeated && r.Done.Weights == k.rows[0].results[i].Done.Weights
		results = append(results, r)
	}
	v.Best = spreadOf(results, func(r *Result) float64 { return float64(r.Best.Test) })
	v.Last = spreadOf(results, (*Result).Accuracy)
	return v, nil
}

func (v *Verdict) text() string {
	text := fmt.Sprintf("selected: trial %d (%s)\ntest accuracy %s at the best validation epoch, %s after the last one",
		v.Trial.Number, v.Trial.describe(), v.Best.percent(), v.Last.percent())
	if !v.Repeated {
		text += "\nwarning: its runs were repeated with the test images and gave other weights: was the sweep made by another version?"
	}
	return text + "\n"
}

// percent formats an accuracy.
func (s spread) percent() string {
	text := fmt.Sprintf("%.2f", 100*float64(s.Mean))
	if s.N > 1 {
		text += fmt.Sprintf(" ± %.2f", 100*float64(s.Std))
	}
	return text + " %"
}
