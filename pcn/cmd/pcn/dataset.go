package main

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/data"
)

// The built-in set is the same whatever the seed of training is.
const (
	glyphSeed  = 0
	glyphTrain = 20000 // images, as data.Glyphs has them
	glyphTest  = 5000
)

// loadData loads the set and splits it as -val and -limit say.
func (t *task) loadData() error {
	s := t.settings
	train, test, err := s.openData()
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w; pcn data get -data %s -dir %s brings the files", err, s.Data, s.Dir)
	}
	if err != nil {
		return err
	}
	if n := t.net.Input.Len(); n != train.Features() {
		return usagef("-model %s has an input of %d, but images of %s have %d values: begin the widths with %d",
			s.Model, n, s.Data, train.Features(), train.Features())
	}
	if n := t.net.Classes(); n != train.Classes {
		return usagef("-model %s has %d outputs, but %s has %d classes: end the widths with %d",
			s.Model, n, s.Data, train.Classes, train.Classes)
	}
	if s.Val > 0 {
		kept := train.Len() - s.Val
		if kept < s.Batch {
			return usagef("-val %d leaves less than a batch of the %d training images: choose at most %d",
				s.Val, train.Len(), max(0, train.Len()-s.Batch))
		}
		t.val = train.Slice(kept, train.Len())
		train = train.Slice(0, kept)
	}
	if s.Limit > 0 {
		train = train.Slice(0, min(s.Limit, train.Len()))
	}
	if train.Len() < s.Batch {
		return usagef("%d training images are less than one batch of %d: lower -batch or raise -limit", train.Len(), s.Batch)
	}
	t.train, t.test = train, test
	return nil
}

// published are the sets that are read from files, with what opens their folder
// and what networks for them look like.
var published = []struct {
	name    string
	open    func(dir string) (train, test *data.Set, err error)
	image   pcn.Shape
	classes int
}{
	{"mnist", data.OpenMNIST, pcn.Image(28, 28, 1), 10},
	{"fashion-mnist", data.OpenFashionMNIST, pcn.Image(28, 28, 1), 10},
	{"cifar10", data.OpenCIFAR10, pcn.Image(32, 32, 3), 10},
	{"cifar100", data.OpenCIFAR100, pcn.Image(32, 32, 3), 100},
	{"tiny-imagenet", data.OpenTinyImageNet, pcn.Image(64, 64, 3), 200},
}

// imageShape returns the shape of the set's images and the number of classes.
func (s *settings) imageShape() (pcn.Shape, int) {
	for _, p := range published {
		if p.name == s.Data {
			return p.image, p.classes
		}
	}
	return pcn.Image(28, 28, 1), 10 // glyphs
}

// augmentation is what changes training images at random.
func (s *settings) augmentation() data.Augment {
	if !s.Augment {
		return data.Augment{}
	}
	return data.Augment{Flip: true, Pad: 4}
}

// dataNames are the names that -data of train takes.
func dataNames() []string {
	list := []string{"glyphs"}
	for _, p := range published {
		list = append(list, p.name)
	}
	return list
}

// openData opens the whole set, or as much of it as is needed.
func (s *settings) openData() (train, test *data.Set, err error) {
	for _, p := range published {
		if p.name == s.Data {
			return p.open(s.Dir)
		}
	}
	n := glyphTrain
	if s.Limit > 0 && s.Val == 0 { // drawing takes time, and a smaller set is the beginning of a larger one
		n = min(n, s.Limit)
	}
	train, test = data.GlyphsN(glyphSeed, n, glyphTest)
	return train, test, nil
}
