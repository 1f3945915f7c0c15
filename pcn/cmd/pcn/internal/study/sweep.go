package study

import (
	"errors"
	"fmt"
	"strings"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

// A Sweep is the question which settings serve best: trials of several
// settings, each with all seeds, compared by their accuracy on images that are
// held out of training. With the paper's protocol it is compared by the test
// images themselves.
type Sweep struct {
	// Settings are what all trials have in common. Their seeds are those of
	// every trial.
	Settings run.Settings

	// Trials are the points that are tried.
	Trials []Trial
}

// A Trial is one choice of the settings that are varied.
type Trial struct {
	Number   int // from 0 on
	Settings run.Settings
	Point    []Choice // in the order of their names
}

// A Choice is the value of one setting, as it is written behind the flag.
type Choice struct{ Name, Value string }

// Cells returns the cells of all trials. They see no test images, unless the
// paper's protocol is asked for.
func (s *Sweep) Cells() ([]Cell, error) {
	if s.Settings.Val == 0 && !s.Settings.Paper {
		return nil, errors.New(`settings are chosen by their accuracy on images that are held out: set "val" under settings, to 5000 for instance`)
	}
	var cells []Cell
	for i := range s.Settings.Seeds {
		for _, t := range s.Trials {
			c, err := t.cell(s.Settings.Seed + uint64(i))
			if err != nil {
				return nil, err
			}
			c.Blind = !s.Settings.Paper
			cells = append(cells, c)
		}
	}
	return cells, nil
}

// testCells are the runs of a trial again, with the test images.
func (s *Sweep) testCells(t *Trial) ([]Cell, error) {
	var cells []Cell
	for i := range s.Settings.Seeds {
		c, err := t.cell(s.Settings.Seed + uint64(i))
		if err != nil {
			return nil, err
		}
		c.Name = testPrefix + c.Name
		cells = append(cells, c)
	}
	return cells, nil
}

func (t *Trial) cell(seed uint64) (Cell, error) {
	settings := t.Settings
	settings.Seed, settings.Seeds = seed, 1
	task, err := run.Plan(settings)
	if err != nil {
		return Cell{}, fmt.Errorf("trial %d (%s): %w", t.Number, t.describe(), err)
	}
	return Cell{Name: t.cellName(seed), Task: task}, nil
}

// cellNames lists the cells of all trials, and those of the selected one with the
// test images.
func (s *Sweep) cellNames(selected *Trial) []string {
	var list []string
	for i := range s.Settings.Seeds {
		for _, t := range s.Trials {
			list = append(list, t.cellName(s.Settings.Seed+uint64(i)))
		}
	}
	for i := range s.Settings.Seeds {
		list = append(list, testPrefix+selected.cellName(s.Settings.Seed+uint64(i)))
	}
	return list
}

// testPrefix begins the names of cells that have seen test images.
const testPrefix = "test-"

func (t *Trial) cellName(seed uint64) string { return fmt.Sprintf("trial%03d-seed%d", t.Number, seed) }

// describe names what the trial chose.
func (t *Trial) describe() string {
	var list []string
	for _, c := range t.Point {
		list = append(list, c.Name+" "+c.Value)
	}
	return strings.Join(list, ", ")
}

// AddSweep writes down that the folder holds the sweep.
func (f *Folder) AddSweep(s *Sweep) error {
	var study struct {
		Study  string              `json:"study"` // "sweep"
		Trials []map[string]string `json:"trials"`
	}
	if _, err := f.readStudy("sweep", &study); err != nil {
		return err
	}
	study.Study, study.Trials = "sweep", nil
	for _, t := range s.Trials {
		point := map[string]string{}
		for _, c := range t.Point {
			point[c.Name] = c.Value
		}
		study.Trials = append(study.Trials, point)
	}
	return f.writeStudy(study)
}
