package study

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/plot"
)

// table returns the accuracies in percent, with a row for every method.
func (a *Accuracy) table() (header []string, rows [][]string) {
	header = []string{"method"}
	for _, d := range a.depths {
		header = append(header, a.name(d))
	}
	for _, m := range a.Study.Methods {
		row := []string{m.Label()}
		for _, d := range a.depths {
			row = append(row, a.cells[accuracyKey{m, d.depth}].text(len(a.seeds(all))))
		}
		rows = append(rows, row)
	}
	return header, rows
}

// text is a cell of a table whose other cells have so many seeds.
func (c *accuracyCell) text(seeds int) string {
	if c == nil || len(c.results) == 0 {
		return "-"
	}
	if n := c.diverged(); n == len(c.results) {
		return "diverged"
	} else if n > 0 {
		return fmt.Sprintf("diverged (%d of %d)", n, len(c.results))
	}
	s := c.spread()
	text := fmt.Sprintf("%.2f", 100*float64(s.Mean))
	if s.N > 1 {
		text += fmt.Sprintf(" ± %.2f", 100*float64(s.Std))
	}
	if s.N < seeds {
		text += fmt.Sprintf(" (%d of %d seeds)", s.N, seeds)
	}
	return text
}

// all is every result.
func all(*Result) bool { return true }

// caption says what a table shows and what it took.
func (a *Accuracy) caption() string {
	ended, wanted, spent := a.counts()
	text := fmt.Sprintf("%s. Test accuracy in percent after the last epoch, ", strings.ToUpper(a.title()[:1])+a.title()[1:])
	seeds := a.seeds(all)
	if len(seeds) > 1 {
		text += fmt.Sprintf("mean and standard deviation of seeds %s", seedList(seeds))
	} else {
		text += fmt.Sprintf("seed %s", seedList(seeds))
	}
	if s := a.settings(); s != "" {
		text += "; " + s
	}
	text += fmt.Sprintf(". %d runs, %s of training and evaluating in all", ended, about(spent))
	if ended < wanted {
		text += fmt.Sprintf(", %d still to be done", wanted-ended)
	}
	return text + "."
}

// seedList writes seeds as "0, 1 and 2".
func seedList(seeds []uint64) string {
	var list []string
	for _, s := range seeds {
		list = append(list, strconv.FormatUint(s, 10))
	}
	return strings.Replace(cli.Alternatives(list), " or ", " and ", 1)
}

// Text returns the table for terminals.
func (a *Accuracy) Text() string {
	return a.caption() + "\n\n" + plain(a.table())
}

// Markdown returns the table for documents, and behind it the one of cosines.
func (a *Accuracy) Markdown() string {
	return a.caption() + "\n\n" + markdown(a.table()) + a.cosineMarkdown()
}

// A depthRow is what is known of one method at one depth. Accuracies are shares
// from 0 to 1; null stands for training that failed, and for the deviation of
// one seed.
type depthRow struct {
	Depth    int          `json:"depth"`
	Levels   int          `json:"levels"`
	Method   Method       `json:"method"`
	Label    string       `json:"label"`
	Seeds    []uint64     `json:"seeds"`
	Tests    []cli.Number `json:"test_accuracies"` // a seed each
	Diverged int          `json:"diverged"`        // seeds whose training failed
	Mean     cli.Number   `json:"test_accuracy_mean"`
	Std      cli.Number   `json:"test_accuracy_std"`
	Train    cli.Number   `json:"train_accuracy_mean"` // in the last epoch, before each update
	Seconds  cli.Number   `json:"seconds_mean"`

	// Cosines of gradients with backpropagation's, a level each, means of the seeds
	// that have them.
	Cosines []cli.Number `json:"cosines,omitempty"`
}

func (a *Accuracy) depthRows() []depthRow {
	list := []depthRow{}
	a.rows(func(m Method, d depthColumn, c *accuracyCell) {
		s := c.spread()
		row := depthRow{
			Depth: d.depth, Levels: d.levels, Method: m, Label: m.Label(), Seeds: c.seeds,
			Diverged: c.diverged(), Mean: s.Mean, Std: s.Std, Cosines: c.cosines(),
		}
		for _, r := range c.results {
			row.Tests = append(row.Tests, cli.Number(r.Accuracy()))
		}
		row.Train = spreadOf(c.results, func(r *Result) float64 {
			if r.Done == nil || len(r.Epochs) == 0 {
				return nan
			}
			return float64(r.Epochs[len(r.Epochs)-1].Train)
		}).Mean
		row.Seconds = spreadOf(c.results, func(r *Result) float64 {
			if r.Done == nil {
				return nan
			}
			return float64(r.Done.Seconds)
		}).Mean
		list = append(list, row)
	})
	return list
}

// JSON returns all rows as one object.
func (a *Accuracy) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(struct {
		Study    string            `json:"study"`
		Family   string            `json:"family"`
		Settings map[string]string `json:"settings"`
		Rows     []depthRow        `json:"rows"`
	}{"depth", a.Study.Family, a.Study.Base, a.depthRows()}, "", "  ")
	return append(text, '\n'), err
}

// CSV returns all rows, with a header.
func (a *Accuracy) CSV() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	records := [][]string{{"depth", "levels", "method", "seeds", "diverged",
		"test_accuracy_mean", "test_accuracy_std", "train_accuracy_mean", "seconds_mean"}}
	for _, r := range a.depthRows() {
		records = append(records, []string{
			strconv.Itoa(r.Depth), strconv.Itoa(r.Levels), string(r.Method), strconv.Itoa(len(r.Seeds)), strconv.Itoa(r.Diverged),
			decimal(r.Mean), decimal(r.Std), decimal(r.Train), decimal(r.Seconds),
		})
	}
	err := w.WriteAll(records)
	return b.Bytes(), err
}

// Chart returns the figure.
func (a *Accuracy) Chart() plot.Chart {
	c := plot.Chart{Title: "Accuracy against depth: " + a.title(), X: "levels", Y: "test accuracy (%)"}
	for _, m := range a.Study.Methods {
		line := plot.Line{Name: m.Label(), Reference: m.backprop()}
		for _, d := range a.depths {
			if cell := a.cells[accuracyKey{m, d.depth}]; cell != nil && len(cell.results) > 0 {
				s := cell.spread()
				line.Points = append(line.Points, plot.Point{X: float64(d.levels), Y: 100 * float64(s.Mean), Spread: 100 * float64(s.Std)})
			}
		}
		c.Lines = append(c.Lines, line)
	}
	return c
}

// Save writes the files of the report, accuracy.csv, .json and .md, .svg and .png
// unless all training diverged, and cosine.csv, .svg and .png if there are cosines,
// and packs the results. It returns the paths of what it has written.
func (f *Folder) Save(a *Accuracy) ([]string, error) {
	if ended, _, _ := a.counts(); ended == 0 {
		return nil, fmt.Errorf("no cell of %s has ended: there is nothing to report yet", f.dir)
	}
	chart, cosines := a.Chart(), a.CosineChart()
	files := []reportFile{
		{"accuracy.csv", a.CSV},
		{"accuracy.json", a.JSON},
		{"accuracy.md", func() ([]byte, error) { return []byte(a.Markdown()), nil }},
	}
	if !chart.Empty() {
		files = append(files, reportFile{"accuracy.svg", func() ([]byte, error) { return plot.SVG(chart) }},
			reportFile{"accuracy.png", func() ([]byte, error) { return plot.PNG(chart) }})
	}
	if !cosines.Empty() {
		files = append(files, reportFile{"cosine.csv", a.CosineCSV},
			reportFile{"cosine.svg", func() ([]byte, error) { return plot.SVG(cosines) }},
			reportFile{"cosine.png", func() ([]byte, error) { return plot.PNG(cosines) }})
	}
	return f.save(a.Study.CellNames(), files)
}
