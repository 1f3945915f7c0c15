package plot

import (
	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A scaleBar shows the colours of a scale with the values they stand for.
type scaleBar struct {
	scale scale
	unit  string
}

// barWidth is the width of the colours.
const barWidth vg.Length = 16

// draw draws the colours along the canvas's right edge, from its bottom to its
// top, and beside them the values.
func (b scaleBar) draw(c draw.Canvas) {
	left, height := c.Max.X-barWidth, c.Max.Y-c.Min.Y
	for i := range shades {
		low := c.Min.Y + height*vg.Length(i)/shades
		fill(c, b.scale.color(b.scale.value((float64(i)+0.5)/shades)), left, c.Max.X, low, low+height/shades)
	}
	style := newPlot("", "", "").Y // what axes of panels look like
	var ticker gonum.Ticker = round{}
	if b.scale.log {
		ticker = decades{}
	}
	widest, descent := vg.Length(0), style.Tick.Label.FontExtents().Descent
	for _, t := range ticker.Ticks(b.scale.least, b.scale.most) {
		y := c.Min.Y + height*vg.Length(b.scale.share(t.Value))
		length := style.Tick.Length
		if t.IsMinor() {
			length /= 2
		}
		c.StrokeLine2(style.Tick.LineStyle, left-length, y, left, y)
		c.FillText(style.Tick.Label, vg.Point{X: left - style.Tick.Length - 2, Y: y + descent}, t.Label)
		widest = max(widest, style.Tick.Label.Width(t.Label))
	}
	label := style.Label.TextStyle
	label.Rotation = quarterTurn
	c.FillText(label, vg.Point{X: left - style.Tick.Length - widest - 11, Y: c.Center().Y}, b.unit)
}
