package data

import "github.com/gopcn/gopcn/pcn/internal/rng"

// Augment changes training images at random: first a flip from left to right,
// then a crop of the image's own size out of the image with a rim of black
// pixels. The zero value changes nothing; CIFAR is trained with
// Augment{Flip: true, Pad: 4}.
type Augment struct {
	// Flip mirrors an image with probability one half.
	Flip bool

	// Pad is the width of the rim, not negative: images move by up to Pad pixels in
	// either direction. The rim has the byte 0, before normalising.
	Pad int
}

// Fill is Set.Fill with the random changes: it writes the normalised values of
// an image of the set to dst, which holds at least Features() values, in the
// order height, width, channels. What changes is a pure function of (seed,
// epoch, index), whatever was filled before. It allocates nothing.
func (a Augment) Fill(dst []float32, s *Set, seed uint64, epoch, index int) {
	if a.Pad < 0 {
		panic("data: Augment: Pad is negative")
	}
	if len(dst) < s.Features() {
		panic("data: Augment: dst is shorter than an image")
	}
	var r rng.Rand
	r.Seed(seed, rng.Augment, uint64(epoch), uint64(index))
	// Both draws are made for every image, so that the crop of an image does not
	// depend on whether images are flipped.
	flip := r.IntN(2) == 1
	dy := r.IntN(2*a.Pad+1) - a.Pad
	dx := r.IntN(2*a.Pad+1) - a.Pad
	crop(dst, s, index, a.Flip && flip, dy, dx)
}

// crop writes the image moved up by dy and left by dx pixels, after mirroring
// it if flip is set. Places that the image leaves get the byte 0.
func crop(dst []float32, s *Set, index int, flip bool, dy, dx int) {
	image, width, channels := s.Image(index), s.Width, s.Channels
	for y := range s.Height {
		row := dst[y*width*channels : (y+1)*width*channels]
		from := y + dy
		if from < 0 || from >= s.Height {
			s.black(row)
			continue
		}
		source := image[from*width*channels : (from+1)*width*channels]
		// Columns left to right of the result that the image covers.
		begin := min(max(-dx, 0), width)
		end := max(min(width-dx, width), begin)
		s.black(row[:begin*channels])
		s.black(row[end*channels:])
		for x := begin; x < end; x++ {
			column := x + dx
			if flip {
				column = width - 1 - column
			}
			pixel := source[column*channels : (column+1)*channels]
			for c, p := range pixel {
				row[x*channels+c] = s.Table[c][p]
			}
		}
	}
}

// black fills whole pixels with the normalised byte 0.
func (s *Set) black(row []float32) {
	channels := s.Channels
	for c := range channels {
		zero := s.Table[c][0]
		for i := c; i < len(row); i += channels {
			row[i] = zero
		}
	}
}
