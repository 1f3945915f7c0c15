package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/energy"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/study"
)

var energyCommand = command{
	name:    "energy",
	summary: "energy, error and movement of each level, step by step and while networks train",
	usage: `Usage: pcn energy [flags] [run]

Shows where the energy of a relaxation is: that of each level, its error and how
far its latents move, at every step and while a network trains, as a table, a
CSV and JSON file and heat maps. Warnings say what goes wrong: levels that the
error never reaches, dead levels, energy that rises, spikes that wipe out the
error or turn it round, values that are not finite.

Without flags it compares plain predictive coding with spiking and with decaying
precision. With flags of a learning rule it shows that one, and of a run the
network that it came to, without training it.

  pcn energy
  pcn energy -methods pc,s,d,s+fu,d+fu,pc:latent-lr=0.3
  pcn energy -rule ipc -epochs 5 -every 50
  pcn energy runs/pc
`,
	groups: func() []cli.Group { return newEnergyFlags().groups() },
	run:    energies,
}

type energyFlags struct {
	subjectFlags
	methods string
	every   int
	out     string
	json    bool
}

// The methods that are compared unless flags say something else.
const energyMethods = "pc,s+fu,d+fu"

func newEnergyFlags() *energyFlags {
	f := &energyFlags{subjectFlags: subjectFlags{settings: run.Defaults()}}
	f.settings.Epochs = 3
	return f
}

var notOfEnergy = []string{"val", "paper-protocol", "seeds"}

func (f *energyFlags) groups() []cli.Group {
	groups := f.subjectFlags.groups([]cli.Flag{
		{Name: "methods", Arg: "list", Value: cli.Text(&f.methods), Fallback: energyMethods + "; the rule of the flags, if there are any of it",
			Text: "methods to compare, with commas between them, written as for pcn depth"},
		{Name: "every", Arg: "n", Value: cli.Whole(&f.every, 0), Fallback: "the batches of an epoch",
			Text: "look at every n-th batch, besides the first"},
		{Name: "out", Arg: "folder", Value: cli.Text(&f.out), Fallback: "energy-DATA; energy in the folder of a run",
			Text: "folder of the files, which are replaced"},
		{Name: "json", Value: cli.Toggle(&f.json), Text: "print all that was seen as one line of JSON"},
	}, notOfEnergy...)
	for _, g := range groups {
		for i := range g.Flags {
			if g.Flags[i].Name == "limit" {
				g.Flags[i].Fallback = "10000 with -data glyphs, else all"
			}
		}
	}
	return groups
}

// A subject is one method to look at.
type subject struct {
	label string
	*run.Task
}

func energies(ctx context.Context, args []string, s cli.Streams) error {
	f := newEnergyFlags()
	file, err := f.parse("energy", f.groups, args)
	if err != nil {
		return err
	}
	subjects, err := f.subjects()
	if err != nil {
		return err
	}
	shelf := new(run.Shelf)
	report := new(energy.Report)
	for _, sub := range subjects {
		if err := sub.Load(shelf); err != nil {
			return err
		}
		m, err := f.look(ctx, sub, file, s)
		if errors.Is(err, cli.ErrInterrupted) {
			fmt.Fprintf(s.Err, "%s: %v; nothing was written\n", sub.label, err)
		}
		if err != nil {
			return err
		}
		report.Methods = append(report.Methods, m)
	}
	switch {
	case f.out == "" && f.from != "":
		f.out = filepath.Join(filepath.Dir(file), "energy")
	case f.out == "":
		f.out = "energy-" + f.settings.Data
	}
	names, err := report.Save(f.out)
	if err != nil {
		return err
	}
	if f.json {
		return report.WriteJSON(s.Out)
	}
	fmt.Fprint(s.Out, energy.Legend(), "\n\n")
	if err := report.Print(s.Out); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.Out, "\nwritten to %s: %s\n", f.out, strings.Join(names, ", "))
	return err
}

// subjects plans what to look at.
func (f *energyFlags) subjects() ([]subject, error) {
	one := f.from != "" || f.config != ""
	for _, name := range []string{"rule", "precision", "update"} {
		one = one || f.settings.Given(name)
	}
	switch {
	case one && f.methods != "":
		return nil, cli.Usagef("-methods says which rules to compare: leave -from, -config, -rule, -precision and -update out")
	case f.methods == "":
		f.methods = energyMethods
	}
	if f.settings.Data == "glyphs" && f.from == "" {
		fillIn(&f.settings, "limit", "10000")
	}
	if one {
		t, err := run.Plan(f.settings)
		if err != nil {
			return nil, err
		}
		return relaxing([]subject{{ruleLabel(t), t}})
	}
	var list []subject
	for _, name := range strings.Split(f.methods, ",") {
		m, settings := study.Method(name), f.settings
		if err := m.Apply(&settings); err != nil {
			return nil, err
		}
		t, err := run.Plan(settings)
		if err != nil {
			return nil, err
		}
		list = append(list, subject{m.Label(), t})
	}
	return relaxing(list)
}

// relaxing refuses backpropagation.
func relaxing(list []subject) ([]subject, error) {
	for _, s := range list {
		if s.Settings.Rule == "bp" {
			return nil, cli.Usagef("backpropagation does not relax, so that there is no energy to look at: choose another rule")
		}
	}
	return list, nil
}

// ruleLabel is a short name of a task's rule.
func ruleLabel(t *run.Task) string {
	s := &t.Settings
	label := "PC"
	if s.Rule == "ipc" {
		label = "iPC"
	}
	if s.Precision != "uniform" {
		label += "+" + strings.ToUpper(s.Precision[:1])
	}
	if s.Update == "forward" {
		label += "+FU"
	}
	return label
}

// look trains a method, or looks at the weights of a run.
func (f *energyFlags) look(ctx context.Context, sub subject, file string, s cli.Streams) (*energy.Method, error) {
	if file != "" {
		m, err := loadWeights(sub.Task, file)
		if err != nil {
			return nil, err
		}
		return energy.Inspect(sub.label, sub.Task, m.given(), sub.FirstBatch())
	}
	bar := cli.NewProgress(s)
	defer bar.Clear()
	return energy.Train(ctx, sub.label, sub.Task, f.every, func(epoch, done, of int) {
		bar.Update(fmt.Sprintf("%s, epoch %d/%d", sub.label, epoch, sub.Settings.Epochs), done, of, "")
	})
}
