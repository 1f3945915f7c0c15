package data

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// naiveCrop says what crop does one value at a time.
func naiveCrop(s *Set, index int, flip bool, dy, dx int) []float32 {
	out := make([]float32, 0, s.Features())
	image := s.Image(index)
	for y := range s.Height {
		for x := range s.Width {
			for c := range s.Channels {
				fy, fx := y+dy, x+dx
				var p uint8
				if fy >= 0 && fy < s.Height && fx >= 0 && fx < s.Width {
					if flip {
						fx = s.Width - 1 - fx
					}
					p = image[(fy*s.Width+fx)*s.Channels+c]
				}
				out = append(out, s.Table[c][p])
			}
		}
	}
	return out
}

func TestCrop(t *testing.T) {
	for _, channels := range []int{1, 3} {
		s := numbered(3, 4, 5, channels)
		dst := make([]float32, s.Features())
		for dy := -6; dy <= 6; dy++ {
			for dx := -7; dx <= 7; dx++ {
				for _, flip := range []bool{false, true} {
					crop(dst, s, 1, flip, dy, dx)
					require.Equal(t, naiveCrop(s, 1, flip, dy, dx), dst, "channels %d, dy %d, dx %d, flip %v", channels, dy, dx, flip)
				}
			}
		}
	}
}

func TestZeroAugmentIsFill(t *testing.T) {
	s := numbered(3, 6, 5, 3)
	plain, augmented := make([]float32, s.Features()), make([]float32, s.Features())
	for index := range s.Len() {
		s.Fill(plain, index)
		Augment{}.Fill(augmented, s, 9, 1, index)
		require.Equal(t, plain, augmented)
	}
}

// variant finds the flip and the shift that made an image.
func variant(t *testing.T, s *Set, dst []float32, pad int) (flip bool, dy, dx int) {
	for _, flip := range []bool{false, true} {
		for dy := -pad; dy <= pad; dy++ {
			for dx := -pad; dx <= pad; dx++ {
				if slices.Equal(naiveCrop(s, 0, flip, dy, dx), dst) {
					return flip, dy, dx
				}
			}
		}
	}
	require.Fail(t, "the image is no flipped or shifted copy")
	return false, 0, 0
}

// Flips and shifts come up evenly, independently of each other.
func TestAugmentIsUniform(t *testing.T) {
	s := numbered(1, 6, 6, 1)
	a := Augment{Flip: true, Pad: 1}
	dst := make([]float32, s.Features())
	type key struct {
		flip   bool
		dy, dx int
	}
	seen := map[key]int{}
	for epoch := range 1800 {
		a.Fill(dst, s, 0, epoch, 0)
		flip, dy, dx := variant(t, s, dst, 1)
		seen[key{flip, dy, dx}]++
	}
	require.Len(t, seen, 2*3*3)
	for k, n := range seen {
		require.InDelta(t, 100, n, 45, "%+v", k)
	}
}

// The crop of an image is the same with and without flips, whatever was filled
// before it.
func TestAugmentIsAFunctionOfItsArguments(t *testing.T) {
	s := numbered(1, 8, 8, 1)
	dst := make([]float32, s.Features())
	both, shift := Augment{Flip: true, Pad: 2}, Augment{Pad: 2}
	for epoch := 20; epoch >= 0; epoch-- {
		both.Fill(dst, s, 4, epoch, 0)
		_, dy, dx := variant(t, s, dst, 2)
		shift.Fill(dst, s, 4, epoch, 0)
		flip, dy2, dx2 := variant(t, s, dst, 2)
		require.False(t, flip)
		require.Equal(t, [2]int{dy, dx}, [2]int{dy2, dx2})
	}
}

// The draws are part of every run's result.
func TestAugmentIsPinned(t *testing.T) {
	s := numbered(1, 16, 16, 1)
	dst := make([]float32, s.Features())
	type draw struct {
		flip   bool
		dy, dx int
	}
	var got []draw
	for epoch := range 4 {
		Augment{Flip: true, Pad: 4}.Fill(dst, s, 1, epoch, 0)
		flip, dy, dx := variant(t, s, dst, 4)
		got = append(got, draw{flip, dy, dx})
	}
	require.Equal(t, []draw{{false, 1, 0}, {true, -2, -3}, {true, 4, 2}, {true, 2, 2}}, got)
}

func TestAugmentChecksItsArguments(t *testing.T) {
	s := numbered(1, 2, 2, 1)
	require.PanicsWithValue(t, "data: Augment: Pad is negative", func() { Augment{Pad: -1}.Fill(make([]float32, 4), s, 0, 0, 0) })
	require.PanicsWithValue(t, "data: Augment: dst is shorter than an image", func() { Augment{}.Fill(make([]float32, 3), s, 0, 0, 0) })
}

func TestAugmentDoesNotAllocate(t *testing.T) {
	s := numbered(2, 32, 32, 3)
	dst := make([]float32, s.Features())
	epoch := 0
	require.Zero(t, testing.AllocsPerRun(100, func() {
		epoch++
		Augment{Flip: true, Pad: 4}.Fill(dst, s, 1, epoch, 1)
	}))
}

func BenchmarkAugmentCIFAR(b *testing.B) {
	s := numbered(16, 32, 32, 3)
	dst := make([]float32, s.Features())
	for i := 0; b.Loop(); i++ {
		Augment{Flip: true, Pad: 4}.Fill(dst, s, 1, i, i%16)
	}
}
