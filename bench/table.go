package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// A row is one line of the result. Ratio is the share of the limit: of the
// multiply-add peak, or of the bandwidth where bytes are counted.
type row struct {
	Kernel  string  `json:"kernel"`
	Op      string  `json:"op"`
	Act     string  `json:"act,omitempty"`
	Shape   string  `json:"shape"`
	Packed  bool    `json:"packed"`
	ISA     string  `json:"isa"`
	Workers int     `json:"workers"`
	GFLOPS  float64 `json:"gflops,omitempty"`
	Peak    float64 `json:"peak_gflops,omitempty"`
	Ratio   float64 `json:"ratio,omitempty"`
	Spread  float64 `json:"spread,omitempty"`

	NS          float64 `json:"ns_per_element,omitempty"`
	GBPerSecond float64 `json:"gb_per_second,omitempty"`
	LimitGB     float64 `json:"limit_gb_per_second,omitempty"`

	// How many times as fast as portable Go, and as the unfused form.
	Portable float64 `json:"speedup_portable,omitempty"`
	Unfused  float64 `json:"speedup_unfused,omitempty"`

	SamplesPerSecond float64 `json:"samples_per_second,omitempty"`
	Necessary        float64 `json:"necessary_flop,omitempty"` // of a sample, as pcn summary counts
	Nominal          float64 `json:"nominal_flop,omitempty"`

	Kept int `json:"pairs_kept,omitempty"`
}

// A table prints rows as they come, as aligned columns for people or as JSON
// for programs. Columns are aligned from one end to the next.
type table struct {
	out  io.Writer
	json bool
	rows []row
	err  error // the first of writing
}

func (t *table) add(r row) {
	if !t.json {
		t.rows = append(t.rows, r)
		return
	}
	if err := json.NewEncoder(t.out).Encode(r); t.err == nil {
		t.err = err
	}
}

// columns are what a table may have, each with its text for a row.
var columns = []struct {
	title string
	text  func(r *row) string
}{
	{"kernel", func(r *row) string { return r.Kernel }},
	{"op", func(r *row) string { return strings.TrimSpace(r.Op + " " + r.Act) }},
	{"shape", func(r *row) string { return r.Shape }},
	{"packed", func(r *row) string { return map[bool]string{true: "packed"}[r.Packed] }},
	{"isa", func(r *row) string { return r.ISA }},
	{"workers", func(r *row) string { return fmt.Sprint(r.Workers) }},
	{"samples/s", func(r *row) string { return number("%.0f", r.SamplesPerSecond) }},
	{"GFLOP/s", func(r *row) string { return number("%.1f", r.GFLOPS) }},
	{"peak", func(r *row) string { return number("%.1f", r.Peak) }},
	{"ns/element", func(r *row) string { return number("%.3f", r.NS) }},
	{"GB/s", func(r *row) string { return number("%.1f", r.GBPerSecond) }},
	{"limit", func(r *row) string { return number("%.1f", r.LimitGB) }},
	{"share", func(r *row) string { return number("%.1f %%", 100*r.Ratio) }},
	{"spread", func(r *row) string { return number("%.1f %%", 100*r.Spread) }},
	{"x portable", func(r *row) string { return number("%.1f", r.Portable) }},
	{"x unfused", func(r *row) string { return number("%.2f", r.Unfused) }},
	{"MFLOP a sample", func(r *row) string { return number("%.4g", r.Necessary/1e6) }},
	{"nominal", func(r *row) string { return number("%.4g", r.Nominal/1e6) }},
	{"pairs", func(r *row) string { return number("%.0f", float64(r.Kept)) }},
}

// number formats x, or nothing for 0.
func number(format string, x float64) string {
	if x == 0 {
		return ""
	}
	return fmt.Sprintf(format, x)
}

// end prints the rows since the last end, in the columns where any of them has
// something to say.
func (t *table) end() {
	if len(t.rows) == 0 {
		return
	}
	tabs := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	lines := make([][]string, 1+len(t.rows))
	for _, c := range columns {
		said := false
		for i := range t.rows {
			said = said || c.text(&t.rows[i]) != ""
		}
		if !said {
			continue
		}
		lines[0] = append(lines[0], c.title)
		for i := range t.rows {
			lines[i+1] = append(lines[i+1], c.text(&t.rows[i]))
		}
	}
	for _, line := range lines {
		fmt.Fprintln(tabs, strings.Join(line, "\t"))
	}
	fmt.Fprintln(tabs)
	t.rows = nil
	if err := tabs.Flush(); t.err == nil {
		t.err = err
	}
}
