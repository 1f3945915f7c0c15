package study

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

// measure names what trials are compared by, and field is its name in files.
func (k *Ranking) measure() string {
	if k.sweep.Settings.Paper {
		return "best test accuracy (the paper's protocol)"
	}
	return "validation accuracy"
}

func (k *Ranking) field() string {
	if k.sweep.Settings.Paper {
		return "paper_protocol_test_accuracy"
	}
	return "validation_accuracy"
}

// table returns the trials with what they chose.
func (k *Ranking) table() (header []string, rows [][]string) {
	header = []string{"trial"}
	for _, c := range k.rows[0].trial.Point {
		header = append(header, c.Name)
	}
	header = append(header, k.measure(), "at epoch")
	for _, r := range k.rows {
		row := []string{strconv.Itoa(r.trial.Number)}
		for _, c := range r.trial.Point {
			row = append(row, c.Value)
		}
		if s := r.score(); math.IsNaN(float64(s.Mean)) {
			row = append(row, "diverged", "")
		} else {
			row = append(row, s.percent(), fmt.Sprintf("%.3g", float64(r.epoch())))
		}
		rows = append(rows, row)
	}
	return header, rows
}

// Text returns the table for terminals.
func (k *Ranking) Text() string { return plain(k.table()) }

// Markdown returns the table for documents.
func (k *Ranking) Markdown() string { return markdown(k.table()) }

// CSV returns the table with full precision.
func (k *Ranking) CSV() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	header := []string{"trial"}
	for _, c := range k.rows[0].trial.Point {
		header = append(header, c.Name)
	}
	records := [][]string{append(header, "seeds", k.field()+"_mean", k.field()+"_std", "epoch_mean")}
	for i := range k.rows {
		r := &k.rows[i]
		row := []string{strconv.Itoa(r.trial.Number)}
		for _, c := range r.trial.Point {
			row = append(row, c.Value)
		}
		s := r.score()
		records = append(records, append(row, strconv.Itoa(s.N), decimal(s.Mean), decimal(s.Std), decimal(r.epoch())))
	}
	err := w.WriteAll(records)
	return b.Bytes(), err
}

// A trialRow is a trial of the JSON report. Accuracies are shares from 0 to 1;
// null stands for training that failed, and for the deviation of one seed.
type trialRow struct {
	Trial int               `json:"trial"`
	Point map[string]string `json:"point"`
	Mean  cli.Number        `json:"score_mean"`
	Std   cli.Number        `json:"score_std"`
	Epoch cli.Number        `json:"epoch_mean"`
}

// JSON returns the ranking and the verdict, which may be nil.
func (k *Ranking) JSON(v *Verdict) ([]byte, error) {
	type selected struct {
		Trial    int        `json:"trial"`
		BestMean cli.Number `json:"best_test_accuracy_mean"` // at the best validation epochs
		BestStd  cli.Number `json:"best_test_accuracy_std"`
		Mean     cli.Number `json:"test_accuracy_mean"` // after the last epochs
		Std      cli.Number `json:"test_accuracy_std"`
	}
	report := struct {
		Study    string     `json:"study"`
		Measure  string     `json:"measure"` // what scores are
		Seeds    int        `json:"seeds"`
		Trials   []trialRow `json:"trials"`
		Selected *selected  `json:"selected"`
	}{Study: "sweep", Measure: k.field(), Seeds: k.sweep.Settings.Seeds}
	for i := range k.rows {
		r := &k.rows[i]
		s := r.score()
		row := trialRow{r.trial.Number, map[string]string{}, s.Mean, s.Std, r.epoch()}
		for _, c := range r.trial.Point {
			row.Point[c.Name] = c.Value
		}
		report.Trials = append(report.Trials, row)
	}
	if v != nil {
		report.Selected = &selected{v.Trial.Number, v.Best.Mean, v.Best.Std, v.Last.Mean, v.Last.Std}
	}
	text, err := json.MarshalIndent(report, "", "  ")
	return append(text, '\n'), err
}

// SaveRanking writes the files of the report, sweep.csv, .json and .md, and packs
// the results. It returns the paths of what it has written.
func (f *Folder) SaveRanking(k *Ranking, v *Verdict) ([]string, error) {
	return f.save(k.sweep.cellNames(k.Best()), []reportFile{
		{"sweep.csv", k.CSV},
		{"sweep.json", func() ([]byte, error) { return k.JSON(v) }},
		{"sweep.md", func() ([]byte, error) { return []byte(k.Markdown() + "\n" + k.Outcome(v)), nil }},
	})
}
