package study

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

// Accuracy is what a depth study has found so far: test accuracies after the
// last epoch.
type Accuracy struct {
	Study  *DepthStudy
	depths []depthColumn
	cells  map[accuracyKey]*accuracyCell
}

// A depthColumn is a network.
type depthColumn struct {
	depth, levels int
}

type accuracyKey struct {
	method Method
	depth  int
}

// An accuracyCell sums up the seeds of one method at one depth.
type accuracyCell struct {
	seeds   []uint64
	results []*Result // in the order of the seeds
	wanted  int       // seeds, those without a result included
}

// Accuracy sums up the results of a depth study.
func (f *Folder) Accuracy(study *DepthStudy) (*Accuracy, error) {
	a := &Accuracy{Study: study, cells: map[accuracyKey]*accuracyCell{}}
	cells := slices.Clone(study.Cells)
	slices.SortStableFunc(cells, func(a, b depthCell) int { return cmp.Compare(a.Seed, b.Seed) })
	for _, c := range cells {
		if column := (depthColumn{c.Depth, c.Levels}); !slices.Contains(a.depths, column) {
			a.depths = append(a.depths, column)
		}
		key := accuracyKey{c.Method, c.Depth}
		cell := a.cells[key]
		if cell == nil {
			cell = new(accuracyCell)
			a.cells[key] = cell
		}
		cell.wanted++
		result, err := f.Result(c.Cell)
		if err != nil {
			return nil, err
		}
		if result != nil {
			cell.seeds, cell.results = append(cell.seeds, c.Seed), append(cell.results, result)
		}
	}
	slices.SortFunc(a.depths, func(a, b depthColumn) int { return cmp.Compare(a.depth, b.depth) })
	return a, nil
}

// diverged counts the seeds whose training failed.
func (c *accuracyCell) diverged() int {
	n := 0
	for _, r := range c.results {
		if r.Done == nil {
			n++
		}
	}
	return n
}

// spread is the accuracy over the seeds, NaN if training failed with one of
// them: a mean of the others would flatter.
func (c *accuracyCell) spread() spread { return spreadOf(c.results, (*Result).Accuracy) }

// name is what a network is called in tables.
func (a *Accuracy) name(c depthColumn) string {
	switch a.Study.Family {
	case "mlp":
		return fmt.Sprintf("%d levels", c.levels)
	case "vgg":
		return fmt.Sprintf("VGG%d", c.depth)
	}
	return fmt.Sprintf("ResNet%d", c.depth)
}

// rows calls f for every method and depth that have results, methods first.
func (a *Accuracy) rows(f func(Method, depthColumn, *accuracyCell)) {
	for _, m := range a.Study.Methods {
		for _, d := range a.depths {
			if c := a.cells[accuracyKey{m, d.depth}]; c != nil && len(c.results) > 0 {
				f(m, d, c)
			}
		}
	}
}

// counts returns how many cells have ended and how many there are, and the time
// that was spent in those that have.
func (a *Accuracy) counts() (ended, wanted int, spent time.Duration) {
	for _, c := range a.cells {
		ended += len(c.results)
		wanted += c.wanted
		for _, r := range c.results {
			if r.Done != nil {
				spent += time.Duration(float64(r.Done.Seconds) * float64(time.Second))
			}
		}
	}
	return ended, wanted, spent
}

// seeds lists the seeds that have such results.
func (a *Accuracy) seeds(such func(*Result) bool) []uint64 {
	seen := map[uint64]bool{}
	for _, c := range a.cells {
		for i, s := range c.seeds {
			if such(c.results[i]) {
				seen[s] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// settings are the shared settings as flags, as far as they are not defaults of
// pcn train; the number of epochs is always said.
func (a *Accuracy) settings() string {
	defaults := run.Defaults()
	var list []string
	for _, name := range run.Names() {
		if value, there := a.Study.Base[name]; there && name != "data" && (value != defaults.Get(name) || name == "epochs") {
			list = append(list, "-"+name+" "+value)
		}
	}
	return strings.Join(list, " ")
}

// title says what is compared.
func (a *Accuracy) title() string {
	networks := map[string]string{"vgg": "VGG networks", "resnet": "residual networks"}[a.Study.Family]
	if networks == "" {
		networks = "MLPs with hidden layers of " + a.Study.Base["hidden"]
	}
	return fmt.Sprintf("%s on %s", networks, a.Study.Base["data"])
}
