package plot

import (
	"image/color"

	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// cells draw a table: row r, column c as a rectangle around the point (c, r).
type cells struct {
	values [][]float64
	scale  scale
}

// DataRange is gonum's: the edges of the table.
func (t cells) DataRange() (xmin, xmax, ymin, ymax float64) {
	return -0.5, float64(len(t.values[0])) - 0.5, -0.5, float64(len(t.values)) - 0.5
}

// Plot is gonum's: it draws.
func (t cells) Plot(c draw.Canvas, p *gonum.Plot) {
	x, y := p.Transforms(&c)
	for r, row := range t.values {
		low, high := y(float64(r)-0.5), y(float64(r)+0.5)
		for first := 0; first < len(row); {
			shade, next := t.scale.color(row[first]), first+1
			for next < len(row) && t.scale.color(row[next]) == shade {
				next++
			}
			fill(c, shade, x(float64(first)-0.5), x(float64(next)-0.5), low, high)
			first = next
		}
	}
}

// overlap is how far a rectangle reaches under its neighbours above and to the
// right: without it, the background shines through between them.
const overlap vg.Length = 0.4

// fill draws a rectangle, within the canvas.
func fill(c draw.Canvas, shade color.Color, left, right, low, high vg.Length) {
	right, high = min(right+overlap, c.Max.X), min(high+overlap, c.Max.Y)
	c.FillPolygon(shade, []vg.Point{{X: left, Y: low}, {X: right, Y: low}, {X: right, Y: high}, {X: left, Y: high}})
}
