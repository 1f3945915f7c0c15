package main

import (
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

// modelFlags choose a trained network: that of a run, or weights for a network
// that the flags of train describe.
type modelFlags struct {
	settings run.Settings
	weights  string // file, or "" for those of a run
	config   string // file of settings for weights, or ""
	best     bool
}

// groups are the flags, behind those of the command itself.
func (m *modelFlags) groups(own ...cli.Flag) []cli.Group {
	first := cli.Group{Flags: append(own,
		cli.Flag{Name: "best", Value: cli.Toggle(&m.best),
			Text: "of a run with -val take the weights of its best epoch, not the latest"},
		cli.Flag{Name: "weights", Arg: "file", Value: cli.Text(&m.weights),
			Text: "take these weights, PyTorch's for instance, instead of a run's; the flags below say which network they are for"},
		cli.Flag{Name: "config", Arg: "file", Value: cli.Text(&m.config),
			Text: "with -weights: take settings from this file; flags override them"},
	)}
	return append([]cli.Group{first}, m.settings.Flags()...)
}

// A model is a trained network.
type model struct {
	*run.Task // without data
	file      string
	weights   pcn.Weights
}

// open parses the arguments of a command and finds the network. It returns the
// arguments that are no flags and do not name the run.
func (m *modelFlags) open(command string, groups func() []cli.Group, args []string) (*model, []string, error) {
	rest, err := cli.ParseMixed(cli.NewFlagSet(command, groups()), args)
	if err != nil {
		return nil, nil, err
	}
	found := &model{file: m.weights}
	m.settings = run.Defaults()
	switch {
	case m.weights != "" && m.best:
		return nil, nil, cli.Usagef("-best chooses among the files of a run, and -weights names a file: leave one out")
	case m.weights == "" && m.config != "":
		return nil, nil, cli.Usagef("-config goes with -weights: a run knows its settings, and flags override them")
	case m.config != "":
		if m.settings, err = run.LoadConfig(m.config); err != nil {
			return nil, nil, cli.UsageError{Err: err}
		}
	case m.weights == "" && len(rest) == 0:
		return nil, nil, cli.Usagef("name a run: the folder of pcn train -out, or a file in it; or weights by -weights")
	case m.weights == "":
		if m.settings, found.file, err = run.FindModel(rest[0], m.best); err != nil {
			return nil, nil, err
		}
		rest = rest[1:]
	}
	// Flags override the settings of the run.
	if _, err := cli.ParseMixed(cli.NewFlagSet(command, groups()), args); err != nil {
		return nil, nil, err
	}
	if found.Task, err = run.Plan(m.settings); err != nil {
		return nil, nil, err
	}
	found.weights, err = found.LoadWeights(found.file)
	return found, rest, err
}
