package energy

import (
	"fmt"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/plot"
)

// A quantity is what a figure shows of a look.
type quantity struct {
	name, unit      string
	steps, training string // what the figures are called

	byStep  func(*Look) [][]cli.Number // by step and level
	settled func(*Look) []cli.Number   // by level
}

var quantities = []quantity{
	{
		"energy", "energy per sample",
		"Energy by relaxation step", "Energy left by the relaxation, while training",
		func(l *Look) [][]cli.Number { return l.Energy }, (*Look).settled,
	},
	{
		"error", "norm per sample",
		"Error by relaxation step", "Error left by the relaxation, while training",
		func(l *Look) [][]cli.Number { return l.Error }, (*Look).settledError,
	},
	{
		"update", "norm per sample",
		"Movement of the latents by relaxation step", "Movement of the latents in all steps, while training",
		func(l *Look) [][]cli.Number { return l.Update }, func(l *Look) []cli.Number { return l.Moved },
	},
}

// A figure is a heat map with the name of its files.
type figure struct {
	name string
	plot.HeatMap
}

// figures are those of a report: every quantity over the relaxation steps and, if
// the networks were trained, over training.
func (r *Report) figures() []figure {
	var list []figure
	for _, q := range quantities {
		if f := r.overSteps(q); len(f.Panels) > 0 {
			list = append(list, f)
		}
		if f := r.overTraining(q); len(f.Panels) > 0 {
			list = append(list, f)
		}
	}
	return list
}

// subject is what the figures are of.
func (r *Report) subject() string {
	s := &r.Methods[0].Settings
	return fmt.Sprintf("%s, %s", s.Model, s.Data)
}

// overSteps has the first look of all methods and then the last.
func (r *Report) overSteps(q quantity) figure {
	f := figure{q.name + "-steps", plot.HeatMap{
		Title: fmt.Sprintf("%s: %s", q.steps, r.subject()),
		X:     "relaxation step", Y: "level", Unit: q.unit, Log: true,
	}}
	for _, last := range []bool{false, true} {
		for _, m := range r.Methods {
			if len(m.Looks) == 0 || last && len(m.Looks) == 1 {
				continue
			}
			l := &m.Looks[0]
			if last {
				l = &m.Looks[len(m.Looks)-1]
			}
			f.Panels = append(f.Panels, plot.Panel{Title: m.Label + ", " + m.name(l), Values: byLevel(q.byStep(l))})
		}
	}
	return f
}

// overTraining has a panel a method and a column a look.
func (r *Report) overTraining(q quantity) figure {
	f := figure{q.name + "-training", plot.HeatMap{
		Title: fmt.Sprintf("%s: %s", q.training, r.subject()),
		X:     "epoch", Y: "level", Unit: q.unit, Log: true,
	}}
	for _, m := range r.Methods {
		if len(m.Looks) < 2 {
			continue
		}
		var rows [][]cli.Number
		var epochs []float64
		for i := range m.Looks {
			l := &m.Looks[i]
			rows = append(rows, q.settled(l))
			batch := float64((l.Epoch-1)*m.Batches + l.Batch)
			if i == 0 {
				batch = 0 // as far as the eye sees
			}
			epochs = append(epochs, batch/float64(m.Batches))
		}
		f.Panels = append(f.Panels, plot.Panel{Title: m.Label, Values: byLevel(rows), Columns: epochs})
	}
	return f
}

// byLevel turns a table by step and level into one with a row a level.
func byLevel(rows [][]cli.Number) [][]float64 {
	list := make([][]float64, len(rows[0]))
	for level := range list {
		list[level] = make([]float64, len(rows))
		for t := range rows {
			list[level][t] = float64(rows[t][level])
		}
	}
	return list
}
