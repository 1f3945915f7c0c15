package picture

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func write(t *testing.T, name string, content []byte) string {
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, content, 0o666))
	return path
}

func TestRead(t *testing.T) {
	p := image.NewGray(image.Rect(0, 0, 20, 10))
	for i := range p.Pix {
		p.Pix[i] = 200
	}
	var asPNG, asJPEG bytes.Buffer
	require.NoError(t, png.Encode(&asPNG, p))
	require.NoError(t, jpeg.Encode(&asJPEG, p, nil))
	for _, content := range [][]byte{asPNG.Bytes(), asJPEG.Bytes()} { // whatever the name says
		got, err := Read(write(t, "picture.png", content))
		require.NoError(t, err)
		require.Equal(t, image.Pt(20, 10), got.Bounds().Size())
		require.InDelta(t, 200, color.GrayModel.Convert(got.At(7, 3)).(color.Gray).Y, 2)
	}

	_, err := Read(write(t, "cut.png", asPNG.Bytes()[:asPNG.Len()-20]))
	require.ErrorContains(t, err, "cut.png: ")
	_, err = Read(write(t, "text.png", []byte("not a picture")))
	require.ErrorContains(t, err, "neither a PNG nor a JPEG file")
	_, err = Read(filepath.Join(t.TempDir(), "none.png"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

// A small file that claims to be huge is refused by its header.
func TestReadRefusesBombs(t *testing.T) {
	var small bytes.Buffer
	require.NoError(t, png.Encode(&small, image.NewGray(image.Rect(0, 0, 1, 1))))
	huge := small.Bytes()
	binary.BigEndian.PutUint32(huge[16:], 1<<20) // width
	binary.BigEndian.PutUint32(huge[20:], 1<<20) // height
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	_, err := Read(write(t, "huge.png", huge))
	require.ErrorContains(t, err, "1048576x1048576 are too many pixels: scale it down")
}

func TestInvert(t *testing.T) {
	p := image.NewNRGBA(image.Rect(3, 4, 5, 6))
	p.SetNRGBA(3, 4, color.NRGBA{10, 20, 30, 255})
	p.SetNRGBA(4, 5, color.NRGBA{1, 2, 3, 0})
	got := Invert(p)
	require.Equal(t, p.Bounds(), got.Bounds())
	require.Equal(t, color.NRGBA{245, 235, 225, 255}, got.At(3, 4))
	require.Equal(t, uint8(0), got.At(4, 5).(color.NRGBA).A, "transparent as before")
}
