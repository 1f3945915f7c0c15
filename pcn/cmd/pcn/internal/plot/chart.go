package plot

import (
	"errors"
	"fmt"
	"image/color"
	"math"
	"slices"

	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Chart shows lines with error bars.
type Chart struct {
	Title string
	X, Y  string // what the axes show, with units

	// Lines are drawn in this order, in colours, dashes and markers of their
	// own, and listed beside the chart.
	Lines []Line

	// Log makes the vertical axis logarithmic.
	Log bool
}

// A Line is one of a chart's lines.
type Line struct {
	Name string

	// Reference draws the line in black, for what the others are compared with.
	Reference bool

	Points []Point
}

// A Point is a mark of a line. Points whose Y is not finite are left out, and
// on a logarithmic axis those whose Y is not positive.
type Point struct {
	X, Y float64

	// Spread is the length of the error bar to either side; there is none if
	// it is 0 or NaN.
	Spread float64
}

func (c Chart) size() (width, height vg.Length) { return 7.4 * vg.Inch, 4.2 * vg.Inch }

// Empty reports whether no line has a point that can be drawn, which is an error of
// [SVG] and [PNG].
func (c Chart) Empty() bool {
	return !slices.ContainsFunc(c.Lines, func(l Line) bool { return len(c.visible(l)) > 0 })
}

func (c Chart) check() error {
	if len(c.Lines) == 0 {
		return errors.New("a chart needs a line")
	}
	if !c.Empty() {
		return nil
	}
	return fmt.Errorf("no line of the chart %q has a point that can be drawn", c.Title)
}

// visible returns the points of a line that can be drawn.
func (c Chart) visible(l Line) []Point {
	var list []Point
	for _, p := range l.Points {
		if !math.IsInf(p.Y, 0) && !math.IsNaN(p.Y) && (!c.Log || p.Y > 0) {
			list = append(list, p)
		}
	}
	return list
}

func (c Chart) draw(canvas draw.Canvas) {
	canvas = draw.Crop(canvas, margin, -margin, margin, -margin)
	p := newPlot(c.Title, c.X, c.Y)
	p.X.Tick.Marker, p.Y.Tick.Marker = c.places(), round{}
	if c.Log {
		p.Y.Scale, p.Y.Tick.Marker = gonum.LogScale{}, decades{}
	}
	rules := plotter.NewGrid()
	rules.Vertical.Width = 0
	rules.Horizontal = draw.LineStyle{Color: grid, Width: 0.6}
	p.Add(rules)

	legend := gonum.NewLegend()
	legend.TextStyle = p.Legend.TextStyle
	legend.TextStyle.Color = ink
	legend.Top, legend.Left = true, true
	legend.Padding, legend.ThumbnailWidth = 5, 30
	coloured := 0
	for i, l := range c.Lines {
		look := lineLook(coloured)
		if l.Reference {
			look = referenceLook()
		} else {
			coloured++
		}
		look.add(p, &legend, l.Name, c.visible(l), c.aside(i))
	}
	c.pad(p)

	room := legend.Rectangle(canvas).Size().X + 14
	p.Draw(draw.Crop(canvas, 0, -room, 0, 0))
	// The list begins where the axes do.
	legend.Draw(draw.Crop(canvas, canvas.Size().X-room+14, 0, 0, -legend.TextStyle.Rectangle(c.Title).Size().Y-10))
}

// span returns the smallest and the largest X.
func (c Chart) span() (least, most float64) {
	least, most = math.Inf(1), math.Inf(-1)
	for _, l := range c.Lines {
		for _, p := range c.visible(l) {
			least, most = min(least, p.X), max(most, p.X)
		}
	}
	return least, most
}

// aside is how far a line's marks stand beside their true place, so that those
// of lines that agree stay visible.
func (c Chart) aside(line int) float64 {
	least, most := c.span()
	middle := float64(len(c.Lines)-1) / 2
	return (most - least) * 0.005 * (float64(line) - middle)
}

// pad makes room around the points, and turns ranges of nothing into some.
func (c Chart) pad(p *gonum.Plot) {
	if p.X.Min == p.X.Max {
		p.X.Min, p.X.Max = p.X.Min-1, p.X.Max+1
	}
	switch {
	case c.Log && p.Y.Min == p.Y.Max:
		p.Y.Min, p.Y.Max = p.Y.Min/2, p.Y.Max*2
	case p.Y.Min == p.Y.Max:
		p.Y.Min, p.Y.Max = p.Y.Min-1, p.Y.Max+1
	case !c.Log:
		p.Y.Max += (p.Y.Max - p.Y.Min) * 0.03
	}
}

// places are the ticks of the horizontal axis: the places that have points, as
// long as there are few.
func (c Chart) places() gonum.Ticker {
	seen := map[float64]bool{}
	var ticks gonum.ConstantTicks
	for _, l := range c.Lines {
		for _, p := range c.visible(l) {
			if !seen[p.X] {
				seen[p.X] = true
				ticks = append(ticks, gonum.Tick{Value: p.X, Label: fmt.Sprint(p.X)})
			}
		}
	}
	const most = 12
	if len(ticks) > most {
		return round{}
	}
	return ticks
}

// A look is how a line is drawn.
type look struct {
	line   draw.LineStyle
	marker draw.GlyphDrawer
}

// lineLook returns the look of the i-th line that is no reference.
func lineLook(i int) look {
	return look{
		line:   draw.LineStyle{Color: palette[i%len(palette)], Width: 1.6, Dashes: dashes[i%len(dashes)]},
		marker: markers[i%len(markers)],
	}
}

func referenceLook() look {
	return look{
		line:   draw.LineStyle{Color: color.Black, Width: 1.6, Dashes: []vg.Length{4, 2}},
		marker: draw.CrossGlyph{},
	}
}

// add draws a line's points, moved aside, and lists the line.
func (k look) add(p *gonum.Plot, legend *gonum.Legend, name string, points []Point, aside float64) {
	var at plotter.XYs
	bars := &plotter.YErrorBars{LineStyle: draw.LineStyle{Color: k.line.Color, Width: 1}, CapWidth: 5}
	for _, q := range points {
		at = append(at, plotter.XY{X: q.X + aside, Y: q.Y})
		if q.Spread > 0 && !math.IsInf(q.Spread, 0) {
			low := q.Spread
			if _, log := p.Y.Scale.(gonum.LogScale); log {
				low = min(low, q.Y/2) // a bar down to zero has no end
			}
			bars.XYs = append(bars.XYs, at[len(at)-1])
			bars.YErrors = append(bars.YErrors, struct{ Low, High float64 }{low, q.Spread})
		}
	}
	line := &plotter.Line{XYs: at, LineStyle: k.line}
	marks := &plotter.Scatter{XYs: at, GlyphStyle: draw.GlyphStyle{Color: k.line.Color, Radius: 3, Shape: k.marker}}
	legend.Add(name, line, marks)
	if len(at) == 0 {
		return
	}
	p.Add(line, marks)
	if len(bars.XYs) > 0 {
		p.Add(bars)
	}
}
