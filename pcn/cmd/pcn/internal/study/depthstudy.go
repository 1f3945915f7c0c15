package study

import (
	"fmt"
	"slices"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

// A DepthStudy describes the cells of a folder, those of all questions that were
// put to it.
type DepthStudy struct {
	Study  string `json:"study"` // "depth"
	Family string `json:"family"`

	// Base are the settings that all cells have in common, by the names of flags;
	// methods may change them.
	Base map[string]string `json:"base"`

	Methods []Method    `json:"methods"` // in the order of tables
	Cells   []depthCell `json:"cells"`
}

// ReadDepth returns what is known of the depth study in a folder, and nil if
// there is none.
func (f *Folder) ReadDepth() (*DepthStudy, error) {
	d := new(DepthStudy)
	if there, err := f.readStudy("depth", d); err != nil || !there {
		return nil, err
	}
	return d, nil
}

// Add writes down which cells the question adds to the folder's study. All
// questions of a study are about one family and have the same settings but for
// those of methods.
func (f *Folder) Add(d *Depth) (*DepthStudy, error) {
	study, err := f.ReadDepth()
	if err != nil {
		return nil, err
	}
	base := d.base()
	if study == nil {
		study = &DepthStudy{Study: "depth", Family: d.Family, Base: base}
	}
	if study.Family != d.Family {
		return nil, fmt.Errorf("%s holds a study of %s networks, not %s: name another folder", f.dir, study.Family, d.Family)
	}
	for _, name := range append(sharedSettings(), "hidden") {
		there, known := study.Base[name]
		if !known { // a setting that did not exist yet
			defaults := run.Defaults()
			there = defaults.Get(name)
		}
		if here := base[name]; there != here {
			return nil, fmt.Errorf("the study in %s has -%s %s, not %s: name another folder, or give -%s %s",
				f.dir, name, quoted(there), quoted(here), name, quoted(there))
		}
	}
	_, cells, err := d.cells()
	if err != nil {
		return nil, err
	}
	for _, m := range d.Methods {
		if !slices.Contains(study.Methods, m) {
			study.Methods = append(study.Methods, m)
		}
	}
	for _, c := range cells {
		if !slices.Contains(study.Cells, c) {
			study.Cells = append(study.Cells, c)
		}
	}
	return study, f.writeStudy(study)
}

func quoted(value string) string {
	if value == "" {
		return `""`
	}
	return value
}

// sharedSettings are the settings that all cells have in common unless their
// methods say otherwise.
func sharedSettings() []string {
	apart := slices.Concat([]string{"model", "seed", "seeds"}, methodSettings, run.Bitless)
	return slices.DeleteFunc(run.Names(), func(name string) bool { return slices.Contains(apart, name) })
}

// base returns the shared settings. One whose default depends on others is
// empty unless somebody gave it.
func (d *Depth) base() map[string]string {
	base := map[string]string{}
	for _, name := range sharedSettings() {
		base[name] = d.Base.Get(name)
	}
	base["hidden"] = fmt.Sprint(d.Hidden)
	return base
}

// CellNames lists the cells.
func (s *DepthStudy) CellNames() []string {
	var list []string
	for _, c := range s.Cells {
		list = append(list, c.Cell)
	}
	return list
}
