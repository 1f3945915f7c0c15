package plot

import (
	"image/color"
	"math"
)

// A scale gives values colours.
type scale struct {
	least, most float64 // the values at the ends, above zero if log
	log         bool
}

// viridis are colours of growing lightness, evenly spread: also in grey, and for
// people who see few colours, more is lighter.
var viridis = []color.NRGBA{
	{0x44, 0x01, 0x54, 0xff}, {0x47, 0x2d, 0x7b, 0xff}, {0x3b, 0x52, 0x8b, 0xff},
	{0x2c, 0x72, 0x8e, 0xff}, {0x21, 0x91, 0x8c, 0xff}, {0x28, 0xae, 0x80, 0xff},
	{0x5e, 0xc9, 0x62, 0xff}, {0xad, 0xdc, 0x30, 0xff}, {0xfd, 0xe7, 0x25, 0xff},
}

// Values that have no place on the scale.
var (
	nothing = color.NRGBA{0xee, 0xee, 0xee, 0xff} // zero on a logarithmic scale
	broken  = color.NRGBA{0xd0, 0x20, 0x20, 0xff} // not finite
)

// shades is the number of different colours of a scale. Neighbours of the same
// shade are drawn as one.
const shades = 128

// color returns the colour of a value. Values beyond an end have that of the
// end.
func (s scale) color(v float64) color.NRGBA {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return broken
	case s.log && v <= 0:
		return nothing
	}
	share := min(max(s.share(v), 0), 1)
	place := math.Floor(share*(shades-1)+0.5) / (shades - 1) * float64(len(viridis)-1)
	i := min(int(place), len(viridis)-2)
	part := place - float64(i)
	mix := func(a, b uint8) uint8 { return uint8(float64(a)*(1-part) + float64(b)*part + 0.5) }
	a, b := viridis[i], viridis[i+1]
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 0xff}
}

// share says how far along the scale a value lies, from 0 to 1.
func (s scale) share(v float64) float64 {
	if s.log {
		return math.Log(v/s.least) / math.Log(s.most/s.least)
	}
	return (v - s.least) / (s.most - s.least)
}

// value is the inverse of share.
func (s scale) value(share float64) float64 {
	if s.log {
		return s.least * math.Pow(s.most/s.least, share)
	}
	return s.least + share*(s.most-s.least)
}

// reach is the most that the ends of a logarithmic scale lie apart: what is
// smaller is drawn like the lower end.
const reach = 1e12

// newScale returns a scale for all finite values of the tables. It is
// false if there are none.
func newScale(log bool, tables ...[][]float64) (scale, bool) {
	s := scale{math.Inf(1), math.Inf(-1), log}
	for _, t := range tables {
		for _, row := range t {
			for _, v := range row {
				if math.IsNaN(v) || math.IsInf(v, 0) || log && v <= 0 {
					continue
				}
				s.least, s.most = min(s.least, v), max(s.most, v)
			}
		}
	}
	switch {
	case s.least > s.most:
		return scale{1, 10, log}, false
	case log:
		s.least = max(s.least, s.most/reach)
		s.least = math.Pow(10, math.Floor(math.Log10(s.least)))
		s.most = math.Pow(10, math.Ceil(math.Log10(s.most)))
		if s.least == s.most {
			s.most *= 10
		}
	case s.least == s.most:
		s.most = s.least + 1
	}
	return s, true
}
