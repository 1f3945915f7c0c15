package data

import "fmt"

// A Set is a labelled image set. It keeps its images as the bytes they came
// as: an eighth of the memory of two float32 copies, and normalising is one
// look-up a pixel. Sets are read-only once made and may then be read by any
// number of goroutines.
type Set struct {
	// Name is what reports call the set, such as "mnist test".
	Name string

	// Height, Width and Channels are the shape of every image, Classes is the
	// number of classes: labels are less.
	Height, Width, Channels, Classes int

	// ClassNames says what the labels mean. It is nil or has Classes entries.
	ClassNames []string

	// Pixels holds the images one after the other, each in the order height,
	// width, channels (NHWC): Len()*Features() bytes.
	Pixels []uint8

	// Labels holds one class an image.
	Labels []uint8

	// Table maps a byte to a normalised pixel, for each channel: see Normalise.
	Table [][256]float32
}

// Len returns the number of images.
func (s *Set) Len() int { return len(s.Labels) }

// Features returns the number of values in an image: Height*Width*Channels.
func (s *Set) Features() int { return s.Height * s.Width * s.Channels }

// Label returns the class of an image.
func (s *Set) Label(index int) int { return int(s.Labels[index]) }

// Image returns the bytes of an image, in the order height, width, channels.
// They are the set's own: do not change them.
func (s *Set) Image(index int) []uint8 {
	n := s.Features()
	return s.Pixels[index*n : (index+1)*n : (index+1)*n]
}

// Fill writes the normalised values of an image to dst, which holds at least
// Features() values, in the order height, width, channels. It allocates
// nothing.
func (s *Set) Fill(dst []float32, index int) {
	image := s.Image(index)
	if len(dst) < len(image) {
		panic("data: Fill: dst is shorter than an image")
	}
	dst = dst[:len(image)]
	switch s.Channels {
	case 1:
		table := &s.Table[0]
		for i, p := range image {
			dst[i] = table[p]
		}
	case 3:
		r, g, b := &s.Table[0], &s.Table[1], &s.Table[2]
		for len(image) >= 3 && len(dst) >= 3 {
			dst[0], dst[1], dst[2] = r[image[0]], g[image[1]], b[image[2]]
			image, dst = image[3:], dst[3:]
		}
	default:
		channels := s.Channels
		for c := range channels {
			table := &s.Table[c]
			for i := c; i < len(image); i += channels {
				dst[i] = table[image[i]]
			}
		}
	}
}

// Slice returns the images from lo up to, not including, hi as a set that
// shares the bytes of s. Slice(0, n) are the first n images and
// Slice(Len()-n, Len()) the last n, which serve as a validation set. It panics
// unless 0 <= lo <= hi <= Len().
func (s *Set) Slice(lo, hi int) *Set {
	if lo < 0 || hi < lo || hi > s.Len() {
		panic("data: Slice: bounds out of range")
	}
	n := s.Features()
	view := *s
	view.Pixels = s.Pixels[lo*n : hi*n : hi*n]
	view.Labels = s.Labels[lo:hi:hi]
	return &view
}

// Check says what is wrong with a set made by hand: a shape that is not
// positive, fewer or more pixels than the labels ask for, labels that are not
// less than Classes, class names or tables of another number. The functions of
// this package return sets that pass.
func (s *Set) Check() error {
	if s.Height <= 0 || s.Width <= 0 || s.Channels <= 0 {
		return fmt.Errorf("data: set %q: the image shape %dx%dx%d is not positive", s.Name, s.Height, s.Width, s.Channels)
	}
	if s.Classes < 1 || s.Classes > 256 {
		return fmt.Errorf("data: set %q: %d classes; from 1 to 256 fit into a label", s.Name, s.Classes)
	}
	if s.ClassNames != nil && len(s.ClassNames) != s.Classes {
		return fmt.Errorf("data: set %q: %d class names for %d classes", s.Name, len(s.ClassNames), s.Classes)
	}
	if len(s.Table) != s.Channels {
		return fmt.Errorf("data: set %q: %d tables for %d channels", s.Name, len(s.Table), s.Channels)
	}
	if len(s.Pixels) != s.Len()*s.Features() {
		return fmt.Errorf("data: set %q: %d pixels, but %d labels of %d pixels each make %d",
			s.Name, len(s.Pixels), s.Len(), s.Features(), s.Len()*s.Features())
	}
	for i, label := range s.Labels {
		if int(label) >= s.Classes {
			return fmt.Errorf("data: set %q: image %d has label %d; there are %d classes, from 0 on", s.Name, i, label, s.Classes)
		}
	}
	return nil
}
