package study

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
	"github.com/gopcn/gopcn/pcn/models"
)

// Families are the kinds of networks that differ in depth alone.
var Families = []string{"mlp", "vgg", "resnet"}

// A Depth is the question how accuracy depends on depth: networks of one family
// at several depths, trained by several methods with several seeds.
type Depth struct {
	Family  string
	Hidden  int   // units of the hidden layers of mlp
	Depths  []int // levels of mlp; the numbers in the names of the others
	Methods []Method
	Seeds   int

	// Base are the settings of all cells, as far as they were given. Its seed is
	// the first one.
	Base run.Settings
}

// DefaultDepths returns the depths of a family that are tried if nobody says
// which.
func DefaultDepths(family string) []int {
	switch family {
	case "mlp":
		return []int{5, 9, 13, 17}
	case "vgg":
		return []int{5, 9, 13}
	}
	return []int{10, 18}
}

// DefaultMethods returns the methods that are tried on a family if nobody says
// which.
func DefaultMethods(family string) []Method {
	switch family {
	case "mlp":
		return []Method{"bp", "s+fu", "d+fu", "pc", "ipc", "ipc+s"}
	case "vgg":
		return []Method{"bp", "s+fu", "pc"}
	}
	return []Method{"bp", "s+fu", "s+fu:aux=false"}
}

// model returns the name of a network of the family, for settings with data.
func (d *Depth) model(depth int) (string, error) {
	if d.Family != "mlp" {
		name := fmt.Sprint(d.Family, depth)
		if !slices.Contains(models.Names(), name) {
			return "", cli.Usagef("-depths: there is no %s: use depths of %s", name, cli.Alternatives(inFamily(d.Family)))
		}
		return name, nil
	}
	if depth < 2 {
		return "", cli.Usagef("-depths: an mlp of %d levels has no hidden layer: use 2 or more", depth)
	}
	input, classes := d.Base.ImageShape()
	return fmt.Sprintf("mlp:%d-%dx%d-%d", input.Len(), d.Hidden, depth-1, classes), nil
}

// inFamily lists the named networks of a family.
func inFamily(family string) []string {
	var list []string
	for _, name := range models.Names() {
		if strings.HasPrefix(name, family) {
			list = append(list, name)
		}
	}
	return list
}

// A depthCell is what is known of a cell besides its settings.
type depthCell struct {
	Cell   string `json:"cell"`
	Method Method `json:"method"`
	Depth  int    `json:"depth"`
	Levels int    `json:"levels"`
	Seed   uint64 `json:"seed"`
}

// Cells returns the cells of the question: all of the first seed, then all of
// the second, so that an unfinished study says something about everything.
func (d *Depth) Cells() ([]Cell, error) {
	cells, _, err := d.cells()
	return cells, err
}

func (d *Depth) cells() ([]Cell, []depthCell, error) {
	var cells []Cell
	var about []depthCell
	for i := range d.Seeds {
		seed := d.Base.Seed + uint64(i)
		for _, depth := range d.Depths {
			model, err := d.model(depth)
			if err != nil {
				return nil, nil, err
			}
			for _, m := range d.Methods {
				s := d.Base
				if err := m.Apply(&s); err != nil {
					return nil, nil, err
				}
				s.Model, s.Seed, s.Seeds = model, seed, 1
				task, err := run.Plan(s)
				if err != nil {
					return nil, nil, fmt.Errorf("method %s, depth %d: %w", m, depth, err)
				}
				name := fmt.Sprintf("%s%d-%s-seed%d", d.Family, depth, m.file(), seed)
				cells = append(cells, Cell{Name: name, Task: task})
				about = append(about, depthCell{name, m, depth, task.Net.Levels(), seed})
			}
		}
	}
	return cells, about, nil
}
