package data

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
)

// decode decodes the images of a split into a set.
func (t *tinyTree) decode(name string, files []tinyFile, classes *tinyClassList) (*Set, error) {
	const features = tinySide * tinySide * 3
	s := emptyTiny(name, classes.names)
	s.Pixels, s.Labels = make([]uint8, len(files)*features), make([]uint8, len(files))
	err := onAllCores(len(files), func(i int) error {
		s.Labels[i] = files[i].label
		return t.file(files[i].name, largestImage, func(r io.Reader) error {
			content, err := io.ReadAll(r)
			if err != nil {
				return err
			}
			return decodeTinyImage(s.Pixels[i*features:(i+1)*features], content)
		})
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// onAllCores calls do with the numbers below n, on all cores, and returns the
// error of the least number that has one. Later numbers are then left out.
func onAllCores(n int, do func(i int) error) error {
	var next atomic.Int64
	var mu sync.Mutex
	var first error
	place := n // of the first error

	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				err := do(i)
				if err == nil {
					continue
				}
				mu.Lock()
				if i < place {
					first, place = err, i
				}
				mu.Unlock()
				next.Store(int64(n)) // all lesser numbers are taken already
				return
			}
		})
	}
	group.Wait()
	return first
}

// largestImage is far more than 64x64 pixels need; the published files have a few
// thousand bytes.
const largestImage = 1 << 20

// decodeTinyImage writes the pixels of a JPEG file of 64x64 to dst, three bytes
// a pixel.
func decodeTinyImage(dst []uint8, content []byte) error {
	// The header first: decoding allocates what it claims.
	header, err := jpeg.DecodeConfig(bytes.NewReader(content))
	if err != nil {
		return jpegError(err)
	}
	if header.Width != tinySide || header.Height != tinySide {
		return fmt.Errorf("an image of %dx%d, where the set has %dx%d; %s",
			header.Width, header.Height, tinySide, tinySide, getAgain)
	}
	picture, err := jpeg.Decode(bytes.NewReader(content))
	if err != nil {
		return jpegError(err)
	}
	b := picture.Bounds()
	for y := range tinySide {
		row := dst[y*tinySide*3 : (y+1)*tinySide*3]
		for x := range tinySide {
			row[3*x], row[3*x+1], row[3*x+2] = rgb(picture, b.Min.X+x, b.Min.Y+y)
		}
	}
	return nil
}

// rgb returns the colour of a pixel.
func rgb(picture image.Image, x, y int) (r, g, b uint8) {
	switch p := picture.(type) { // what JPEG files of one or three components decode to
	case *image.Gray:
		v := p.GrayAt(x, y).Y
		return v, v, v
	case *image.YCbCr:
		c := p.YCbCrAt(x, y)
		return color.YCbCrToRGB(c.Y, c.Cb, c.Cr)
	}
	c := color.RGBAModel.Convert(picture.At(x, y)).(color.RGBA)
	return c.R, c.G, c.B
}

// jpegError says what to do about a file that does not decode.
func jpegError(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("truncated: the file ends within the image; " + getAgain)
	}
	return fmt.Errorf("not a sound JPEG file (%w); %s", err, getAgain)
}
