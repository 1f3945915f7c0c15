package data

import (
	"image"
	"image/color"
	"testing"

	"github.com/stretchr/testify/require"
)

// picture is a picture whose colours tell the place.
func picture(b image.Rectangle) *image.NRGBA {
	p := image.NewNRGBA(b)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			p.SetNRGBA(x, y, color.NRGBA{uint8(x), uint8(y), uint8(7 * x), 255})
		}
	}
	return p
}

func TestAddTakesImagesOfTheSet(t *testing.T) {
	s, err := Empty("cifar10")
	require.NoError(t, err)
	p := picture(image.Rect(5, 9, 37, 41))
	require.NoError(t, s.Add(p, 3))
	require.NoError(t, s.Add(p, 9))
	require.NoError(t, s.Check())
	require.Equal(t, []uint8{3, 9}, s.Labels)
	for i, v := range s.Image(1) {
		x, y := 5+i/3%32, 9+i/96
		require.Equal(t, []uint8{uint8(x), uint8(y), uint8(7 * x)}[i%3], v)
	}

	// Grey images come back as they were.
	_, test := GlyphsN(0, 0, 3)
	again, err := Empty("glyphs")
	require.NoError(t, err)
	for i := range test.Len() {
		g := &image.Gray{Pix: test.Image(i), Stride: 28, Rect: image.Rect(0, 0, 28, 28)}
		require.NoError(t, again.Add(g, test.Label(i)))
	}
	require.Equal(t, test.Pixels, again.Pixels)
	require.Equal(t, test.Labels, again.Labels)
}

// Larger and smaller pictures of one colour are of this colour, and what is in
// the middle stays there.
func TestAddScales(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {3, 200}, {200, 3}, {28, 29}, {56, 56}, {640, 480}} {
		s, err := Empty("mnist")
		require.NoError(t, err)
		p := image.NewGray(image.Rectangle{Max: size})
		for i := range p.Pix {
			p.Pix[i] = 100
		}
		require.NoError(t, s.Add(p, 0))
		for _, v := range s.Image(0) {
			require.InDelta(t, 100, v, 1)
		}
	}
	s, err := Empty("mnist")
	require.NoError(t, err)
	p := image.NewGray(image.Rect(0, 0, 280, 420)) // twice white, in the middle and where it is cut off
	for y := range 420 {
		for x := range 280 {
			if y < 60 || y >= 140 && y < 280 && x >= 70 && x < 210 {
				p.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	require.NoError(t, s.Add(p, 0))
	at := func(x, y int) uint8 { return s.Image(0)[28*y+x] }
	require.Equal(t, uint8(255), at(14, 14))
	for _, corner := range []uint8{at(0, 0), at(27, 0), at(0, 27), at(14, 2), at(14, 25), at(3, 14)} {
		require.Less(t, corner, uint8(8))
	}
}

func TestAddOnBlack(t *testing.T) {
	s, err := Empty("cifar100")
	require.NoError(t, err)
	p := image.NewNRGBA(image.Rect(0, 0, 32, 32))
	for i := range p.Pix {
		p.Pix[i] = 200
		if i%4 == 3 {
			p.Pix[i] = 0
		}
	}
	require.NoError(t, s.Add(p, 0))
	require.Equal(t, make([]uint8, 3072), s.Pixels)
}

func TestAddRefuses(t *testing.T) {
	s, err := Empty("mnist")
	require.NoError(t, err)
	p := image.NewGray(image.Rect(0, 0, 2, 2))
	require.ErrorContains(t, s.Add(p, 10), "label 10 is not one of the 10 classes")
	require.ErrorContains(t, s.Add(p, -1), "label -1")
	require.ErrorContains(t, s.Add(image.NewGray(image.Rect(3, 3, 3, 9)), 0), "without pixels")
	s.Channels = 2
	require.ErrorContains(t, s.Add(p, 0), "has 2 channels")
	require.Zero(t, s.Len())

	set := &Set{Height: 1, Width: 1, Channels: 1, Classes: 2, Pixels: []uint8{1, 2}, Labels: []uint8{0, 1}}
	part := set.Slice(0, 1)
	require.NoError(t, part.Add(p, 0))
	require.Equal(t, []uint8{1, 2}, set.Pixels)
	require.Equal(t, []uint8{0, 1}, set.Labels)
}

// Empty sets are as those that are read, down to the normalisation.
func TestEmpty(t *testing.T) {
	_, glyphs := GlyphsN(0, 0, 0)
	got, err := Empty("glyphs")
	require.NoError(t, err)
	glyphs.Name, glyphs.Pixels, glyphs.Labels = "glyphs", nil, nil
	require.Equal(t, glyphs, got)
	for name, classes := range map[string]int{"mnist": 10, "fashion-mnist": 10, "cifar10": 10, "cifar100": 100, "tiny-imagenet": 200} {
		s, err := Empty(name)
		require.NoError(t, err)
		require.NoError(t, s.Check())
		require.Equal(t, name, s.Name)
		require.Equal(t, classes, s.Classes)
	}
	_, err = Empty("imagenet")
	require.ErrorContains(t, err, `no set called "imagenet"`)
}
