package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/picture"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
	"github.com/gopcn/gopcn/pcn/data"
)

var predictCommand = command{
	name:    "predict",
	summary: "what a trained network takes pictures for",
	usage: `Usage: pcn predict [flags] run picture...
       pcn predict [flags] -weights file picture...

Says what a trained network takes PNG and JPEG pictures for, and how sure it is.
The run is the folder of pcn train -out, or a file in it. Pictures are scaled to
the size of the network's images, their middle if the sides differ, and
normalised like these. No file of the data set is needed.

  pcn predict runs/digits seven.png
  pcn predict runs/digits -invert *.jpg
`,
	groups: func() []cli.Group { return newPredictFlags().groups() },
	run:    predict,
}

type predictFlags struct {
	modelFlags
	top    int
	invert bool
	json   bool
}

func newPredictFlags() *predictFlags {
	return &predictFlags{modelFlags: modelFlags{settings: run.Defaults()}, top: 3}
}

func (f *predictFlags) groups() []cli.Group {
	return f.modelFlags.groups(
		cli.Flag{Name: "top", Arg: "n", Value: cli.Whole(&f.top, 1), Text: "show the n most probable classes"},
		cli.Flag{Name: "invert", Value: cli.Toggle(&f.invert),
			Text: "swap light and dark, as for dark ink on white paper: glyphs, mnist and fashion-mnist are light on black"},
		cli.Flag{Name: "json", Value: cli.Toggle(&f.json), Text: "print a line of JSON for each picture, with all classes"},
	)
}

func predict(_ context.Context, args []string, s cli.Streams) error {
	f := newPredictFlags()
	m, paths, err := f.open("predict", f.groups, args)
	if err != nil {
		return err
	}
	if len(paths) == 0 {
		return cli.Usagef("name the pictures, PNG or JPEG files")
	}
	set, err := m.emptySet()
	if err != nil {
		return err
	}
	for _, path := range paths {
		p, err := picture.Read(path)
		if err != nil {
			return err
		}
		if f.invert {
			p = picture.Invert(p)
		}
		if err := set.Add(p, 0); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	predictions, err := m.predict(set)
	if err != nil {
		return err
	}
	for i, p := range predictions {
		p.Picture = paths[i]
		if f.json {
			err = json.NewEncoder(s.Out).Encode(p)
		} else {
			_, err = fmt.Fprintln(s.Out, p.text(f.top))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// emptySet is the set of the run without images.
func (m *model) emptySet() (*data.Set, error) {
	set, err := data.Empty(m.Settings.Data)
	if err != nil {
		return nil, err
	}
	if m.Settings.Data == "tiny-imagenet" && m.Settings.Dir != "" {
		// Classes have numbers where the set is out of reach.
		if names, err := data.TinyImageNetClasses(m.Settings.Dir); err == nil && len(names) == set.Classes {
			set.ClassNames = names
		}
	}
	if n := m.Net.Input.Len(); n != set.Features() {
		return nil, cli.Usagef("-model %s has an input of %d, but images of %s have %d values", m.Settings.Model, n, set.Name, set.Features())
	}
	return set, nil
}

// A prediction is what a picture is taken for.
type prediction struct {
	Picture string `json:"picture"`
	Class   int    `json:"class"`
	Name    string `json:"name"`

	Classes []probability `json:"classes"` // the most probable first
}

type probability struct {
	Class       int     `json:"class"`
	Name        string  `json:"name"`
	Probability float32 `json:"probability"`
}

// predict runs the network over all pictures of a set.
func (m *model) predict(set *data.Set) ([]prediction, error) {
	predictor, err := pcn.NewPredictor(m.Net, m.weights, m.Config.Loss, m.Config.Kernels)
	if err != nil {
		return nil, err
	}
	ws := predictor.NewWorkspace(1)
	x, p := kernels.NewMatrix(1, set.Features()), kernels.NewMatrix(1, m.Net.Classes())
	var list []prediction
	for i := range set.Len() {
		set.Fill(x.Row(0), i)
		predictor.Probabilities(ws, p, x)
		var classes []probability
		for class, v := range p.Row(0) {
			classes = append(classes, probability{class, className(set, class), v})
		}
		slices.SortStableFunc(classes, func(a, b probability) int { return cmp.Compare(b.Probability, a.Probability) })
		list = append(list, prediction{Class: classes[0].Class, Name: classes[0].Name, Classes: classes})
	}
	return list, nil
}

// text is a line with the most probable classes.
func (p *prediction) text(top int) string {
	var list []string
	for _, c := range p.Classes[:min(top, len(p.Classes))] {
		list = append(list, fmt.Sprintf("%s (%.1f %%)", c.Name, 100*c.Probability))
	}
	return p.Picture + ": " + strings.Join(list, ", ")
}
