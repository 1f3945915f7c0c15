// Package picture reads pictures that a user gives.
package picture

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // a format that Read knows
	_ "image/png"  // another
	"io"
	"os"
)

// mostPixels bounds the memory that a small file can ask for.
const mostPixels = 1 << 26

// Read reads a PNG or JPEG file.
func Read(path string) (image.Image, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	p, err := decode(file)
	if errors.Is(err, image.ErrFormat) {
		err = errors.New("neither a PNG nor a JPEG file")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

func decode(file io.ReadSeeker) (image.Image, error) {
	header, _, err := image.DecodeConfig(file)
	if err != nil {
		return nil, err
	}
	if int64(header.Width)*int64(header.Height) > mostPixels {
		return nil, fmt.Errorf("%dx%d are too many pixels: scale it down", header.Width, header.Height)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	p, _, err := image.Decode(file)
	return p, err
}

// Invert swaps light and dark. What is transparent stays so.
func Invert(p image.Image) image.Image {
	b := p.Bounds()
	inverted := image.NewNRGBA(b)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.NRGBAModel.Convert(p.At(x, y)).(color.NRGBA)
			inverted.SetNRGBA(x, y, color.NRGBA{255 - c.R, 255 - c.G, 255 - c.B, c.A})
		}
	}
	return inverted
}
