package data

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
)

// The shape of Tiny ImageNet.
const (
	tinySide    = 64
	tinyClasses = 200
)

// OpenTinyImageNet reads Tiny ImageNet (100,000 and 10,000 colour images of
// 64x64 in 200 classes) from the published folder, which holds
//
//	wnids.txt                      the classes, one a line: labels are line numbers from 0 on
//	words.txt                      what the classes are called
//	train/<class>/images/*.JPEG    the training images
//	val/images/*.JPEG              the test images; those of the folder test have no published labels
//	val/val_annotations.txt        their classes: file and class are the first columns
//
// or from a folder that holds this one as tiny-imagenet-200, or packed as
// tiny-imagenet-200.zip. What is unpacked goes first.
//
// Training images come class after class in the order of wnids.txt, and within
// a class in the order of their numbers (x_2.JPEG before x_10.JPEG); test
// images in the order of theirs. Channels are normalised by the mean .485 .456
// .406 and the standard deviation .229 .224 .225, which are those of ImageNet
// and commonly used for this set too. Grey images become colour images of three
// equal channels. Pixels are what the JPEG decoder of the Go release makes of
// the files: other decoders may differ by a few units.
//
// Images are decoded on all cores; no goroutine is left when it returns. It
// fails, naming the file and what to do, if a file is missing, a list is not as
// described, a test image is not listed or has an unknown class, or an image is
// no JPEG of 64x64. A missing folder or file is fs.ErrNotExist to errors.Is.
// A set of fewer classes or images than the published one is no error.
func OpenTinyImageNet(dir string) (train, test *Set, err error) {
	tree, err := findTiny(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("data: %w", err)
	}
	defer tree.close()
	train, test, err = tree.read()
	if err != nil {
		return nil, nil, fmt.Errorf("data: %w", err)
	}
	return train, test, nil
}

func (t *tinyTree) read() (train, test *Set, err error) {
	classes, err := t.classes()
	if err != nil {
		return nil, nil, err
	}
	// Both lists before any image: what is missing shows at once.
	files, err := t.listTrain(classes)
	if err != nil {
		return nil, nil, err
	}
	testFiles, err := t.listTest(classes)
	if err != nil {
		return nil, nil, err
	}
	if train, err = t.decode("tiny-imagenet train", files, classes); err != nil {
		return nil, nil, err
	}
	if test, err = t.decode("tiny-imagenet test", testFiles, classes); err != nil {
		return nil, nil, err
	}
	return train, test, nil
}

// A tinyFile is an image to decode and its class.
type tinyFile struct {
	name  string
	label uint8
}

// listTrain lists the training images in their order.
func (t *tinyTree) listTrain(classes *tinyClassList) ([]tinyFile, error) {
	var files []tinyFile
	for label, id := range classes.ids {
		folder := path.Join("train", id, "images")
		names, err := t.images(folder)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			files = append(files, tinyFile{path.Join(folder, name), uint8(label)})
		}
	}
	return files, nil
}

// listTest lists the test images in their order.
func (t *tinyTree) listTest(classes *tinyClassList) ([]tinyFile, error) {
	const annotations = "val/val_annotations.txt"
	labels, err := t.labels(annotations, classes)
	if err != nil {
		return nil, err
	}
	const folder = "val/images"
	names, err := t.images(folder)
	if err != nil {
		return nil, err
	}
	var files []tinyFile
	for _, name := range names {
		label, listed := labels[name]
		if !listed {
			return nil, fmt.Errorf("%s is not listed in %s; %s", t.where(path.Join(folder, name)), annotations, getAgain)
		}
		delete(labels, name)
		files = append(files, tinyFile{path.Join(folder, name), label})
	}
	if len(labels) > 0 {
		missing := slices.MinFunc(slices.Collect(maps.Keys(labels)), compareNumbered)
		return nil, fmt.Errorf("%s is missing (%w), but listed in %s; %s",
			t.where(folder+"/"+shorten(missing)), fs.ErrNotExist, annotations, getAgain)
	}
	return files, nil
}

// getAgain is the advice for a set that is not whole.
const getAgain = "get tiny-imagenet-200.zip again, or unpack it again"
