package data

import (
	"fmt"
	"image"
	"image/color"

	"golang.org/x/image/draw"
)

// Add appends a picture to a set of one channel (grey) or three (red, green,
// blue). A picture of another size than the set's images is scaled until it
// covers theirs, and what sticks out on two sides is cut off evenly; one of the
// same size is taken pixel by pixel. Transparent parts are black. Sets that share
// their images, such as those of Slice, are left alone.
//
// Scaling computes in floating point: unlike all else here its result may differ
// in a unit from machine to machine.
func (s *Set) Add(picture image.Image, label int) error {
	switch {
	case s.Channels != 1 && s.Channels != 3:
		return fmt.Errorf("data: set %q has %d channels; pictures can be added to sets of 1 or 3", s.Name, s.Channels)
	case label < 0 || label >= s.Classes:
		return fmt.Errorf("data: the label %d is not one of the %d classes of set %q", label, s.Classes, s.Name)
	case picture.Bounds().Empty():
		return fmt.Errorf("data: a picture without pixels")
	}
	canvas := image.NewRGBA(image.Rect(0, 0, s.Width, s.Height))
	draw.Draw(canvas, canvas.Bounds(), image.Black, image.Point{}, draw.Src)
	part := covering(picture.Bounds(), s.Width, s.Height)
	if part.Size() == canvas.Bounds().Size() {
		draw.Draw(canvas, canvas.Bounds(), picture, part.Min, draw.Over)
	} else {
		draw.CatmullRom.Scale(canvas, canvas.Bounds(), picture, part, draw.Over, nil)
	}
	for y := range s.Height {
		for x := range s.Width {
			c := canvas.RGBAAt(x, y)
			if s.Channels == 1 {
				s.Pixels = append(s.Pixels, color.GrayModel.Convert(c).(color.Gray).Y)
			} else {
				s.Pixels = append(s.Pixels, c.R, c.G, c.B)
			}
		}
	}
	s.Labels = append(s.Labels, uint8(label))
	return nil
}

// covering is the largest part in the middle of b that is as wide for its height
// as width for height.
func covering(b image.Rectangle, width, height int) image.Rectangle {
	w, h := b.Dx(), b.Dy()
	if w*height > h*width {
		w = max(1, h*width/height)
	} else {
		h = max(1, w*height/width)
	}
	corner := image.Pt(b.Min.X+(b.Dx()-w)/2, b.Min.Y+(b.Dy()-h)/2)
	return image.Rectangle{Min: corner, Max: corner.Add(image.Pt(w, h))}
}
