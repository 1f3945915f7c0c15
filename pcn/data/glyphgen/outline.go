package main

import (
	"fmt"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// unit is the number of steps of an outline's coordinates in a pixel: fonts
// are scaled to 1/64 of a pixel, flattened curves are kept sixteen times finer.
const unit = 1024

// cell is the width and height of a master in pixels.
const cell = 40

type point struct{ x, y int }

// An edge is one straight piece of a contour, in the direction it is drawn.
type edge struct{ from, to point }

type outline struct{ edges []edge }

// flatten turns contours into closed polygons, every curve into 16 edges.
func flatten(segments sfnt.Segments) (*outline, error) {
	var o outline
	var start, pen point
	line := func(to point) {
		if to != pen {
			o.edges = append(o.edges, edge{pen, to})
		}
		pen = to
	}
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			line(start)
			start = refine(s.Args[0])
			pen = start
		case sfnt.SegmentOpLineTo:
			line(refine(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			a, b, c := pen, refine(s.Args[0]), refine(s.Args[1])
			for i := 1; i <= 16; i++ {
				line(point{quadratic(a.x, b.x, c.x, i), quadratic(a.y, b.y, c.y, i)})
			}
		default:
			return nil, fmt.Errorf("segment kind %d is not of TrueType", s.Op)
		}
	}
	line(start)
	if len(o.edges) == 0 {
		return nil, fmt.Errorf("the glyph is empty")
	}
	return &o, nil
}

func refine(p fixed.Point26_6) point {
	return point{int(p.X) * (unit / 64), int(p.Y) * (unit / 64)}
}

// quadratic evaluates a Bezier curve with control values a, b, c at i/16.
func quadratic(a, b, c, i int) int {
	j := 16 - i
	return (j*j*a + 2*i*j*b + i*i*c + 128) >> 8
}

// centre moves the outline so that its bounding box lies in the middle of the
// cell, with a blank pixel at least on every side.
func (o *outline) centre() error {
	low, high := o.edges[0].from, o.edges[0].from
	for _, e := range o.edges {
		low.x, high.x = min(low.x, e.from.x), max(high.x, e.from.x)
		low.y, high.y = min(low.y, e.from.y), max(high.y, e.from.y)
	}
	if size := max(high.x-low.x, high.y-low.y); size > (cell-2)*unit {
		return fmt.Errorf("the glyph is %d pixels large: too much for its cell", size/unit)
	}
	dx := (cell*unit - low.x - high.x) >> 1
	dy := (cell*unit - low.y - high.y) >> 1
	for i := range o.edges {
		e := &o.edges[i]
		e.from.x, e.to.x = e.from.x+dx, e.to.x+dx
		e.from.y, e.to.y = e.from.y+dy, e.to.y+dy
	}
	return nil
}
