package data

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// numbered returns a set whose pixels count up and whose labels go round, with
// a table for each channel that tells byte and channel apart.
func numbered(n, height, width, channels int) *Set {
	s := &Set{
		Name: "numbered", Height: height, Width: width, Channels: channels, Classes: 4,
		Pixels: make([]uint8, n*height*width*channels),
		Labels: make([]uint8, n),
		Table:  make([][256]float32, channels),
	}
	for i := range s.Pixels {
		s.Pixels[i] = uint8(i * 7)
	}
	for i := range s.Labels {
		s.Labels[i] = uint8(i % 4)
	}
	for c := range s.Table {
		for p := range s.Table[c] {
			s.Table[c][p] = float32(1000*(c+1) + p)
		}
	}
	return s
}

func TestFill(t *testing.T) {
	for _, channels := range []int{1, 2, 3, 4} {
		s := numbered(5, 3, 4, channels)
		require.NoError(t, s.Check())
		require.Equal(t, 5, s.Len())
		require.Equal(t, 12*channels, s.Features())
		for index := range s.Len() {
			dst := make([]float32, s.Features()+1)
			dst[s.Features()] = 42
			s.Fill(dst, index)
			for i := range s.Features() {
				want := float32(1000*(i%channels+1)) + float32(s.Pixels[index*s.Features()+i])
				require.Equal(t, want, dst[i], "channels %d, image %d, value %d", channels, index, i)
			}
			require.Equal(t, float32(42), dst[s.Features()], "the place after the image")
		}
	}
}

func TestFillChecksItsArguments(t *testing.T) {
	s := numbered(2, 3, 4, 1)
	require.PanicsWithValue(t, "data: Fill: dst is shorter than an image", func() { s.Fill(make([]float32, 11), 0) })
	require.Panics(t, func() { s.Fill(make([]float32, 12), 2) })
	require.Panics(t, func() { s.Fill(make([]float32, 12), -1) })
}

func TestFillDoesNotAllocate(t *testing.T) {
	for _, channels := range []int{1, 2, 3} {
		s := numbered(2, 28, 28, channels)
		dst := make([]float32, s.Features())
		require.Zero(t, testing.AllocsPerRun(100, func() { s.Fill(dst, 1) }))
	}
}

func TestSliceIsAView(t *testing.T) {
	s := numbered(10, 2, 2, 3)
	v := s.Slice(3, 7)
	require.NoError(t, v.Check())
	require.Equal(t, 4, v.Len())
	require.Equal(t, s.Name, v.Name)
	for i := range v.Len() {
		require.Equal(t, s.Image(3+i), v.Image(i))
		require.Equal(t, s.Label(3+i), v.Label(i))
		require.Equal(t, (3+i)%4, v.Label(i))
	}
	require.Same(t, &s.Pixels[3*12], &v.Pixels[0])

	// Growing a view must not write into its neighbour.
	require.Equal(t, len(v.Pixels), cap(v.Pixels))
	require.Equal(t, len(v.Labels), cap(v.Labels))
	require.Equal(t, 12, cap(v.Image(0)))

	require.Zero(t, s.Slice(10, 10).Len())
	require.Equal(t, s.Image(9), s.Slice(5, 10).Slice(4, 5).Image(0), "a slice of a slice")
	for _, bounds := range [][2]int{{-1, 2}, {3, 2}, {0, 11}} {
		require.PanicsWithValue(t, "data: Slice: bounds out of range", func() { s.Slice(bounds[0], bounds[1]) })
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		message string
		damage  func(*Set)
	}{
		{"shape 0x2x1 is not positive", func(s *Set) { s.Height = 0 }},
		{"shape 2x-1x1 is not positive", func(s *Set) { s.Width = -1 }},
		{"0 classes", func(s *Set) { s.Classes = 0 }},
		{"257 classes", func(s *Set) { s.Classes = 257 }},
		{"1 class names for 4 classes", func(s *Set) { s.ClassNames = []string{"a"} }},
		{"0 tables for 1 channels", func(s *Set) { s.Table = nil }},
		{"11 pixels, but 3 labels of 4 pixels each make 12", func(s *Set) { s.Pixels = s.Pixels[1:] }},
		{"image 2 has label 4; there are 4 classes", func(s *Set) { s.Labels[2] = 4 }},
	} {
		s := numbered(3, 2, 2, 1)
		require.NoError(t, s.Check())
		c.damage(s)
		require.ErrorContains(t, s.Check(), c.message)
	}
}

func BenchmarkFill(b *testing.B) {
	for _, c := range []struct {
		name                    string
		height, width, channels int
	}{{"28x28x1", 28, 28, 1}, {"32x32x3", 32, 32, 3}} {
		b.Run(c.name, func(b *testing.B) {
			s := numbered(16, c.height, c.width, c.channels)
			dst := make([]float32, s.Features())
			b.SetBytes(int64(s.Features()))
			for i := 0; b.Loop(); i++ {
				s.Fill(dst, i%16)
			}
		})
	}
}
