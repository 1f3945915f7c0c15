package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/study"
)

var depthCommand = command{
	name:    "depth",
	summary: "accuracy against depth, for several methods",
	usage: `Usage: pcn depth [flags]

Trains networks of several depths by several methods with several seeds, and
shows how accuracy depends on depth: as a table, and in the study's folder as
CSV, JSON, Markdown and a figure. There, too, is how far the gradients of each
level of the trained networks have backpropagation's direction (pcn audit without
the float64 reference). Without flags it takes about two minutes on two quiet
cores.

Every run is kept. The same command goes on where it was interrupted, and one
with other depths, methods or more seeds adds them to the same study.

  pcn depth
  pcn depth -data fashion-mnist -dir DIR -depths 5,17 -methods bp,s+fu,pc,pc:latent-lr=0.3
  pcn depth -data cifar10 -dir DIR -family vgg -width 0.25
  pcn depth -report depth-glyphs-mlp        makes table and figure again, and trains nothing

A method is ` + cli.Alternatives(study.MethodNames()) + ` (backpropagation
of the top 5 levels alone; any number goes), and behind colons any flags of pcn
train, as in pc:latent-lr=0.3:steps=40 and s+fu:aux=false.
`,
	groups: func() []cli.Group { return newDepthFlags().groups() },
	run:    depth,
}

// depthFlags are the flags of pcn depth.
type depthFlags struct {
	settings run.Settings // of all cells
	family   string
	hidden   int
	depths   string
	methods  string
	jobs     int
	keep     bool

	out, report, into string
	json              bool
}

func newDepthFlags() *depthFlags {
	f := &depthFlags{settings: run.Defaults(), family: "mlp", hidden: 128}
	f.settings.Seeds = 2
	return f
}

// Of the flags of train, those that depth decides itself or that its figures,
// accuracies after the last epoch, have no use for, and those whose default is
// another.
var (
	notOfDepth = []string{"val", "paper-protocol", "model", "rule", "precision", "update", "train-top", "workers"}

	depthFallbacks = map[string]string{
		"limit": "10000 with -data glyphs, else all",
		"gain":  "1.732 in mlp networks, else 1",
	}
)

func (f *depthFlags) groups() []cli.Group {
	groups := []cli.Group{{Title: "Study", Flags: []cli.Flag{
		{Name: "family", Arg: "f", Value: cli.Choice(&f.family, study.Families),
			Text: "networks: " + cli.Alternatives(study.Families)},
		{Name: "depths", Arg: "list", Value: cli.Text(&f.depths), Fallback: "5,9,13,17; 5,9,13 of vgg; 10,18 of resnet",
			Text: "levels of mlp networks, or the numbers in the names of others, with commas between them"},
		{Name: "hidden", Arg: "n", Value: cli.Whole(&f.hidden, 1),
			Text: "units of each hidden layer of mlp networks"},
		{Name: "methods", Arg: "list", Value: cli.Text(&f.methods),
			Fallback: "bp,s+fu,d+fu,pc,ipc,ipc+s; bp,s+fu,pc for vgg; bp,s+fu,s+fu:aux=false for resnet",
			Text:     "methods, with commas between them"},
		{Name: "jobs", Arg: "n", Value: cli.Whole(&f.jobs, 0), Fallback: "what is estimated to end sooner",
			Text: "runs at once, which share the cores; it changes no bit of a result"},
		{Name: "keep", Value: cli.Toggle(&f.keep),
			Text: "leave the checkpoints of runs that have ended in their folders"},
		{Name: "out", Arg: "folder", Value: cli.Text(&f.out), Fallback: "depth-DATA-FAMILY",
			Text: "folder of the study"},
		{Name: "report", Arg: "folder", Value: cli.Text(&f.report),
			Text: "make table and figure of the study in this folder again, and train nothing"},
		{Name: "into", Arg: "file", Value: cli.Text(&f.into),
			Text: "put the table into this Markdown document, between the lines that mark its place"},
		{Name: "json", Value: cli.Toggle(&f.json), Text: "print the table as JSON"},
	}}}
	for _, g := range f.settings.Flags() {
		g.Flags = slices.DeleteFunc(g.Flags, func(flag cli.Flag) bool { return slices.Contains(notOfDepth, flag.Name) })
		for i := range g.Flags {
			if fallback, there := depthFallbacks[g.Flags[i].Name]; there {
				g.Flags[i].Fallback = fallback
			}
		}
		if len(g.Flags) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

func depth(ctx context.Context, args []string, s cli.Streams) error {
	f := newDepthFlags()
	fs := cli.NewFlagSet("depth", f.groups())
	if err := cli.Parse(fs, args); err != nil {
		return err
	}
	if f.report != "" {
		for name := range cli.Given(fs) {
			if !slices.Contains([]string{"report", "into", "json"}, name) {
				return cli.Usagef("-report trains nothing and takes its settings from the folder: leave -%s out", name)
			}
		}
		return f.reportAgain(s)
	}
	question, err := f.question()
	if err != nil {
		return err
	}
	cells, err := question.Cells()
	if err != nil {
		return err
	}
	folder, err := study.Open(f.out)
	if err != nil {
		return err
	}
	shelf := new(run.Shelf)
	if _, err := folder.Pending(cells, shelf); err != nil { // before anything is written
		return err
	}
	if err := folder.Lock(); err != nil {
		return err
	}
	defer folder.Close()
	found, err := folder.Add(question)
	if err != nil {
		return err
	}
	lines := s
	if f.json {
		lines.Out = s.Err
	}
	if err := folder.Run(ctx, cells, lines, study.Options{Jobs: f.jobs, Keep: f.keep, Audit: true, Shelf: shelf}); err != nil {
		return err
	}
	return f.show(folder, found, s)
}

// question completes the flags.
func (f *depthFlags) question() (*study.Depth, error) {
	d := &study.Depth{
		Family: f.family, Hidden: f.hidden, Base: f.settings, Seeds: f.settings.Seeds,
		Depths: study.DefaultDepths(f.family), Methods: study.DefaultMethods(f.family),
	}
	base := &d.Base
	if base.Data == "glyphs" {
		fillIn(base, "limit", "10000")
	}
	if f.family == "mlp" {
		fillIn(base, "gain", "1.732") // with which backpropagation trains deep ones
	}
	if f.depths != "" {
		d.Depths = nil
		for _, text := range strings.Split(f.depths, ",") {
			n, err := strconv.Atoi(text)
			if err != nil || n < 1 {
				return nil, cli.Usagef("-depths: %q is no depth: write whole numbers with commas between them, as in 5,9,17", text)
			}
			d.Depths = append(d.Depths, n)
		}
	}
	if f.methods != "" {
		d.Methods = nil
		for _, text := range strings.Split(f.methods, ",") {
			d.Methods = append(d.Methods, study.Method(text))
		}
	}
	if f.out == "" {
		f.out = fmt.Sprintf("depth-%s-%s", base.Data, f.family)
	}
	return d, nil
}

// fillIn gives a setting that nobody has given.
func fillIn(s *run.Settings, name, value string) {
	if s.Given(name) {
		return
	}
	if err := s.Set(name, value); err != nil {
		panic(err) // the values are right
	}
}

func (f *depthFlags) reportAgain(s cli.Streams) error {
	folder, err := study.Open(f.report)
	if err != nil {
		return err
	}
	found, err := folder.ReadDepth()
	if err != nil {
		return err
	}
	if found == nil {
		return fmt.Errorf("there is no study in %s: pcn depth -out %s makes one", f.report, f.report)
	}
	f.out = f.report
	return f.show(folder, found, s)
}

// show prints and saves what a study has found.
func (f *depthFlags) show(folder *study.Folder, found *study.DepthStudy, s cli.Streams) error {
	accuracy, err := folder.Accuracy(found)
	if err != nil {
		return err
	}
	paths, err := folder.Save(accuracy)
	if err != nil {
		return err
	}
	if f.into != "" {
		if err := study.Insert(f.into, f.out, accuracy.Markdown()); err != nil {
			return err
		}
		paths = append(paths, f.into)
	}
	if f.json {
		text, err := accuracy.JSON()
		if err != nil {
			return err
		}
		return json.NewEncoder(s.Out).Encode(json.RawMessage(text))
	}
	_, err = fmt.Fprintf(s.Out, "\n%s\nwritten: %s\n", accuracy.Text(), strings.Join(paths, ", "))
	return err
}
