package kernels

// ConvShape is the geometry of a two-dimensional convolution (cross-correlation)
// with symmetric zero padding. Images are NHWC: a batch of them is a Matrix with
// one row a sample and Height*Width*In columns.
type ConvShape struct {
	Height, Width             int // of the input
	In, Out                   int // channels
	KernelHeight, KernelWidth int
	Stride, Padding           int // of rows and columns alike, in pixels
}

// OutHeight returns floor((Height + 2 Padding - KernelHeight)/Stride) + 1.
func (s ConvShape) OutHeight() int { return (s.Height+2*s.Padding-s.KernelHeight)/s.Stride + 1 }

// OutWidth returns floor((Width + 2 Padding - KernelWidth)/Stride) + 1.
func (s ConvShape) OutWidth() int { return (s.Width+2*s.Padding-s.KernelWidth)/s.Stride + 1 }

// Inputs returns Height*Width*In, the columns of a batch of inputs.
func (s ConvShape) Inputs() int { return s.Height * s.Width * s.In }

// Outputs returns OutHeight*OutWidth*Out, the columns of a batch of outputs.
func (s ConvShape) Outputs() int { return s.OutHeight() * s.OutWidth() * s.Out }

// Taps returns KernelHeight*KernelWidth*In, the columns of the weight matrix:
// row o holds output channel o's weights in the order kh, kw, in.
func (s ConvShape) Taps() int { return s.KernelHeight * s.KernelWidth * s.In }

// Terms counts the multiply-adds of one sample in any of the three directions:
// those of taps inside the image, which are done, and those of all taps.
func (s ConvShape) Terms() (inside, all int) {
	along := func(size, kernel, out int) int {
		count := 0
		for o := range out {
			for k := range kernel {
				if x := o*s.Stride - s.Padding + k; x >= 0 && x < size {
					count++
				}
			}
		}
		return count
	}
	inside = along(s.Height, s.KernelHeight, s.OutHeight()) * along(s.Width, s.KernelWidth, s.OutWidth()) * s.In * s.Out
	return inside, s.OutHeight() * s.OutWidth() * s.Taps() * s.Out
}

const (
	badConv     = "kernels: NewConv: shape: dimensions must be positive, padding not negative, the kernel no larger than the padded image and the result no wider than 4096"
	foreignConv = "kernels: weights: packed for another convolution, direction or handle"
	badRange    = "kernels: WeightGradient: range of output channels out of bounds"
)

// widestRow is the longest row of pixels whose copies fit a workspace.
const widestRow = 4096

func (s ConvShape) valid() bool {
	return min(s.Height, s.Width, s.In, s.Out, s.KernelHeight, s.KernelWidth, s.Stride) > 0 && s.Padding >= 0 &&
		s.KernelHeight <= s.Height+2*s.Padding && s.KernelWidth <= s.Width+2*s.Padding &&
		max(s.Height, s.Width, s.In, s.Out, s.KernelHeight, s.KernelWidth, s.Stride, s.Padding) < 1<<20 &&
		s.OutWidth() <= widestRow
}

// A Conv is a plan of one convolution in its three directions, for one handle.
// It is immutable and safe for concurrent use.
//
// Every direction is a matrix product without a copy of the image: the rows of
// a register tile are samples, all at the same pixel. So all its chains visit
// the same taps, those inside the image, and there are no special cases at the
// borders; a tap outside is no operation.
type Conv struct {
	h        *Handle
	shape    ConvShape
	forward  gather
	feedback gather
}

// A gather lists the chains of a direction: at each pixel of the result, the
// stretches of the source that its chains run through.
type gather struct {
	pixels, channels int // of the result
	source           int // columns of the source
	terms            int // of a whole chain, padded taps included
	segments         int // that a chain is cut into
	parts            []chainPart
	first            []int // where the parts of (pixel, segment) start
}

// NewConv plans a convolution. It panics if the shape is impossible.
func (h *Handle) NewConv(shape ConvShape) *Conv {
	if !shape.valid() {
		panic(badConv)
	}
	c := &Conv{h: h, shape: shape}
	c.planForward()
	c.planFeedback()
	for _, g := range []*gather{&c.forward, &c.feedback} {
		for i := range g.parts {
			g.parts[i].b *= h.PanelColumns()
		}
	}
	return c
}

// Shape returns the geometry.
func (c *Conv) Shape() ConvShape { return c.shape }

// planForward: chains run through kh, kw and the input channels. Kernel
// elements next to each other along kw meet pixels next to each other.
func (c *Conv) planForward() {
	s := &c.shape
	g := newGather(s.OutHeight()*s.OutWidth(), s.Out, s.Inputs(), s.Taps())
	for oh := range s.OutHeight() {
		for ow := range s.OutWidth() {
			g.begin()
			x := ow*s.Stride - s.Padding
			lo, hi := max(0, -x), min(s.KernelWidth, s.Width-x)
			for kh := range s.KernelHeight {
				if y := oh*s.Stride - s.Padding + kh; y >= 0 && y < s.Height && lo < hi {
					g.add((y*s.Width+x+lo)*s.In, (kh*s.KernelWidth+lo)*s.In, (hi-lo)*s.In)
				}
			}
			g.end()
		}
	}
	c.forward = g
}

// planFeedback: the chain of an input element runs through kh and kw of the
// forward kernel, then the output channels.
func (c *Conv) planFeedback() {
	s := &c.shape
	g := newGather(s.Height*s.Width, s.In, s.Outputs(), s.KernelHeight*s.KernelWidth*s.Out)
	for y := range s.Height {
		for x := range s.Width {
			g.begin()
			for kh := range s.KernelHeight {
				for kw := range s.KernelWidth {
					oh, okh := strided(y+s.Padding-kh, s.Stride, s.OutHeight())
					ow, okw := strided(x+s.Padding-kw, s.Stride, s.OutWidth())
					if okh && okw {
						g.add((oh*s.OutWidth()+ow)*s.Out, (kh*s.KernelWidth+kw)*s.Out, s.Out)
					}
				}
			}
			g.end()
		}
	}
	c.feedback = g
}

// strided returns i/stride if that is a whole number below n.
func strided(i, stride, n int) (int, bool) {
	return i / stride, i >= 0 && i%stride == 0 && i/stride < n
}

func newGather(pixels, channels, source, terms int) gather {
	return gather{pixels: pixels, channels: channels, source: source, terms: terms,
		segments: (terms + segment - 1) / segment}
}

// begin starts the chains of the next pixel.
func (g *gather) begin() { g.first = append(g.first, len(g.parts)) }

// end closes the segments that the pixel's chains did not reach.
func (g *gather) end() {
	for len(g.first)%g.segments != 0 {
		g.first = append(g.first, len(g.parts))
	}
}

// add appends k terms that start at element a of the source and at term b of
// the chain, cut where segments end.
func (g *gather) add(a, b, k int) {
	for k > 0 {
		for (len(g.first)-1)%g.segments < b/segment {
			g.first = append(g.first, len(g.parts))
		}
		n := min(k, (b/segment+1)*segment-b)
		g.parts = append(g.parts, chainPart{a: a, b: b, k: n})
		a, b, k = a+n, b+n, k-n
	}
}

// of returns the parts of a pixel's chains in one segment.
func (g *gather) of(pixel, seg int) []chainPart {
	i := pixel*g.segments + seg
	end := len(g.parts)
	if i+1 < len(g.first) {
		end = g.first[i+1]
	}
	return g.parts[g.first[i]:end]
}
