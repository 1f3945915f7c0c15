package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/view"
)

var trainCommand = command{
	name:    "train",
	summary: "train a network and report its test accuracy",
	usage: `Usage: pcn train [flags]

Trains a network and reports its accuracy on the test images. The same flags
give the same weights, bit for bit, on every machine. Without flags it trains a
deep network on images it makes itself.

With -out the run is kept in a folder: config.json (settings), metrics.jsonl
(what -json prints), checkpoint.safetensors (all that training goes on from),
with -val best.safetensors (weights of the best epoch), and in the end
report.html (what -view shows). Whatever ends the run, -resume goes on to the
same bits. Ctrl-C saves first.

  pcn train -data fashion-mnist -dir ~/data/fashion-mnist
  pcn train -rule pc -precision uniform -seeds 3
  pcn train -rule bp -json -out runs/bp
  pcn train -resume runs/bp -view :8080
  pcn train -config runs/bp/config.json -lr 3e-4 -out runs/slower
`,
	groups: func() []cli.Group { return newTrainFlags().groups() },
	run:    train,
}

// trainFlags are the flags of pcn train.
type trainFlags struct {
	settings run.Settings
	config   string // file of settings, or ""
	out      string // folder to make for the run, or ""
	resume   string // folder of a run to go on with, or ""
	every    int    // batches between checkpoints, or 0
	view     string // where the run is shown, or ""
	json     bool
}

func newTrainFlags() *trainFlags { return &trainFlags{settings: run.Defaults()} }

func (f *trainFlags) groups() []cli.Group {
	return append(f.settings.Flags(), cli.Group{Title: "Files and output", Flags: []cli.Flag{
		{Name: "config", Arg: "file", Value: cli.Text(&f.config),
			Text: "take settings from this file, config.json of a run for instance; flags override them"},
		{Name: "out", Arg: "folder", Value: cli.Text(&f.out),
			Text: "make this folder and keep the run in it"},
		{Name: "resume", Arg: "folder", Value: cli.Text(&f.resume),
			Text: "go on with the run in this folder, to the same bits; of its settings only -" + strings.Join(run.Bitless, " -") + " may change"},
		{Name: "save-every", Arg: "n", Value: cli.Whole(&f.every, 0), Fallback: "about every ten seconds",
			Text: "save a checkpoint after every n batches, and after every epoch; it changes no bit of the result"},
		{Name: "view", Arg: "address", Value: cli.Text(&f.view),
			Text: "show the run on a page: -view :8080 at http://127.0.0.1:8080 to this machine only, -view 0.0.0.0:8080 to all that reach it"},
		{Name: "json", Value: cli.Toggle(&f.json), Text: "print one JSON object a line to standard output"},
	}})
}

// resumable are the flags that a run may change when it goes on: none changes a
// bit of it.
var resumable = append([]string{"resume", "save-every", "json", "view"}, run.Bitless...)

// parse parses arguments and opens the folder of a run that goes on. Flags
// override the settings of -config and of that run, wherever they stand among
// the arguments.
func (f *trainFlags) parse(args []string) (*run.Folder, error) {
	fs := cli.NewFlagSet("train", f.groups())
	if err := cli.Parse(fs, args); err != nil {
		return nil, err
	}
	given := cli.Given(fs)
	for name, value := range map[string]string{"config": f.config, "out": f.out, "resume": f.resume} {
		if given[name] && value == "" {
			return nil, cli.Usagef("-%s needs a name", name)
		}
	}
	if given["view"] && f.view == "" {
		return nil, cli.Usagef("-view needs an address, such as :8080")
	}
	var folder *run.Folder
	var err error
	switch {
	case f.resume != "":
		for _, name := range slices.Sorted(maps.Keys(given)) {
			if !slices.Contains(resumable, name) {
				return nil, cli.Usagef("-resume goes on with a run as it was begun, which leaves no -%s: leave it out, or begin another run with -config %s and -out",
					name, filepath.Join(f.resume, run.ConfigFile))
			}
		}
		if folder, err = run.OpenFolder(f.resume); err != nil {
			return nil, fmt.Errorf("-resume: %w", err)
		}
		f.settings = folder.Settings()
	case f.config != "":
		if f.settings, err = run.LoadConfig(f.config); err != nil {
			return nil, cli.UsageError{Err: fmt.Errorf("-config: %w", err)}
		}
	default:
		return nil, nil
	}
	return folder, cli.Parse(cli.NewFlagSet("train", f.groups()), args)
}

func train(ctx context.Context, args []string, s cli.Streams) (err error) {
	f := newTrainFlags()
	folder, err := f.parse(args)
	if folder != nil {
		defer func() { err = errors.Join(err, folder.Close()) }()
	}
	if err != nil {
		return err
	}
	if f.out != "" {
		if err := run.CheckNewFolder(f.out); err != nil { // reading a set may take a minute
			return err
		}
	}
	hub := view.NewHub()
	if f.view != "" {
		server, err := serve(f.view, hub, s)
		if err != nil {
			return err
		}
		defer server.Close()
	}
	task, err := run.NewTask(f.settings)
	if err != nil {
		return err
	}
	if f.resume == "" && task.Settings.Init != "" { // an error is better before a folder is made
		if _, err := task.LoadWeights(task.Settings.Init); err != nil {
			return fmt.Errorf("-init: %w", err)
		}
	}
	if f.out != "" {
		if folder, err = run.CreateFolder(f.out, task.Record()); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, folder.Close()) }()
	}
	if folder != nil {
		folder.SaveEvery = f.every
	}
	log := run.NewLog(s, f.json)
	defer log.Close()
	if folder == nil && f.view == "" {
		return task.Run(ctx, log, run.Hooks{})
	}
	log.WriteJSON(hub)
	err = task.RunIn(ctx, folder, log, hub.Hooks(task.Settings.Epochs))
	if folder != nil {
		err = cmp.Or(err, writeReport(cmp.Or(f.out, f.resume), hub))
	}
	return err
}
