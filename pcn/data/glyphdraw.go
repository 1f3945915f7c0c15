package data

import "github.com/gopcn/gopcn/pcn/internal/rng"

// A glyph is drawn in four steps, each in integers: choose a font and a
// distortion, look up every pixel in the font's master, blur, add noise.
// Fractions are fixed-point: Q8 counts 1/256, Q12 counts 1/4096.

// drawGlyph writes a 28x28 image of the digit to dst.
func drawGlyph(dst []uint8, sheet string, digit int, r *rng.Rand) {
	font := r.IntN(masterFonts)
	master := sheet[font*masterSize*sheetWidth+digit*masterSize:]
	d := randomDistortion(r)
	blur := int32(between(r, 0, 80))
	ink := int32(between(r, 160, 256))
	noise := int32(between(r, 0, 80))

	var plane glyphPlane
	plane.sample(master, d)
	plane.blur(blur)
	plane.write(dst, ink, noise, r)
}

// A distortion maps a place of the image, relative to its centre, to a place
// of the master, relative to its centre: xx, xy, yx, yy are Q12, the shift in
// pixels of the image is Q8.
type distortion struct {
	xx, xy, yx, yy int32
	dx, dy         int32
}

// randomDistortion turns by up to 17 degrees, shears by up to 0.25, scales either
// axis by 0.75 to 1.2 (the digit is then 15 to 24 pixels tall) and moves by up
// to 2.75 pixels.
//
// The turn is (x - t y, y + t x): that also magnifies, by less than 5 % here, but
// needs no sine.
func randomDistortion(r *rng.Rand) distortion {
	turn := between(r, -1229, 1229)
	shear := between(r, -1024, 1024)
	// How many pixels of the master a pixel of the image spans: 1.5 at scale 1.
	sx := between(r, 5120, 8192)
	sy := between(r, 5120, 8192)

	// First the turn, then the shear of x by y, then the scales.
	q := func(product int) int32 { return int32(product >> 12) }
	return distortion{
		xx: q(sx * (4096 + shear*turn>>12)), xy: q(sx * (shear - turn)),
		yx: q(sy * turn), yy: q(sy * 4096),
		dx: int32(between(r, -704, 704)), dy: int32(between(r, -704, 704)),
	}
}

// between returns a random number from lo to hi, both included.
func between(r *rng.Rand, lo, hi int) int {
	return lo + r.IntN(hi-lo+1)
}

// A glyphPlane is an image with a blank rim for the blur. Values are 0 to 255.
type glyphPlane [glyphSize + 2][glyphSize + 2]int32

// sample looks every pixel up in the master, between its four neighbours.
func (p *glyphPlane) sample(master string, d distortion) {
	// Places of the image are Q8, relative to its middle, and a pixel's place is
	// its middle. Times a matrix in Q12 they give places of the master in Q20;
	// there a whole number is the middle of a pixel, so the middle of the master
	// lies half a pixel before pixel masterSize/2.
	const first = 128 - glyphSize*128
	const centre = masterSize<<19 - 1<<19
	u := first - d.dx
	for y := range int32(glyphSize) {
		v := first + y<<8 - d.dy
		mx := centre + d.xx*u + d.xy*v
		my := centre + d.yx*u + d.yy*v
		row := &p[y+1]
		for x := range glyphSize {
			row[x+1] = interpolate(master, mx, my)
			mx += d.xx << 8
			my += d.yx << 8
		}
	}
}

// interpolate returns the master's value at a place given in Q20. The edges of
// a master are blank, and so is everything beyond.
func interpolate(master string, mx, my int32) int32 {
	x, y := mx>>20, my>>20
	if uint32(x) >= masterSize-1 || uint32(y) >= masterSize-1 {
		return 0
	}
	fx, fy := mx>>12&255, my>>12&255
	at := int(y)*sheetWidth + int(x)
	above, below := master[at:at+2], master[at+sheetWidth:at+sheetWidth+2]
	top := int32(above[0])*(256-fx) + int32(above[1])*fx
	bottom := int32(below[0])*(256-fx) + int32(below[1])*fx
	return (top*(256-fy) + bottom*fy) >> 16
}

// blur replaces every pixel by itself and weight/256 of each neighbour, along
// rows and then along columns.
func (p *glyphPlane) blur(weight int32) {
	self := 256 - 2*weight
	for y := 1; y <= glyphSize; y++ {
		row := &p[y]
		left := row[0]
		for x := 1; x <= glyphSize; x++ {
			old := row[x]
			row[x] = (self*old + weight*(left+row[x+1])) >> 8
			left = old
		}
	}
	var above [glyphSize + 2]int32
	for y := 1; y <= glyphSize; y++ {
		row, below := &p[y], &p[y+1]
		for x := 1; x <= glyphSize; x++ {
			old := row[x]
			row[x] = (self*old + weight*(above[x]+below[x])) >> 8
			above[x] = old
		}
	}
}

// write scales the ink (Q8), adds noise of up to the given amplitude with a
// triangular distribution, and clamps to a byte.
func (p *glyphPlane) write(dst []uint8, ink, noise int32, r *rng.Rand) {
	for y := range glyphSize {
		row := p[y+1][1 : glyphSize+1]
		out := dst[y*glyphSize : (y+1)*glyphSize]
		var random uint64
		for x, v := range row {
			if x%4 == 0 {
				random = r.Uint64()
			}
			triangle := int32(random&255) + int32(random>>8&255) - 255
			random >>= 16
			out[x] = uint8(min(max(v*ink>>8+triangle*noise>>8, 0), 255))
		}
	}
}
