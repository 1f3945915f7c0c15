package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/gopcn/gopcn/pcn/audit"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

var auditCommand = command{
	name:    "audit",
	summary: "am I just doing backprop? a rule's gradients beside backprop's, and whether both are right",
	usage: `Usage: pcn audit [flags] [run]

Takes one training batch through a network, under its rule and under
backpropagation, and compares the raw weight gradients of each level, before any
optimiser: their directions (cosine) and their lengths (ratio). Some samples are
held against a float64 reference, by finite differences of the energy that each
gradient comes from. The last line answers: am I just doing backprop?

The network is as it is before training, or as a run left it.

  pcn audit
  pcn audit -rule pc -precision uniform
  pcn audit runs/pc -json
`,
	groups: func() []cli.Group { return newAuditFlags().groups() },
	run:    auditRule,
}

type auditFlags struct {
	subjectFlags
	check int
	json  bool
}

func newAuditFlags() *auditFlags {
	return &auditFlags{subjectFlags: subjectFlags{settings: run.Defaults()}, check: -1}
}

// What training alone needs is left out.
var notOfAudit = []string{"val", "paper-protocol", "train-top", "epochs", "seeds", "optimizer", "lr", "wd", "schedule", "skip-zero"}

func (f *auditFlags) groups() []cli.Group {
	return f.subjectFlags.groups([]cli.Flag{
		{Name: "check", Arg: "n", Value: cli.Whole(&f.check, 0), Fallback: "16; 4 of image networks",
			Text: "samples of the batch to hold against the float64 reference, which takes its time; 0 for none"},
		{Name: "json", Value: cli.Toggle(&f.json), Text: "print one line of JSON"},
	}, notOfAudit...)
}

func auditRule(ctx context.Context, args []string, s cli.Streams) error {
	f := newAuditFlags()
	file, err := f.parse("audit", f.groups, args)
	if err != nil {
		return err
	}
	task, err := run.Plan(f.settings)
	if err != nil {
		return err
	}
	m, err := loadWeights(task, file)
	if err != nil {
		return err
	}
	if err := m.Load(new(run.Shelf)); err != nil {
		return err
	}
	report, err := f.audit(ctx, m, s)
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(s.Err, "interrupted before the audit was done")
		return cli.ErrInterrupted
	}
	if err != nil {
		return err
	}
	if f.json {
		err = json.NewEncoder(s.Out).Encode(report)
	} else {
		err = report.print(s.Out)
	}
	if err == nil && !report.Agrees {
		err = errors.New("the gradients are not those of the float64 reference")
	}
	return err
}

// audit runs the audit on the batch that training begins with.
func (f *auditFlags) audit(ctx context.Context, m *model, s cli.Streams) (*auditReport, error) {
	config := m.Config
	config.Seed = m.Settings.Seed
	o := audit.Options{Weights: m.given(), Samples: f.check}
	switch {
	case f.check < 0 && !m.Net.Input.IsVector():
		o.Samples = 4
	case f.check < 0:
		o.Samples = 16
	case f.check == 0:
		o.Samples = -1
	}
	bar := cli.NewProgress(s)
	defer bar.Clear()
	bar.Update("float64 reference", 0, 1, "")
	o.OnLevel = func(done, levels int) { bar.Update("float64 reference", done, levels, "") }
	r, err := audit.Run(ctx, m.Net, config, m.FirstBatch(), o)
	if err != nil {
		return nil, err
	}
	return newAuditReport(m, r), nil
}

// auditReport is what pcn audit tells.
type auditReport struct {
	Settings *run.Settings `json:"settings"`
	Weights  string        `json:"weights"` // the file, "" for those that training begins with
	Samples  int           `json:"samples"`
	Checked  int           `json:"checked"` // of them, against the reference
	Levels   []auditLevel  `json:"levels"`
	Agrees   bool          `json:"agrees"` // with the reference, as far as checked
	Verdict  string        `json:"verdict"`

	rule     string
	warnings []string
}

// auditLevel is an audit.Level.
type auditLevel struct {
	Level         int        `json:"level"`
	Parameters    int        `json:"parameters"`
	Cosine        cli.Number `json:"cosine"`
	Ratio         cli.Number `json:"ratio"`
	Norm          cli.Number `json:"norm"`
	Backprop      cli.Number `json:"backprop_norm"`
	Rounding      cli.Number `json:"rounding"`
	Check         cli.Number `json:"check"`
	BackpropCheck cli.Number `json:"backprop_check"`
	Finding       string     `json:"finding"`
}

func newAuditReport(m *model, r *audit.Report) *auditReport {
	report := &auditReport{
		Settings: &m.Settings, Weights: m.file, Samples: r.Samples, Checked: r.Checked, Agrees: true, Verdict: r.Verdict(),
		rule: m.Settings.RuleText(), warnings: m.Warnings,
	}
	for i := range r.Levels {
		l := &r.Levels[i]
		report.Levels = append(report.Levels, auditLevel{
			i, l.Parameters, cli.Number(l.Cosine), cli.Number(l.Ratio), cli.Number(l.Norm), cli.Number(l.Backprop),
			cli.Number(l.Rounding), cli.Number(l.Check), cli.Number(l.BackpropCheck), string(l.Finding()),
		})
		report.Agrees = report.Agrees && l.Agrees()
	}
	return report
}

func (r *auditReport) print(w io.Writer) error {
	weights := "initial weights of seed " + fmt.Sprint(r.Settings.Seed)
	if r.Weights != "" {
		weights = r.Weights
	}
	fmt.Fprintf(w, "network    %s, %s, gain %v: %s\n", r.Settings.Model, r.Settings.Activation, r.Settings.Gain, weights)
	fmt.Fprintf(w, "rule       %s\n", r.rule)
	fmt.Fprintf(w, "batch      %d images of %s\n", r.Samples, r.Settings.Data)
	for _, warning := range r.warnings {
		fmt.Fprintln(w, "warning: "+warning)
	}
	fmt.Fprintln(w)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "level\tparameters\tcosine\tratio\tgradient\tbackprop\tdifference\tof backprop\t  it has\n")
	for _, l := range r.Levels {
		check, backprop := "-", "-"
		if r.Checked > 0 {
			check, backprop = fmt.Sprintf("%.1e", float64(l.Check)), fmt.Sprintf("%.1e", float64(l.BackpropCheck))
		}
		fmt.Fprintf(t, "%d\t%s\t%.4f\t%.3g\t%.2e\t%.2e\t%s\t%s\t  %s\n", l.Level, cli.Grouped(float64(l.Parameters)),
			float64(l.Cosine), float64(l.Ratio), float64(l.Norm), float64(l.Backprop), check, backprop, l.Finding)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if r.Checked > 0 {
		fmt.Fprintf(w, "\ndifferences are those from the float64 reference, relative to the gradient, by finite differences on %d samples\n", r.Checked)
	}
	_, err := fmt.Fprintf(w, "\nam I just doing backprop? %s\n", r.Verdict)
	return err
}
