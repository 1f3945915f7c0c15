// Command glyphgen renders the masters of pcn/data's built-in set: the ten
// digits in the Go fonts, as one grey image that pcn/data embeds. It is a
// module of its own, so that nobody who imports gopcn downloads fonts. From
// the root of the repository:
//
//	go run -C pcn/data/glyphgen .
//
// Outlines are scaled, flattened and filled in integers only, so the file is
// the same whichever machine writes it.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"log"
	"os"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("glyphgen: ")
	out := flag.String("o", "../glyphs.pgm", "the file to write")
	flag.Parse()

	sheet, err := renderSheet()
	if err != nil {
		log.Fatal(err)
	}
	if err := replaceFile(*out, sheet); err != nil {
		log.Fatal(err)
	}
}

// renderSheet returns a binary PGM image with a row of cells for each font and
// a column for each digit.
func renderSheet() ([]byte, error) {
	width, height := 10*cell, len(fonts)*cell
	pixels := make([]uint8, width*height)
	for row, f := range fonts {
		for digit := range 10 {
			glyph, err := f.outline('0' + rune(digit))
			if err != nil {
				return nil, fmt.Errorf("%s, digit %d: %w", f.name, digit, err)
			}
			if err := glyph.centre(); err != nil {
				return nil, fmt.Errorf("%s, digit %d: %w", f.name, digit, err)
			}
			glyph.fill(pixels[row*cell*width+digit*cell:], width)
		}
	}
	var sheet bytes.Buffer
	fmt.Fprintf(&sheet, "P5\n%d %d\n255\n", width, height)
	sheet.Write(pixels)
	return sheet.Bytes(), nil
}

// replaceFile writes beside the target and renames, so that a run that fails
// halfway leaves the old masters in place.
func replaceFile(name string, content []byte) error {
	next := name + ".new"
	if err := os.WriteFile(next, content, 0o644); err != nil {
		return err
	}
	return os.Rename(next, name)
}
