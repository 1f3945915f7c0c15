package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
	"github.com/gopcn/gopcn/pcn/data"
)

var evalCommand = command{
	name:    "eval",
	summary: "how well a trained network does, class by class",
	usage: `Usage: pcn eval [flags] run
       pcn eval [flags] -weights file

Evaluates a trained network on the test images: accuracy, accuracy of each
class, and what was taken for what. The run is the folder of pcn train -out, or
a file in it. Its settings say which network and which images; flags of train
override them.

  pcn eval runs/bp
  pcn eval runs/bp/best.safetensors -split val -json
  pcn eval -weights torch.safetensors -data cifar10 -dir DIR -model vgg5 -width 0.25
`,
	groups: func() []cli.Group { return newEvalFlags().groups() },
	run:    eval,
}

type evalFlags struct {
	modelFlags
	split string
	json  bool
}

func newEvalFlags() *evalFlags {
	return &evalFlags{modelFlags: modelFlags{settings: run.Defaults()}, split: "test"}
}

func (f *evalFlags) groups() []cli.Group {
	splits := []string{"test", "val", "train"}
	return f.modelFlags.groups(
		cli.Flag{Name: "split", Arg: "s", Value: cli.Choice(&f.split, splits),
			Text: "images to evaluate on: " + cli.Alternatives(splits)},
		cli.Flag{Name: "json", Value: cli.Toggle(&f.json), Text: "print one line of JSON"},
	)
}

func eval(_ context.Context, args []string, s cli.Streams) error {
	f := newEvalFlags()
	m, rest, err := f.open("eval", f.groups, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return cli.Usagef("unexpected argument %q", rest[0])
	}
	if err := m.Load(new(run.Shelf)); err != nil {
		return err
	}
	set, err := f.images(m.Data)
	if err != nil {
		return err
	}
	trainer, err := m.NewTrainer(0)
	if err != nil {
		return err
	}
	defer trainer.Close()
	if err := trainer.SetWeights(m.weights); err != nil {
		return err
	}
	report := newEvalReport(set, trainer.Confusion(set))
	report.Weights = m.file
	if f.json {
		return json.NewEncoder(s.Out).Encode(report)
	}
	return report.print(s.Out)
}

// images are those of -split.
func (f *evalFlags) images(sets run.Sets) (*data.Set, error) {
	switch {
	case f.split == "train":
		return sets.Train, nil
	case f.split == "test":
		return sets.Test, nil
	case sets.Val == nil:
		return nil, cli.Usagef("-split val: the run held out no images; -val n holds out the last n training images")
	}
	return sets.Val, nil
}

// evalReport is what pcn eval tells.
type evalReport struct {
	Weights  string     `json:"weights"` // the file
	Set      string     `json:"set"`
	Samples  int        `json:"samples"`
	Correct  int        `json:"correct"`
	Accuracy cli.Number `json:"accuracy"`
	Loss     cli.Number `json:"loss"`

	Classes   []evalClass `json:"classes"`
	Confusion [][]int     `json:"confusion"` // by class, what its images were taken for
}

type evalClass struct {
	Name     string     `json:"name"`
	Samples  int        `json:"samples"`
	Correct  int        `json:"correct"`
	Accuracy cli.Number `json:"accuracy"`
}

func newEvalReport(set *data.Set, c pcn.Confusion) *evalReport {
	r := &evalReport{
		Set: set.Name, Samples: c.Samples, Correct: c.Correct,
		Accuracy: cli.Number(c.Accuracy()), Loss: cli.Number(c.Loss), Confusion: c.Counts,
	}
	for class := range c.Counts {
		s := c.Class(class)
		r.Classes = append(r.Classes, evalClass{className(set, class), s.Samples, s.Correct, cli.Number(s.Accuracy())})
	}
	return r
}

// className is what a class is called, its number if it has no name.
func className(set *data.Set, class int) string {
	if class < len(set.ClassNames) {
		return set.ClassNames[class]
	}
	return strconv.Itoa(class)
}

func (r *evalReport) print(w io.Writer) error {
	fmt.Fprintf(w, "%s: %s of %s images right, loss %.4g\n\n", r.Set, r.Accuracy.Percent(), cli.Grouped(float64(r.Samples)), float64(r.Loss))
	wide := len("class")
	for _, c := range r.Classes {
		wide = max(wide, len(c.Name))
	}
	fmt.Fprintf(w, "%-*s  images     right  most taken for\n", wide, "class")
	for i, c := range r.Classes {
		fmt.Fprintf(w, "%-*s  %6d  %8s  %s\n", wide, c.Name, c.Samples, c.Accuracy.Percent(), r.mistaken(i))
	}
	return r.printConfusion(w, wide)
}

// mistaken is what images of a class are most taken for, but for what they are.
func (r *evalReport) mistaken(class int) string {
	worst := -1
	for other, n := range r.Confusion[class] {
		if other != class && n > 0 && (worst < 0 || n > r.Confusion[class][worst]) {
			worst = other
		}
	}
	if worst < 0 {
		return ""
	}
	return fmt.Sprintf("%s (%d)", r.Classes[worst].Name, r.Confusion[class][worst])
}

// widestConfusion is how many classes a table of a terminal has room for.
const widestConfusion = 20

func (r *evalReport) printConfusion(w io.Writer, wide int) error {
	if len(r.Classes) > widestConfusion {
		_, err := fmt.Fprintf(w, "\n%d classes are too many for a table of what was taken for what; -json has it\n", len(r.Classes))
		return err
	}
	cell := 5
	for _, row := range r.Confusion {
		for _, n := range row {
			cell = max(cell, len(strconv.Itoa(n))+1)
		}
	}
	fmt.Fprintf(w, "\nimages of a class (rows), by what they were taken for (columns, in the same order)\n%*s", wide, "")
	for i := range r.Classes {
		fmt.Fprintf(w, "%*d", cell, i)
	}
	for i, row := range r.Confusion {
		fmt.Fprintf(w, "\n%-*s", wide, r.Classes[i].Name)
		for _, n := range row {
			fmt.Fprintf(w, "%*d", cell, n)
		}
	}
	_, err := fmt.Fprintln(w)
	return err
}
