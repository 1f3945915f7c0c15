package plot

import (
	"image/color"
	"math"

	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sizes of text, in points.
const (
	titleSize = 12
	labelSize = 11
	tickSize  = 9.5
)

// quarterTurn makes text run upwards.
const quarterTurn = math.Pi / 2

// margin keeps everything off the edge of the image.
const margin vg.Length = 8

var (
	ink  = color.NRGBA{0x22, 0x22, 0x22, 0xff} // text and axes
	grid = color.NRGBA{0xe2, 0xe2, 0xe2, 0xff}
)

// palette are the colours of Okabe and Ito, which people with any kind of
// colour vision tell apart; yellow is left out, it is faint on white.
var palette = []color.Color{
	color.NRGBA{0x00, 0x72, 0xb2, 0xff}, // blue
	color.NRGBA{0xd5, 0x5e, 0x00, 0xff}, // vermilion
	color.NRGBA{0x00, 0x9e, 0x73, 0xff}, // green
	color.NRGBA{0xcc, 0x79, 0xa7, 0xff}, // purple
	color.NRGBA{0xe6, 0x9f, 0x00, 0xff}, // orange
	color.NRGBA{0x56, 0xb4, 0xe9, 0xff}, // sky blue
}

// Dashes and markers tell lines apart where colours do not, in print.
var (
	dashes = [][]vg.Length{nil, {7, 3}, {2, 2}, {7, 3, 2, 3}}

	markers = []draw.GlyphDrawer{
		draw.CircleGlyph{}, draw.SquareGlyph{}, draw.PyramidGlyph{}, draw.BoxGlyph{}, draw.TriangleGlyph{}, draw.RingGlyph{},
	}
)

// sans sets the text of a figure in one typeface.
func sans(s *text.Style, size float64) {
	s.Font = font.From(font.Font{Typeface: "Liberation", Variant: "Sans"}, font.Length(size))
	s.Color = ink
}

// newPlot returns empty axes in the style of all figures.
func newPlot(title, x, y string) *gonum.Plot {
	p := gonum.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	p.Title.Padding = 6
	sans(&p.Title.TextStyle, titleSize)
	sans(&p.Legend.TextStyle, labelSize)
	for _, a := range []*gonum.Axis{&p.X, &p.Y} {
		sans(&a.Label.TextStyle, labelSize)
		sans(&a.Tick.Label, tickSize)
		a.Label.Padding = 4
		a.LineStyle = draw.LineStyle{Color: ink, Width: 0.6}
		a.Tick.LineStyle = a.LineStyle
		a.Tick.Length = 4
	}
	return p
}
