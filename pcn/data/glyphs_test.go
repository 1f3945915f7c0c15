package data

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"
)

func digest(pixels []uint8) string {
	sum := sha256.Sum256(pixels)
	return hex.EncodeToString(sum[:])
}

// Every image of the built-in set is part of every run's result.
func TestGlyphsArePinned(t *testing.T) {
	train, test := Glyphs(0)
	require.Equal(t, "1b1b75fdd9f667df09f18c61177fdb0bfa92c252adf829fdb11e9a7f36b19601", digest(train.Image(0)))
	require.Equal(t, "9faa8902204a6629f0ccc9daeb31cb05f5632cfb9987639df1e048fce12004fa", digest(train.Image(19999)))
	require.Equal(t, "04e694a781ca58e6570073fa0a3b3f1be5c61bf747404bca8c1a1faad79de344", digest(test.Image(0)))
	require.Equal(t, "7cbf726df123fc3ff8913500f4eb111ddbe294fc8edb017814feac638ecffe4d", digest(train.Pixels))
	require.Equal(t, "9288c2282c518f03b8f909df5bb56406f38339b9b53d5ac3e84ace0c41b53143", digest(test.Pixels))
}

func TestGlyphs(t *testing.T) {
	train, test := Glyphs(1)
	for _, c := range []struct {
		set  *Set
		name string
		n    int
	}{{train, "glyphs train", 20000}, {test, "glyphs test", 5000}} {
		require.NoError(t, c.set.Check())
		require.Equal(t, c.name, c.set.Name)
		require.Equal(t, c.n, c.set.Len())
		require.Equal(t, 28*28, c.set.Features())
		require.Equal(t, 10, c.set.Classes)
		for digit, count := range labelCounts(c.set) {
			require.Equal(t, c.n/10, count, "digit %d", digit)
		}
	}
	seen := map[string]bool{}
	for _, s := range []*Set{train, test} {
		for i := range s.Len() {
			image := string(s.Image(i))
			require.False(t, seen[image], "%s: image %d comes twice", s.Name, i)
			seen[image] = true
		}
	}
}

// An image depends on seed, split and index alone, not on how many there are.
func TestGlyphsNIsABeginning(t *testing.T) {
	train, test := GlyphsN(3, 40, 30)
	fewer, none := GlyphsN(3, 15, 0)
	require.Zero(t, none.Len())
	require.Equal(t, train.Slice(0, 15), fewer)
	otherTrain, otherTest := GlyphsN(4, 40, 30)
	for i := range 30 {
		require.NotEqual(t, train.Image(i), test.Image(i))
		require.NotEqual(t, train.Image(i), otherTrain.Image(i))
		require.NotEqual(t, test.Image(i), otherTest.Image(i))
	}
	require.Equal(t, "0", train.ClassNames[0])
	require.Equal(t, "9", train.ClassNames[9])
}

// The edges of every master are blank, which interpolation relies on, and the
// middle is not.
func TestMasters(t *testing.T) {
	sheet := masters()
	for font := range masterFonts {
		for digit := range 10 {
			master := sheet[font*masterSize*sheetWidth+digit*masterSize:]
			ink := 0
			for i := range masterSize {
				require.Zero(t, master[i])
				require.Zero(t, master[(masterSize-1)*sheetWidth+i])
				require.Zero(t, master[i*sheetWidth])
				require.Zero(t, master[i*sheetWidth+masterSize-1])
				for j := range masterSize {
					ink += int(master[i*sheetWidth+j])
				}
			}
			require.Greater(t, ink, 90*255, "font %d, digit %d", font, digit)
		}
	}
}

// Without a distortion, one pixel to a pixel, an image is the middle of its
// master.
func TestSampleIdentity(t *testing.T) {
	master := masters()[3*masterSize:]
	var plane glyphPlane
	plane.sample(master, distortion{xx: 4096, yy: 4096})
	for y := range glyphSize {
		for x := range glyphSize {
			require.Equal(t, int32(master[(y+6)*sheetWidth+x+6]), plane[y+1][x+1])
		}
	}
	// One pixel to the right and two down.
	var moved glyphPlane
	moved.sample(master, distortion{xx: 4096, yy: 4096, dx: 256, dy: 512})
	for y := 2; y < glyphSize; y++ {
		require.Equal(t, plane[y-1][1:glyphSize], moved[y+1][2:glyphSize+1])
	}
}

func TestBlurSpreadsAPoint(t *testing.T) {
	var plane glyphPlane
	plane[5][7] = 256
	plane.blur(64)
	for y, row := range plane {
		for x, v := range row {
			want := int32(0)
			if y >= 4 && y <= 6 && x >= 6 && x <= 8 {
				weight := [3]int32{64, 128, 64}
				want = weight[y-4] * weight[x-6] / 256
			}
			require.Equal(t, want, v, "row %d, column %d", y, x)
		}
	}
}

func BenchmarkGlyphs(b *testing.B) {
	for b.Loop() {
		GlyphsN(0, 1000, 250)
	}
}
