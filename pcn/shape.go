package pcn

import "fmt"

// Shape is the extent of one sample of a latent. Values are ordered height,
// width, channels (NHWC); a vector of n features is 1 x 1 x n.
type Shape struct{ Height, Width, Channels int }

// Features is the shape of a vector of n values.
func Features(n int) Shape { return Shape{1, 1, n} }

// Image is the shape of an image of so many rows, columns and channels.
func Image(height, width, channels int) Shape { return Shape{height, width, channels} }

// Len returns the number of values.
func (s Shape) Len() int { return s.Height * s.Width * s.Channels }

// IsVector reports whether the shape is that of a vector.
func (s Shape) IsVector() bool { return s.Height == 1 && s.Width == 1 }

// String returns "784" for a vector and "32x32x3" for an image.
func (s Shape) String() string {
	if s.IsVector() {
		return fmt.Sprint(s.Channels)
	}
	return fmt.Sprintf("%dx%dx%d", s.Height, s.Width, s.Channels)
}

func (s Shape) valid() bool {
	return min(s.Height, s.Width, s.Channels) > 0 && max(s.Height, s.Width, s.Channels) <= most
}
