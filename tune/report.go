package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/tune/profile"
)

// gains are what a file of the profile records.
func (r *result) gains() []profile.Gain {
	var list []profile.Gain
	for _, f := range r.findings {
		list = append(list, profile.Gain{Class: f.class.name, Ratio: rounded(f.ratio), Noise: rounded(f.noise)})
	}
	return list
}

// rounded keeps four digits behind the point.
func rounded(x float64) float64 { return float64(int(x*1e4+0.5)) / 1e4 }

// An event is a line of -json: one for each class, and a last one that says
// what became of the profile.
type event struct {
	Class    string         `json:"class,omitempty"`
	Ratio    float64        `json:"ratio,omitempty"` // to the defaults; 1.02: 2 % faster
	Noise    float64        `json:"noise,omitempty"`
	Kept     *bool          `json:"kept,omitempty"`
	Settings map[string]int `json:"settings,omitempty"` // tried, where they differ from the defaults

	Profile string  `json:"profile,omitempty"` // where it is, or would be
	Written *bool   `json:"written,omitempty"`
	ISA     string  `json:"isa,omitempty"`
	CPU     string  `json:"cpu,omitempty"`
	Seconds float64 `json:"seconds,omitempty"`
}

// printJSON prints one line for each class.
func (r *result) printJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	for i := range r.findings {
		f := &r.findings[i]
		e := event{Class: f.class.name, Ratio: rounded(f.ratio), Noise: rounded(f.noise), Kept: &f.kept, Settings: f.tried}
		if err := enc.Encode(e); err != nil {
			return err
		}
	}
	return nil
}

// print prints a table for people.
func (r *result) print(w io.Writer, standard kernels.Profile) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "class\tagainst the defaults\tnoise\tsettings\n")
	for i := range r.findings {
		f := &r.findings[i]
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", f.class.name, f.gain(), f.uncertainty(), f.describe(&standard))
	}
	return t.Flush()
}

func (f *finding) gain() string {
	if f.noise == 0 {
		return "nothing better found"
	}
	return fmt.Sprintf("%+.1f %%", 100*(f.ratio-1))
}

func (f *finding) uncertainty() string {
	if f.noise == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f %%", 100*f.noise)
}

// describe lists the settings, with their defaults.
func (f *finding) describe(standard *kernels.Profile) string {
	var list []string
	for _, name := range f.class.settings {
		if value, ok := f.tried[name]; ok {
			list = append(list, fmt.Sprintf("%s %d (%d)", name, value, *setting(standard, name).Value))
		}
	}
	text := strings.Join(list, ", ")
	switch {
	case text == "":
		return "defaults"
	case f.kept:
		return text
	}
	return "defaults, and not " + text
}
