package study

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/plot"
)

// cosines are those of each level, means over the seeds that have them.
func (c *accuracyCell) cosines() []cli.Number {
	var list []cli.Number
	n := 0
	for _, r := range c.results {
		if r.Cosines == nil {
			continue
		}
		if list == nil {
			list = make([]cli.Number, len(r.Cosines.Cosine))
		}
		for i, v := range r.Cosines.Cosine {
			list[i] += v
		}
		n++
	}
	for i := range list {
		list[i] /= cli.Number(n)
	}
	return list
}

// audited calls f for every method and depth of which there are cosines, methods
// first.
func (a *Accuracy) audited(f func(Method, depthColumn, *accuracyCell)) {
	a.rows(func(m Method, d depthColumn, c *accuracyCell) {
		if c.cosines() != nil {
			f(m, d, c)
		}
	})
}

// cosineTable has a row for every method and network, and the levels as columns.
func (a *Accuracy) cosineTable() (header []string, rows [][]string) {
	levels := 0
	a.audited(func(_ Method, d depthColumn, _ *accuracyCell) { levels = max(levels, d.levels) })
	header = []string{"method", "network"}
	for i := range levels {
		header = append(header, strconv.Itoa(i))
	}
	a.audited(func(m Method, d depthColumn, c *accuracyCell) {
		row := []string{m.Label(), a.name(d)}
		for _, v := range c.cosines() {
			row = append(row, cosineText(v))
		}
		for len(row) < len(header) {
			row = append(row, "")
		}
		rows = append(rows, row)
	})
	return header, rows
}

func cosineText(v cli.Number) string {
	if math.IsNaN(float64(v)) { // no gradient
		return "-"
	}
	return fmt.Sprintf("%.3f", float64(v))
}

// cosineMarkdown is the table of cosines for documents, "" if there are none.
func (a *Accuracy) cosineMarkdown() string {
	header, rows := a.cosineTable()
	if len(rows) == 0 {
		return ""
	}
	seeds := a.seeds(func(r *Result) bool { return r.Cosines != nil })
	of := "seed "
	if len(seeds) > 1 {
		of = "means of seeds "
	}
	return "\nCosine of each level's weight gradient with backpropagation's, level 0 being the lowest: " +
		"raw gradients of the first training batch, with the weights after the last epoch; " + of + seedList(seeds) + ".\n\n" +
		markdown(header, rows)
}

// CosineCSV returns cosines and ratios of lengths, a line for every level of
// every network of every seed, with a header.
func (a *Accuracy) CosineCSV() ([]byte, error) {
	records := [][]string{{"depth", "method", "seed", "level", "cosine", "ratio"}}
	a.audited(func(m Method, d depthColumn, c *accuracyCell) {
		for i, r := range c.results {
			if r.Cosines == nil {
				continue
			}
			for level, v := range r.Cosines.Cosine {
				records = append(records, []string{
					strconv.Itoa(d.depth), string(m), strconv.FormatUint(c.seeds[i], 10), strconv.Itoa(level),
					decimal(v), decimal(r.Cosines.Ratio[level]),
				})
			}
		}
	})
	var b bytes.Buffer
	err := csv.NewWriter(&b).WriteAll(records)
	return b.Bytes(), err
}

// CosineChart is the figure of the deepest network's cosines. It has no lines if
// there are none.
func (a *Accuracy) CosineChart() plot.Chart {
	deepest := depthColumn{}
	a.audited(func(_ Method, d depthColumn, _ *accuracyCell) {
		if d.levels > deepest.levels {
			deepest = d
		}
	})
	c := plot.Chart{
		Title: fmt.Sprintf("Cosine with backpropagation's gradient: %s on %s", a.name(deepest), a.Study.Base["data"]),
		X:     "level", Y: "cosine",
	}
	a.audited(func(m Method, d depthColumn, cell *accuracyCell) {
		if d != deepest {
			return
		}
		line := plot.Line{Name: m.Label()}
		for level, v := range cell.cosines() {
			line.Points = append(line.Points, plot.Point{X: float64(level), Y: float64(v)})
		}
		c.Lines = append(c.Lines, line)
	})
	return c
}
