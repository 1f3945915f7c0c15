package run

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/data"
)

// The built-in set is the same whatever the seed of training is.
const (
	glyphSeed  = 0
	glyphTrain = 20000 // images, as data.Glyphs has them
	glyphTest  = 5000
)

// loadData takes the set from the shelf and splits it as -val and -limit say.
func (t *Task) loadData(shelf *Shelf) error {
	s := &t.Settings
	train, test, err := shelf.open(s)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w; pcn data get -data %s -dir %s brings the files", err, s.Data, s.Dir)
	}
	if err != nil {
		return err
	}
	if n := t.Net.Input.Len(); n != train.Features() {
		return cli.Usagef("-model %s has an input of %d, but images of %s have %d values: begin the widths with %d",
			s.Model, n, s.Data, train.Features(), train.Features())
	}
	if n := t.Net.Classes(); n != train.Classes {
		return cli.Usagef("-model %s has %d outputs, but %s has %d classes: end the widths with %d",
			s.Model, n, s.Data, train.Classes, train.Classes)
	}
	if s.Val > 0 {
		kept := train.Len() - s.Val
		if kept < s.Batch {
			return cli.Usagef("-val %d leaves less than a batch of the %d training images: choose at most %d",
				s.Val, train.Len(), max(0, train.Len()-s.Batch))
		}
		t.Data.Val = train.Slice(kept, train.Len())
		train = train.Slice(0, kept)
	}
	if s.Limit > 0 {
		train = train.Slice(0, min(s.Limit, train.Len()))
	}
	if train.Len() < s.Batch {
		return cli.Usagef("%d training images are less than one batch of %d: lower -batch or raise -limit", train.Len(), s.Batch)
	}
	t.Data.Train, t.Data.Test = train, test
	return nil
}

// judges are the images that the best epoch is chosen by, nil for none. The
// paper's protocol takes those of the test set, without a last partial batch.
func (t *Task) judges() *data.Set {
	if test := t.Data.Test; t.Settings.Paper && test != nil {
		if whole := test.Len() / t.Settings.Batch * t.Settings.Batch; whole > 0 {
			return test.Slice(0, whole)
		}
		return test
	}
	return t.Data.Val
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

// ImageShape returns the shape of the set's images and the number of classes.
func (s *Settings) ImageShape() (pcn.Shape, int) {
	for _, p := range published {
		if p.name == s.Data {
			return p.image, p.classes
		}
	}
	return pcn.Image(28, 28, 1), 10 // glyphs
}

// FirstBatch is the batch that training begins with, of loaded data.
func (t *Task) FirstBatch() pcn.Samples {
	order := make([]int32, t.Data.Train.Len())
	data.Order(order, t.Settings.Seed, 0)
	return &data.Batch{Set: t.Data.Train, Augment: t.Augmentation(), Seed: t.Settings.Seed, Places: order[:t.Settings.Batch]}
}

// Augmentation is what changes training images at random.
func (t *Task) Augmentation() data.Augment {
	if !t.Settings.Augment {
		return data.Augment{}
	}
	return data.Augment{Flip: true, Pad: 4}
}

// DataNames are the names that the setting data takes.
func DataNames() []string {
	list := []string{"glyphs"}
	for _, p := range published {
		list = append(list, p.name)
	}
	return list
}

// OpenPublished opens the set of that name, which is one of the catalogue's.
func OpenPublished(name, dir string) (train, test *data.Set, err error) {
	for _, p := range published {
		if p.name == name {
			return p.open(dir)
		}
	}
	return nil, nil, errors.New("there is no reader for " + name)
}
