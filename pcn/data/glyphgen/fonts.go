package main

import (
	"fmt"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gobolditalic"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/gofont/gomediumitalic"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/gomonobolditalic"
	"golang.org/x/image/font/gofont/gomonoitalic"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

type typeface struct {
	name string
	ttf  []byte
}

// The rows of the sheet, from top to bottom: the Go fonts by Bigelow & Holmes,
// which come under the licence of Go itself. The two small-caps fonts are left
// out: their digits are those of the regular and italic ones.
var fonts = []typeface{
	{"Go Regular", goregular.TTF},
	{"Go Italic", goitalic.TTF},
	{"Go Medium", gomedium.TTF},
	{"Go Medium Italic", gomediumitalic.TTF},
	{"Go Bold", gobold.TTF},
	{"Go Bold Italic", gobolditalic.TTF},
	{"Go Mono", gomono.TTF},
	{"Go Mono Italic", gomonoitalic.TTF},
	{"Go Mono Bold", gomonobold.TTF},
	{"Go Mono Bold Italic", gomonobolditalic.TTF},
}

// pixelsPerEm makes digits about 30 pixels tall in a cell of 40.
const pixelsPerEm = 41

// outline returns the contours of the character, flattened to polygons.
func (f typeface) outline(character rune) (*outline, error) {
	parsed, err := sfnt.Parse(f.ttf)
	if err != nil {
		return nil, err
	}
	var buffer sfnt.Buffer
	index, err := parsed.GlyphIndex(&buffer, character)
	if err != nil {
		return nil, err
	}
	if index == 0 {
		return nil, fmt.Errorf("the font has no glyph for it")
	}
	segments, err := parsed.LoadGlyph(&buffer, index, fixed.I(pixelsPerEm), nil)
	if err != nil {
		return nil, err
	}
	return flatten(segments)
}
