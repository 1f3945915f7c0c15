package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

var trainCommand = command{
	name:    "train",
	summary: "train a network and report its test accuracy",
	usage: `Usage: pcn train [flags]

Trains a network and reports its accuracy on the test images. The same flags
give the same weights, bit for bit, on every machine. Without flags it trains a
deep network on images it makes itself.

  pcn train -data fashion-mnist -dir ~/data/fashion-mnist
  pcn train -rule pc -precision uniform -seeds 3
  pcn train -rule bp -json -out runs/bp
`,
	groups: func() []cli.Group { return newTrainFlags().groups() },
	run:    train,
}

// trainFlags are the flags of pcn train.
type trainFlags struct {
	settings run.Settings
	config   string // file of settings, or ""
	out      string // folder of the run, or ""
	json     bool
}

func newTrainFlags() *trainFlags { return &trainFlags{settings: run.Defaults()} }

// parse parses arguments. Flags override the file of settings, wherever -config
// stands among them.
func (f *trainFlags) parse(args []string) error {
	fs := cli.NewFlagSet("train", f.groups())
	if err := cli.Parse(fs, args); err != nil {
		return err
	}
	given := cli.Given(fs)
	for name, value := range map[string]string{"config": f.config, "out": f.out} {
		if given[name] && value == "" {
			return cli.Usagef("-%s needs a name", name)
		}
	}
	if f.config == "" {
		return nil
	}
	var err error
	if f.settings, err = run.LoadConfig(f.config); err != nil {
		return cli.UsageError{Err: fmt.Errorf("-config: %w", err)}
	}
	return cli.Parse(cli.NewFlagSet("train", f.groups()), args)
}

func (f *trainFlags) groups() []cli.Group {
	return append(f.settings.Flags(), cli.Group{Title: "Files and output", Flags: []cli.Flag{
		{Name: "config", Arg: "file", Value: cli.Text(&f.config),
			Text: "take settings from this file, config.json of a run for instance; flags override them"},
		{Name: "out", Arg: "folder", Value: cli.Text(&f.out),
			Text: "make this folder and write config.json and metrics.jsonl to it"},
		{Name: "json", Value: cli.Toggle(&f.json), Text: "print one JSON object a line to standard output"},
	}})
}

func train(ctx context.Context, args []string, s cli.Streams) (err error) {
	f := newTrainFlags()
	if err := f.parse(args); err != nil {
		return err
	}
	task, err := run.NewTask(f.settings)
	if err != nil {
		return err
	}
	log := run.NewLog(s, f.json)
	defer log.Close()
	if f.out != "" {
		file, err := run.MakeFolder(f.out, task.Record())
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		log.WriteJSON(file)
	}
	return task.Run(ctx, log, run.Hooks{})
}
