package plot

import (
	"errors"
	"fmt"

	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A HeatMap shows tables of numbers as colours, all on one scale.
type HeatMap struct {
	Title string
	X, Y  string // what the axes show
	Unit  string // what the colours show

	// Log makes the scale logarithmic. Zeros are grey then, and values below
	// 1e-12 of the largest have the darkest colour. On any scale, values that
	// are not finite are red.
	Log bool

	// Panels are drawn side by side, three in a row.
	Panels []Panel
}

// A Panel is one table of a heat map.
type Panel struct {
	Title string

	// Values are the rows, the lowest first; all are of one length.
	Values [][]float64

	// Columns are what the columns stand for, for the labels of the horizontal
	// axis: rising, evenly spread. Without them columns count from 0.
	Columns []float64
}

// across is the number of panels in a row.
const across = 3

// grid returns how many panels there are in a column and in a row.
func (h HeatMap) grid() (rows, columns int) {
	n := len(h.Panels)
	if n == 4 {
		return 2, 2
	}
	return (n + across - 1) / across, min(n, across)
}

func (h HeatMap) size() (width, height vg.Length) {
	rows, columns := h.grid()
	if columns == 1 {
		return 6.4 * vg.Inch, 4 * vg.Inch
	}
	return vg.Length(columns)*2.9*vg.Inch + vg.Inch, vg.Length(rows)*2.7*vg.Inch + 0.4*vg.Inch
}

func (h HeatMap) check() error {
	if len(h.Panels) == 0 {
		return errors.New("a heat map needs a panel")
	}
	for i, p := range h.Panels {
		if len(p.Values) == 0 || len(p.Values[0]) == 0 {
			return fmt.Errorf("panel %d of the heat map %q is empty", i, h.Title)
		}
		for r, row := range p.Values {
			if len(row) != len(p.Values[0]) {
				return fmt.Errorf("panel %d of the heat map %q has rows of %d and %d values, the latter at %d", i, h.Title, len(p.Values[0]), len(row), r)
			}
		}
		if p.Columns != nil && len(p.Columns) != len(p.Values[0]) {
			return fmt.Errorf("panel %d of the heat map %q has %d columns and names for %d", i, h.Title, len(p.Values[0]), len(p.Columns))
		}
	}
	return nil
}

func (h HeatMap) draw(canvas draw.Canvas) {
	white := newPlot("", "", "")
	canvas.SetColor(white.BackgroundColor)
	canvas.Fill(canvas.Rectangle.Path())
	canvas = draw.Crop(canvas, margin, -margin, margin, -margin)

	title := white.Title.TextStyle
	if h.Title != "" {
		title.YAlign = draw.YTop
		canvas.FillText(title, vg.Point{X: canvas.Center().X, Y: canvas.Max.Y}, h.Title)
		canvas = draw.Crop(canvas, 0, 0, 0, -title.Rectangle(h.Title).Size().Y-8)
	}
	var tables [][][]float64
	for _, p := range h.Panels {
		tables = append(tables, p.Values)
	}
	s, found := newScale(h.Log, tables...)
	const bar = 66 // the width of the scale and its labels
	area := h.drawPanels(draw.Crop(canvas, 0, -bar-12, 0, 0), s)
	if found {
		right := draw.Crop(canvas, canvas.Size().X-bar, 0, 0, 0)
		right.Min.Y, right.Max.Y = area.Min.Y, area.Max.Y
		bar := scaleBar{s, h.Unit}
		bar.draw(right)
	}
}

// drawPanels draws the panels and returns the smallest rectangle around their
// cells.
func (h HeatMap) drawPanels(canvas draw.Canvas, s scale) vg.Rectangle {
	rows, columns := h.grid()
	plots := make([][]*gonum.Plot, rows)
	for r := range plots {
		plots[r] = make([]*gonum.Plot, columns)
	}
	for i, p := range h.Panels {
		plots[i/columns][i%columns] = h.panel(p, s, i+columns >= len(h.Panels), i%columns == 0)
	}
	tiles := draw.Tiles{Rows: rows, Cols: columns, PadX: 12, PadY: 10}
	places := gonum.Align(plots, tiles, canvas)
	around := vg.Rectangle{Min: canvas.Max, Max: canvas.Min}
	for r := range plots {
		for c, p := range plots[r] {
			if p == nil {
				continue
			}
			p.Draw(places[r][c])
			inner := p.DataCanvas(places[r][c])
			around.Min.Y, around.Max.Y = min(around.Min.Y, inner.Min.Y), max(around.Max.Y, inner.Max.Y)
			around.Min.X, around.Max.X = min(around.Min.X, inner.Min.X), max(around.Max.X, inner.Max.X)
		}
	}
	return around
}

// panel returns the axes of a panel with its cells. Panels at the bottom name
// the horizontal axis and those on the left the vertical one.
func (h HeatMap) panel(p Panel, s scale, bottom, left bool) *gonum.Plot {
	x, y := "", ""
	if bottom {
		x = h.X
	}
	if left {
		y = h.Y
	}
	axes := newPlot(p.Title, x, y)
	sans(&axes.Title.TextStyle, labelSize)
	axes.X.Padding, axes.Y.Padding = 0, 0
	axes.X.Tick.Marker = counting{p.Columns}
	axes.Y.Tick.Marker = counting{}
	axes.Add(cells{p.Values, s})
	return axes
}
