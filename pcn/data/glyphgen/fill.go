package main

import (
	"cmp"
	"slices"
)

// lines is the number of scan lines that sample a row of pixels. Along a line
// coverage is exact.
const lines = 16

type crossing struct{ x, direction int }

// fill writes the outline's coverage, 0 to 255, to a cell whose first pixel is
// dst[0] and whose rows are stride apart. A place is inside where contours
// wind around it (the non-zero rule, as TrueType has it).
func (o *outline) fill(dst []uint8, stride int) {
	var crossings []crossing
	for row := range cell {
		var covered [cell]int
		for l := range lines {
			y := row*unit + (2*l+1)*unit/(2*lines)
			crossings = o.cross(crossings[:0], y)
			winding := 0
			for i, c := range crossings {
				winding += c.direction
				if winding != 0 {
					cover(&covered, c.x, crossings[i+1].x)
				}
			}
		}
		for x, c := range covered {
			dst[row*stride+x] = uint8((c*255 + lines*unit/2) / (lines * unit))
		}
	}
}

// cross appends the places where the horizontal line at y meets the outline,
// from left to right. Edges own their upper end, so that a line through a
// corner meets it once; directions of a closed outline add to zero.
func (o *outline) cross(crossings []crossing, y int) []crossing {
	for _, e := range o.edges {
		direction := 1
		if e.from.y > e.to.y {
			e.from, e.to = e.to, e.from
			direction = -1
		}
		if e.from.y <= y && y < e.to.y {
			x := e.from.x + (y-e.from.y)*(e.to.x-e.from.x)/(e.to.y-e.from.y)
			crossings = append(crossings, crossing{x, direction})
		}
	}
	slices.SortStableFunc(crossings, func(a, b crossing) int { return cmp.Compare(a.x, b.x) })
	return crossings
}

// cover adds the span from left to right to the pixels that it touches.
func cover(covered *[cell]int, left, right int) {
	for left < right {
		pixel := left / unit
		end := min(right, (pixel+1)*unit)
		covered[pixel] += end - left
		left = end
	}
}
