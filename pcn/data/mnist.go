package data

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// OpenMNIST reads the MNIST digits (60,000 and 10,000 grey images of 28x28) from
// the folder that holds the four published files: see OpenIDX.
func OpenMNIST(dir string) (train, test *Set, err error) {
	return openNamed(dir, "mnist", digitNames())
}

// OpenFashionMNIST reads Fashion-MNIST (60,000 and 10,000 grey images of 28x28)
// from the folder that holds the four published files: see OpenIDX.
func OpenFashionMNIST(dir string) (train, test *Set, err error) {
	return openNamed(dir, "fashion-mnist", garmentNames())
}

func garmentNames() []string {
	return []string{
		"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
		"Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
	}
}

func openNamed(dir, name string, classNames []string) (train, test *Set, err error) {
	train, test, err = OpenIDX(dir, len(classNames))
	if err != nil {
		return nil, nil, err
	}
	train.Name, test.Name = name+" train", name+" test"
	train.ClassNames, test.ClassNames = classNames, classNames
	return train, test, nil
}

// OpenIDX reads a set of grey images laid out like MNIST, normalised to
// (x - 0.5) / 0.5, from the folder that holds
//
//	train-images-idx3-ubyte   train-labels-idx1-ubyte
//	t10k-images-idx3-ubyte    t10k-labels-idx1-ubyte
//
// each with .gz at the end of its name, packed, or without; where both exist
// the packed one is read. The sets are named after the folder.
//
// It fails, naming the file and what to do, if the folder or a file is missing,
// packed badly, truncated or longer than its header says, if images and labels
// or the two splits do not match, or if a label is not less than classes. A
// missing folder or file is fs.ErrNotExist to errors.Is.
func OpenIDX(dir string, classes int) (train, test *Set, err error) {
	if classes < 1 || classes > 256 {
		return nil, nil, fmt.Errorf("data: OpenIDX: %d classes; from 1 to 256 fit into a label", classes)
	}
	if err := checkFolder(dir); err != nil {
		return nil, nil, fmt.Errorf("data: %w", err)
	}
	train, err = openSplit(dir, "train", classes)
	if err != nil {
		return nil, nil, fmt.Errorf("data: %w", err)
	}
	test, err = openSplit(dir, "t10k", classes)
	if err != nil {
		return nil, nil, fmt.Errorf("data: %w", err)
	}
	if train.Height != test.Height || train.Width != test.Width {
		return nil, nil, fmt.Errorf("data: %s: train images are %dx%d, test images %dx%d; the files are of different sets",
			dir, train.Height, train.Width, test.Height, test.Width)
	}
	base := filepath.Base(dir)
	train.Name, test.Name = base+" train", base+" test"
	return train, test, nil
}

// The parts of the file names that follow the split's.
const (
	imagesFile = "-images-idx3-ubyte"
	labelsFile = "-labels-idx1-ubyte"
)

// checkFolder says which of the four files are missing, before any is read.
func checkFolder(dir string) error {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the folder %q is missing (%w); it should hold train%s.gz and its three companions", dir, fs.ErrNotExist, imagesFile)
	}
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%q is not a folder; give the one that holds train%s.gz", dir, imagesFile)
	}
	for _, split := range []string{"train", "t10k"} {
		for _, kind := range []string{imagesFile, labelsFile} {
			if _, err := findFile(dir, split+kind); err != nil {
				return err
			}
		}
	}
	return nil
}

// findFile returns the path of the packed file or of the plain one.
func findFile(dir, name string) (string, error) {
	plain := filepath.Join(dir, name)
	packed := plain + ".gz"
	for _, path := range []string{packed, plain} {
		if _, err := os.Stat(path); err == nil {
			return path, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return "", fmt.Errorf("neither %s nor %s is there (%w); put the published file there", packed, name, fs.ErrNotExist)
}

// openSplit reads the images and the labels of one split.
func openSplit(dir, split string, classes int) (*Set, error) {
	images, err := openIDXFile(dir, split+imagesFile)
	if err != nil {
		return nil, err
	}
	labels, err := openIDXFile(dir, split+labelsFile)
	if err != nil {
		return nil, err
	}
	return pair(images, labels, classes)
}

// pair joins the images of one file and the labels of another to a set.
func pair(images, labels idxFile, classes int) (*Set, error) {
	if len(images.dims) != 3 {
		return nil, fmt.Errorf("%s: %d dimensions, where images have 3; is it a file of labels?", images.path, len(images.dims))
	}
	if len(labels.dims) != 1 {
		return nil, fmt.Errorf("%s: %d dimensions, where labels have 1; is it a file of images?", labels.path, len(labels.dims))
	}
	if images.dims[0] != labels.dims[0] {
		return nil, fmt.Errorf("%s has %d images, but %s has %d labels; take both from the same set",
			images.path, images.dims[0], labels.path, labels.dims[0])
	}
	for i, label := range labels.elements {
		if int(label) >= classes {
			return nil, fmt.Errorf("%s: label %d of image %d is out of range; this set has %d classes, from 0 on",
				labels.path, label, i, classes)
		}
	}
	s := emptyGrey("", images.dims[1], images.dims[2], classes)
	s.Pixels, s.Labels = images.elements, labels.elements
	return s, nil
}
