package main

import (
	"slices"

	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

// subjectFlags choose what a command looks into: a network as the flags of train
// describe it, or the one of a run.
type subjectFlags struct {
	settings run.Settings
	from     string // run, or file in it
	best     bool
	config   string // file of settings
}

// groups are the flags, behind those of the command itself. Of train's they leave
// out some.
func (f *subjectFlags) groups(own []cli.Flag, without ...string) []cli.Group {
	groups := []cli.Group{{Flags: append(own,
		cli.Flag{Name: "from", Arg: "folder", Value: cli.Text(&f.from),
			Text: "a run, as without this flag: the folder of pcn train -out or a file in it; its settings, which flags override, and the weights it came to"},
		cli.Flag{Name: "best", Value: cli.Toggle(&f.best),
			Text: "with -from: of a run with -val take the weights of its best epoch, not the latest"},
		cli.Flag{Name: "config", Arg: "file", Value: cli.Text(&f.config),
			Text: "take settings from this file; flags override them"},
	)}}
	for _, g := range f.settings.Flags() {
		g.Flags = slices.DeleteFunc(g.Flags, func(flag cli.Flag) bool { return slices.Contains(without, flag.Name) })
		if len(g.Flags) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// parse parses the arguments of a command, so that flags override the settings of
// a run or a file, which override the given ones. The run may be named with or
// without -from. It returns the file that has the run's weights.
func (f *subjectFlags) parse(command string, groups func() []cli.Group, args []string) (weights string, err error) {
	standard := f.settings
	rest, err := cli.ParseMixed(cli.NewFlagSet(command, groups()), args)
	if err != nil {
		return "", err
	}
	f.settings = standard
	if len(rest) > 0 && f.from == "" {
		f.from, rest = rest[0], rest[1:]
	}
	switch {
	case len(rest) > 0:
		return "", cli.Usagef("unexpected argument %q: one run at a time", rest[0])
	case f.from != "" && f.config != "":
		return "", cli.Usagef("a run and -config both have settings: leave one out")
	case f.from != "":
		if f.settings, weights, err = run.FindModel(f.from, f.best); err != nil {
			return "", err
		}
	case f.best:
		return "", cli.Usagef("-best goes with a run, whose weights it chooses")
	case f.config != "":
		if f.settings, err = run.LoadConfig(f.config); err != nil {
			return "", cli.UsageError{Err: err}
		}
	}
	_, err = cli.ParseMixed(cli.NewFlagSet(command, groups()), args)
	return weights, err
}

// loadWeights reads the weights of a file, those of -init if there is none, for a
// planned task. There may be none at all.
func loadWeights(t *run.Task, file string) (*model, error) {
	m := &model{Task: t, file: file}
	if m.file == "" {
		m.file = t.Settings.Init
	}
	if m.file == "" {
		return m, nil
	}
	var err error
	m.weights, err = t.LoadWeights(m.file)
	return m, err
}

// given are the weights, nil if there are none.
func (m *model) given() *pcn.Weights {
	if m.file == "" {
		return nil
	}
	return &m.weights
}
