package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

var summaryCommand = command{
	name:    "summary",
	summary: "what a network is made of, and what a batch of it costs",
	usage: `Usage: pcn summary [flags]

Shows the nodes of a network, and what one batch costs with these settings:
the operations of products and convolutions as the definition of the rule has
them (nominal) and as they are done (necessary), and the memory of a trainer.
The flags are those of train, and no images are read.

  pcn summary -data cifar10 -model vgg9 -width 0.25
  pcn summary -data cifar10 -model resnet18 -bn -json
`,
	groups: func() []cli.Group { return newSummaryFlags().groups() },
	run:    summary,
}

// summaryFlags are the flags of pcn summary.
type summaryFlags struct {
	settings run.Settings
	json     bool
}

func newSummaryFlags() *summaryFlags { return &summaryFlags{settings: run.Defaults()} }

func (f *summaryFlags) groups() []cli.Group {
	return append(f.settings.Flags(), cli.Group{Title: "Output", Flags: []cli.Flag{
		{Name: "json", Value: cli.Toggle(&f.json), Text: "print one line of JSON"},
	}})
}

// summaryReport is what pcn summary tells.
type summaryReport struct {
	Model      string        `json:"model"`
	Levels     int           `json:"levels"`
	Nodes      []summaryNode `json:"nodes"`
	Parameters int           `json:"parameters"`
	Batch      int           `json:"batch"`
	Steps      int           `json:"steps"`
	Necessary  float64       `json:"necessary_flop"` // of a batch
	Nominal    float64       `json:"nominal_flop"`
	Memory     int           `json:"memory"` // bytes, about

	warnings []string
}

type summaryNode struct {
	Level      int      `json:"level"`
	Name       string   `json:"name"`
	Sources    []string `json:"sources"`
	Ops        []string `json:"ops"`
	Shape      string   `json:"shape"`
	Weight     float32  `json:"weight"`
	Parameters int      `json:"parameters"`
}

func summary(_ context.Context, args []string, s cli.Streams) error {
	f := newSummaryFlags()
	if err := cli.Parse(cli.NewFlagSet("summary", f.groups()), args); err != nil {
		return err
	}
	task, err := run.Plan(f.settings)
	if err != nil {
		return err
	}
	r, err := summarise(task)
	if err != nil {
		return err
	}
	if f.json {
		return json.NewEncoder(s.Out).Encode(r)
	}
	return r.print(s.Out)
}

func summarise(t *run.Task) (*summaryReport, error) {
	r := &summaryReport{
		Model: t.Settings.Model, Levels: t.Net.Levels(), Batch: t.Settings.Batch, Steps: t.Config.Steps, warnings: t.Warnings,
	}
	shapes := t.Net.Shapes()
	for i, node := range t.Net.Nodes {
		n := summaryNode{
			Level: node.Level, Name: node.Name, Shape: shapes[i].String(), Weight: node.Weight,
			Sources: []string{}, Ops: []string{},
		}
		for _, source := range node.Sources {
			name := "x"
			if source != pcn.Input {
				name = t.Net.Nodes[source].Name
			}
			n.Sources = append(n.Sources, name)
		}
		for _, op := range node.Ops {
			n.Ops = append(n.Ops, op.String())
		}
		r.Nodes = append(r.Nodes, n)
	}
	r.count(t.Net)
	if t.Config.Rule == pcn.BP {
		r.Steps = 0
	}
	// Memory is so much a sample and so much besides; the whole batch need not be
	// there to know.
	var memory [2]int
	for i := range memory {
		config := t.Config
		config.Batch, config.Workers = i+1, 1
		trainer, err := pcn.NewTrainer(t.Net, config)
		if err != nil {
			return nil, err
		}
		memory[i] = trainer.Memory()
		work := trainer.Work(r.Batch)
		r.Necessary, r.Nominal = work.Necessary, work.Nominal
		trainer.Close()
	}
	r.Memory = memory[0] + (r.Batch-1)*(memory[1]-memory[0])
	return r, nil
}

// count adds up parameters, which are named after their nodes.
func (r *summaryReport) count(net *pcn.Network) {
	node := 0
	for _, p := range pcn.InitialParameters(net, 0, 1) {
		// The next node's name may begin with this one's, but parameters come in
		// the order of the nodes.
		for !strings.HasPrefix(p.Name, r.Nodes[node].Name+".") {
			node++
		}
		r.Nodes[node].Parameters += len(p.Data)
		r.Parameters += len(p.Data)
	}
}

func (r *summaryReport) print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "level\tnode\tsources\tops\tshape\tweight\tparameters\n")
	for _, n := range r.Nodes {
		ops := strings.Join(n.Ops, ", ")
		if ops == "" {
			ops = "identity"
		}
		fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\t%v\t%s\n", n.Level, n.Name, strings.Join(n.Sources, " + "), ops, n.Shape,
			n.Weight, cli.Grouped(float64(n.Parameters)))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(w, "\n%s: %d levels, %s parameters\n", r.Model, r.Levels, cli.Grouped(float64(r.Parameters)))
	fmt.Fprintf(w, "a batch of %d, %d relaxation steps: %.4g GFLOP necessary, %.4g nominal\n", r.Batch, r.Steps, r.Necessary/1e9, r.Nominal/1e9)
	_, err := fmt.Fprintf(w, "memory of a trainer: about %s MiB\n", cli.Grouped(float64(r.Memory>>20)))
	for _, warning := range r.warnings {
		fmt.Fprintln(w, "warning: "+warning)
	}
	return err
}
