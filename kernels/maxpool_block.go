package kernels

// poolBlock is one call of a max-pool kernel: a stretch of windows side by side,
// and a stretch of their channels. Which slices are nil says what to do; the
// assembly reads the same struct.
type poolBlock struct {
	pixels, channels int
	step             int // floats of a pixel: from one window's result to the next

	top, bottom           []float32 // the two rows of the source
	slopeTop, slopeBottom []float32 // their slopes
	outTop, outBottom     []float32 // what unpool and poolError write there

	dst     []float32 // maxPool: the largest; unpool: the error, read; poolError: the error
	slope   []float32 // maxPool: the winner's slope
	winners []uint8
	latent  []float32 // poolError
	coeff   float32
}

// poolFloats bounds the channels x windows of one call, each of which is four
// elements of the source.
const poolFloats = blockFloats / 4

func (b *poolBlock) fits() {
	for _, source := range [...][]float32{b.top, b.bottom, b.slopeTop, b.slopeBottom, b.outTop, b.outBottom} {
		fits(source, 2*b.pixels, b.step, b.channels)
	}
	for _, pooled := range [...][]float32{b.dst, b.slope, b.latent} {
		fits(pooled, b.pixels, b.step, b.channels)
	}
	if b.winners != nil {
		_ = b.winners[(b.pixels-1)*b.step+b.channels-1]
	}
}

// windows walks through the calls of one sample.
type windows struct {
	shape               *PoolShape
	y, x, c             int // of the window of the current call
	pixels, channels    int
	pooled, top, bottom int // offsets within the sample
}

func newWindows(s *PoolShape) windows {
	w := windows{shape: s, channels: min(s.Channels, poolFloats)}
	w.pixels = max(1, poolFloats/w.channels)
	w.c = -w.channels
	return w
}

// next goes on to the next call, and reports whether there is one.
func (w *windows) next() bool {
	s := w.shape
	if s.OutWidth() == 0 {
		return false
	}
	if w.c += w.channels; w.c >= s.Channels {
		w.c = 0
		if w.x += w.pixels; w.x >= s.OutWidth() {
			w.x = 0
			w.y++
		}
	}
	if w.y >= s.OutHeight() {
		return false
	}
	w.pooled = (w.y*s.OutWidth()+w.x)*s.Channels + w.c
	w.top = (2*w.y*s.Width+2*w.x)*s.Channels + w.c
	w.bottom = w.top + s.Width*s.Channels
	return true
}

// block describes the current call but for its slices.
func (w *windows) block() poolBlock {
	s := w.shape
	return poolBlock{
		pixels: min(w.pixels, s.OutWidth()-w.x), channels: min(w.channels, s.Channels-w.c), step: s.Channels,
	}
}

// largest returns the largest of a window's four pixels, whose first is element
// at of the top row, and its number.
func (b *poolBlock) largest(at int) (best float32, winner uint8) {
	best = b.top[at]
	for k, v := range [...]float32{1: b.top[at+b.step], b.bottom[at], b.bottom[at+b.step]} {
		if k > 0 && v > best {
			best, winner = v, uint8(k)
		}
	}
	return best, winner
}

// pixel returns number k of the window whose first pixel is element at.
func (b *poolBlock) pixel(top, bottom []float32, at, k int) *float32 {
	if k >= 2 {
		top = bottom
	}
	return &top[at+k%2*b.step]
}

// scatter writes x at the winner and +0 at the other pixels.
func (b *poolBlock) scatter(at int, winner uint8, x float32) {
	for k := range 4 {
		out := b.pixel(b.outTop, b.outBottom, at, k)
		*out = 0
		if k == int(winner) {
			*out = x
		}
	}
}

func (b *poolBlock) maxPoolGeneric() {
	for p := range b.pixels {
		for j := p * b.step; j < p*b.step+b.channels; j++ {
			at := j + p*b.step
			best, winner := b.largest(at)
			b.dst[j] = best
			if b.winners != nil {
				b.winners[j] = winner
			}
			if b.slope != nil {
				b.slope[j] = *b.pixel(b.slopeTop, b.slopeBottom, at, int(winner))
			}
		}
	}
}

func (b *poolBlock) unpoolGeneric() {
	for p := range b.pixels {
		for j := p * b.step; j < p*b.step+b.channels; j++ {
			at, winner, x := j+p*b.step, b.winners[j], b.dst[j]
			if b.slopeTop != nil && winner < 4 {
				x *= *b.pixel(b.slopeTop, b.slopeBottom, at, int(winner))
			}
			b.scatter(at, winner, x)
		}
	}
}

func (b *poolBlock) poolErrorGeneric() {
	for p := range b.pixels {
		for j := p * b.step; j < p*b.step+b.channels; j++ {
			at := j + p*b.step
			u, winner := b.largest(at)
			e := b.coeff * float32(b.latent[j]-u)
			b.dst[j] = e
			if b.slopeTop != nil {
				e *= *b.pixel(b.slopeTop, b.slopeBottom, at, int(winner))
			}
			b.scatter(at, winner, e)
		}
	}
}
