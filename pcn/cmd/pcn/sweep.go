package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/study"
)

var sweepCommand = command{
	name:    "sweep",
	summary: "try settings and select by validation images",
	usage: `Usage: pcn sweep [flags] file.json

Trains with every combination of a grid of settings, or with random ones, and
selects the best by their accuracy on images that are held out of training. Only
then the selected settings, and no others, meet the test images. Every run is
kept: the same command goes on where it was interrupted.

The file names what all trials have in common, as config.json of a run does, and
what is varied:

  {
    "settings": {"data": "fashion-mnist", "dir": "DIR", "val": 5000, "epochs": 3, "seeds": 2},
    "grid": {"latent_lr": [0.1, 0.3, 0.8], "precision": ["uniform", "spiking"]}
  }

or draws so many trials from lists and ranges (whole numbers where a setting
takes no others):

  {
    "settings": {"val": 5000, "epochs": 3},
    "random": {"lr": {"from": 1e-4, "to": 1e-2, "log": true}, "steps": {"from": 5, "to": 20}},
    "trials": 20, "draw": 0
  }

  pcn sweep rates.json
  pcn sweep -paper-protocol -out sweeps/rates rates.json
`,
	groups: func() []cli.Group { return new(sweepFlags).groups() },
	run:    sweep,
}

// sweepFlags are the flags of pcn sweep.
type sweepFlags struct {
	jobs  int
	out   string
	paper bool
	json  bool
}

func (f *sweepFlags) groups() []cli.Group {
	return []cli.Group{{Flags: []cli.Flag{
		{Name: "jobs", Arg: "n", Value: cli.Whole(&f.jobs, 0), Fallback: "what is estimated to end sooner",
			Text: "runs at once, which share the cores; it changes no bit of a result"},
		{Name: "out", Arg: "folder", Value: cli.Text(&f.out), Fallback: "sweep-NAME, after the file",
			Text: "folder of the sweep"},
		{Name: "paper-protocol", Value: cli.Toggle(&f.paper),
			Text: "select by the best test epoch, as the paper does; such accuracies flatter, and are labelled"},
		{Name: "json", Value: cli.Toggle(&f.json), Text: "print the table as JSON"},
	}}}
}

func sweep(ctx context.Context, args []string, s cli.Streams) error {
	f := new(sweepFlags)
	fs := cli.NewFlagSet("sweep", f.groups())
	if err := cli.ParseBegin(fs, args); err != nil {
		return err
	}
	if fs.NArg() != 1 {
		return cli.Usagef("name one file that describes the sweep, behind the flags")
	}
	question, err := f.question(fs.Arg(0))
	if err != nil {
		return err
	}
	cells, err := question.Cells()
	if err != nil {
		return cli.UsageError{Err: fmt.Errorf("%s: %w", fs.Arg(0), err)}
	}
	folder, err := study.Open(f.out)
	if err != nil {
		return err
	}
	o := study.Options{Jobs: f.jobs, Shelf: new(run.Shelf)}
	if _, err := folder.Pending(cells, o.Shelf); err != nil { // before anything is written
		return err
	}
	if err := folder.Lock(); err != nil {
		return err
	}
	defer folder.Close()
	if err := folder.AddSweep(question); err != nil {
		return err
	}
	lines := s
	if f.json {
		lines.Out = s.Err
	}
	if err := folder.Run(ctx, cells, lines, o); err != nil {
		return err
	}
	ranking, err := folder.Rank(question)
	if err != nil {
		return err
	}
	if ranking.Best() == nil {
		return errors.New("training diverged in every trial: lower lr or latent_lr")
	}
	verdict, err := f.judge(ctx, folder, ranking, lines, o)
	if err != nil {
		return err
	}
	return f.show(folder, ranking, verdict, s)
}

// question reads the file that describes the sweep.
func (f *sweepFlags) question(path string) (*study.Sweep, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	question, err := study.ParseSweep(text, f.paper)
	if err != nil {
		return nil, cli.UsageError{Err: fmt.Errorf("%s: %w", path, err)}
	}
	if f.out == "" {
		name := filepath.Base(path)
		f.out = "sweep-" + strings.TrimSuffix(name, filepath.Ext(name))
	}
	return question, nil
}

// judge lets the selected trial meet the test images. With the paper's protocol
// it has already, and there is no verdict.
func (f *sweepFlags) judge(ctx context.Context, folder *study.Folder, r *study.Ranking, s cli.Streams, o study.Options) (*study.Verdict, error) {
	if f.paper {
		return nil, nil
	}
	cells, err := r.TestCells()
	if err != nil {
		return nil, err
	}
	if err := folder.Run(ctx, cells, s, o); err != nil {
		return nil, err
	}
	return folder.Judge(r)
}

// show prints and saves what the sweep has found.
func (f *sweepFlags) show(folder *study.Folder, r *study.Ranking, v *study.Verdict, s cli.Streams) error {
	paths, err := folder.SaveRanking(r, v)
	if err != nil {
		return err
	}
	if f.json {
		text, err := r.JSON(v)
		if err != nil {
			return err
		}
		return json.NewEncoder(s.Out).Encode(json.RawMessage(text))
	}
	_, err = fmt.Fprintf(s.Out, "\n%s\n%s\nwritten: %s\n", r.Text(), r.Outcome(v), strings.Join(paths, ", "))
	return err
}
