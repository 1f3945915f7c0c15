package main

import (
	"bytes"
	"os"
	"testing"
)

// The committed masters are what this program writes.
func TestMastersAreCommitted(t *testing.T) {
	committed, err := os.ReadFile("../glyphs.pgm")
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := renderSheet()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(sheet, committed) {
		t.Fatal("glyphs.pgm differs from what the fonts render to; run go generate")
	}
}

// rectangle appends a rectangle, in eighths of a pixel, clockwise on the page
// or the other way round.
func (o *outline) rectangle(left, top, right, bottom int, reverse bool) {
	const eighth = unit / 8
	corners := []point{
		{left * eighth, top * eighth}, {right * eighth, top * eighth},
		{right * eighth, bottom * eighth}, {left * eighth, bottom * eighth},
	}
	for i, from := range corners {
		to := corners[(i+1)%4]
		if reverse {
			from, to = to, from
		}
		o.edges = append(o.edges, edge{from, to})
	}
}

// Coverage of a frame: a rectangle with a hole that is drawn backwards.
func TestFill(t *testing.T) {
	var o outline
	o.rectangle(12, 8, 52, 40, false) // columns 1.5 to 6.5, rows 1 to 5
	o.rectangle(24, 20, 40, 28, true) // columns 3 to 5, rows 2.5 to 3.5
	var got [cell * cell]uint8
	o.fill(got[:], cell)
	want := map[int][]uint8{
		1: {0, 128, 255, 255, 255, 255, 128, 0},
		2: {0, 128, 255, 128, 128, 255, 128, 0},
		3: {0, 128, 255, 128, 128, 255, 128, 0},
		4: {0, 128, 255, 255, 255, 255, 128, 0},
	}
	for y := range cell {
		row := make([]uint8, cell)
		copy(row, want[y])
		if !bytes.Equal(got[y*cell:(y+1)*cell], row) {
			t.Errorf("row %d is %v", y, got[y*cell:(y+1)*cell])
		}
	}
}

// Where contours of one direction overlap, the place is inside once.
func TestFillOverlap(t *testing.T) {
	var o outline
	o.rectangle(8, 8, 24, 16, false)
	o.rectangle(16, 8, 32, 16, false)
	var got [cell * cell]uint8
	o.fill(got[:], cell)
	want := []uint8{0, 255, 255, 255, 0}
	if !bytes.Equal(got[cell:cell+5], want) {
		t.Errorf("got %v, want %v", got[cell:cell+5], want)
	}
}

func TestCentre(t *testing.T) {
	var o outline
	o.rectangle(0, 0, 80, 160, false) // 10 by 20 pixels
	if err := o.centre(); err != nil {
		t.Fatal(err)
	}
	if got, want := o.edges[0].from, (point{15 * unit, 10 * unit}); got != want {
		t.Errorf("the corner is at %v, not %v", got, want)
	}
	var large outline
	large.rectangle(0, 0, 80, 8*cell-8, false)
	if large.centre() == nil {
		t.Error("a glyph without a margin must be refused")
	}
}
