package data

import (
	"bytes"
	"testing"
)

// FuzzReadIDX: a file is refused or read exactly, never a panic. What was read
// makes the same file again.
func FuzzReadIDX(f *testing.F) {
	for _, file := range idxSeeds() {
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		dims, elements, err := ReadIDX(bytes.NewReader(file))
		if err != nil {
			return
		}
		header := make([]uint32, len(dims))
		for i, d := range dims {
			header[i] = uint32(d)
		}
		if !bytes.Equal(idx(elements, header...), file) {
			t.Fatalf("dims %v and %d elements are not what the file held", dims, len(elements))
		}
	})
}

// FuzzIDXPair: two files, packed or not, are refused or make a sound set.
func FuzzIDXPair(f *testing.F) {
	for _, images := range idxSeeds() {
		labels := idx([]uint8{0, 1, 2, 3}, 4)
		f.Add(images, labels, false)
		f.Add(pack(f, images), pack(f, labels), true)
	}
	f.Add([]byte("\x1f\x8b\x08\x00"), []byte("\x1f\x8b\x08\x00"), true)
	f.Fuzz(func(t *testing.T, imageBytes, labelBytes []byte, packed bool) {
		read := readIDX
		if packed {
			read = readPackedIDX
		}
		images, labels := idxFile{path: "images"}, idxFile{path: "labels"}
		var err error
		if images.dims, images.elements, err = read(bytes.NewReader(imageBytes)); err != nil {
			return
		}
		if labels.dims, labels.elements, err = read(bytes.NewReader(labelBytes)); err != nil {
			return
		}
		set, err := pair(images, labels, 10)
		if err != nil {
			return
		}
		if err := set.Check(); err != nil {
			t.Fatal(err)
		}
	})
}

func idxSeeds() [][]byte {
	good := idx(ramp(24), 4, 3, 2)
	return [][]byte{
		nil,
		good,
		good[:10],
		good[:len(good)-1],
		append(bytes.Clone(good), 0),
		idx([]uint8{0, 1, 2, 3}, 4),
		idx(nil, 0, 3, 2),
		idx(nil, 1<<31, 28, 28),
		idx(ramp(9), 1<<31-1),
		idx(nil, 1<<16, 1<<16, 1<<16, 1<<16),
		{0x1f, 0x8b, 8, 0},
		[]byte("<html>"),
	}
}
