// Package plot draws the figures of studies, line charts with error bars and
// heat maps, as SVG and as PNG.
package plot

import (
	"bytes"
	"fmt"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// A Figure is a [Chart] or a [HeatMap].
type Figure interface {
	// size returns width and height on paper.
	size() (width, height vg.Length)

	// check says what cannot be drawn.
	check() error

	// draw draws a figure that check has nothing against.
	draw(c draw.Canvas)
}

// dotsPerInch makes a figure of usual width about 1,100 pixels wide.
const dotsPerInch = 150

// SVG returns the figure as a vector image. Its text stays text, in Arial or
// what looks like it.
func SVG(f Figure) ([]byte, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	canvas := vgsvg.NewWith(vgsvg.UseWH(f.size()))
	f.draw(draw.New(canvas))
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("cannot draw the SVG image: %w", err)
	}
	// The library names one font, which few machines have.
	return bytes.ReplaceAll(b.Bytes(),
		[]byte("font-family:Liberation Sans;"),
		[]byte("font-family:Liberation Sans,Arial,Helvetica,sans-serif;")), nil
}

// PNG returns the figure as an image of pixels.
func PNG(f Figure) ([]byte, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	width, height := f.size()
	canvas := vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(dotsPerInch))}
	f.draw(draw.New(canvas))
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("cannot draw the PNG image: %w", err)
	}
	return b.Bytes(), nil
}
