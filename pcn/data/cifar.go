package data

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// A cifar describes one of the CIFAR sets: which bytes of a record are what, and
// how its files are named.
type cifar struct {
	name       string
	classes    int
	labels     int // bytes before the pixels; the last is the class
	train      []string
	test       string
	archive    string // the published file, and the folder inside it
	mean, std  [3]float64
	classNames []string
}

const (
	cifarSide   = 32
	cifarPlane  = cifarSide * cifarSide
	cifarPixels = 3 * cifarPlane
)

var cifar10 = cifar{
	name: "cifar10", classes: 10, labels: 1,
	train:   []string{"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"},
	test:    "test_batch.bin",
	archive: "cifar-10-binary.tar.gz",
	mean:    [3]float64{0.4914, 0.4822, 0.4465}, std: [3]float64{0.2023, 0.1994, 0.2010},
	classNames: []string{"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"},
}

var cifar100 = cifar{
	name: "cifar100", classes: 100, labels: 2,
	train:   []string{"train.bin"},
	test:    "test.bin",
	archive: "cifar-100-binary.tar.gz",
	mean:    [3]float64{0.5071, 0.4867, 0.4408}, std: [3]float64{0.2675, 0.2565, 0.2761},
}

// OpenCIFAR10 reads CIFAR-10 (colour images of 32x32 in ten classes) from the
// folder that holds the published files of the binary version,
//
//	data_batch_1.bin to data_batch_5.bin   test_batch.bin
//
// each plain or packed, with .gz or .bz2 at the end of its name, or from the
// archive cifar-10-binary.tar.gz in that folder. How many records a file has
// follows from its size: a set from which records are missing is read as it is.
// Pixels are normalised channel by channel.
//
// It fails, naming the file and what to do, if the folder or a file is missing,
// packed badly or no whole number of records, or if a label is not less than the
// number of classes. A missing folder or file is fs.ErrNotExist to errors.Is.
func OpenCIFAR10(dir string) (train, test *Set, err error) { return cifar10.open(dir) }

// OpenCIFAR100 reads CIFAR-100 (colour images of 32x32 in 100 classes, the fine
// ones) from train.bin and test.bin or cifar-100-binary.tar.gz: see
// [OpenCIFAR10].
func OpenCIFAR100(dir string) (train, test *Set, err error) { return cifar100.open(dir) }

func (c *cifar) open(dir string) (train, test *Set, err error) {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, fmt.Errorf("data: the folder %q is missing (%w); it should hold %s and its companions, or %s",
			dir, fs.ErrNotExist, c.test, c.archive)
	case err != nil:
		return nil, nil, fmt.Errorf("data: %w", err)
	case !info.IsDir():
		return nil, nil, fmt.Errorf("data: %q is not a folder; give the one that holds %s", dir, c.test)
	}
	files, err := c.read(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("data: %w", err)
	}
	if train, err = c.set(files, c.train); err == nil {
		test, err = c.set(files, []string{c.test})
	}
	if err != nil {
		return nil, nil, fmt.Errorf("data: %w", err)
	}
	train.Name, test.Name = c.name+" train", c.name+" test"
	return train, test, nil
}

// A recordFile is what a file of records holds, unpacked.
type recordFile struct {
	path string
	data []byte
}

// read returns the contents of all files by name.
func (c *cifar) read(dir string) (map[string]recordFile, error) {
	files := map[string]recordFile{}
	names := append(append([]string{}, c.train...), c.test)
	for _, name := range names {
		path, err := findPacked(dir, name)
		if errors.Is(err, fs.ErrNotExist) && len(files) == 0 {
			return c.readArchive(filepath.Join(dir, c.archive), names, err)
		}
		if err != nil {
			return nil, err
		}
		data, err := readPacked(path, c.most())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		files[name] = recordFile{path, data}
	}
	return files, nil
}

// record is the size of a record.
func (c *cifar) record() int { return c.labels + cifarPixels }

// most is the size of the largest file that is read: twice a published one.
func (c *cifar) most() int64 { return int64(100000/len(c.train)) * int64(c.record()) }

// set makes a set of the records of some files.
func (c *cifar) set(files map[string]recordFile, names []string) (*Set, error) {
	count := 0
	for _, name := range names {
		f := files[name]
		if len(f.data)%c.record() != 0 {
			return nil, fmt.Errorf("%s: %d bytes are no whole number of records of %d bytes; it is truncated or of another set: get the file again",
				f.path, len(f.data), c.record())
		}
		count += len(f.data) / c.record()
	}
	s := c.empty()
	s.Pixels, s.Labels = make([]uint8, 0, count*cifarPixels), make([]uint8, 0, count)
	for _, name := range names {
		f := files[name]
		for i := 0; i < len(f.data); i += c.record() {
			record := f.data[i : i+c.record()]
			label := record[c.labels-1]
			if int(label) >= c.classes {
				return nil, fmt.Errorf("%s: label %d of image %d is out of range; this set has %d classes, from 0 on",
					f.path, label, i/c.record(), c.classes)
			}
			s.Labels = append(s.Labels, label)
			s.Pixels = appendPlanes(s.Pixels, record[c.labels:])
		}
	}
	return s, nil
}

// empty is a set without images.
func (c *cifar) empty() *Set {
	s := &Set{
		Name: c.name, Height: cifarSide, Width: cifarSide, Channels: 3,
		Classes: c.classes, ClassNames: c.classNames,
	}
	for i := range c.mean {
		s.Table = append(s.Table, Normalise(c.mean[i], c.std[i]))
	}
	return s
}

// appendPlanes appends an image given as a red, a green and a blue plane, pixel
// by pixel.
func appendPlanes(pixels, planes []byte) []byte {
	for i := range cifarPlane {
		pixels = append(pixels, planes[i], planes[cifarPlane+i], planes[2*cifarPlane+i])
	}
	return pixels
}
