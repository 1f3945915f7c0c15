package data

import (
	"bytes"
	"image/color"
	"testing"
)

// FuzzTinyLists: lists are refused or read into labels that fit their classes.
func FuzzTinyLists(f *testing.F) {
	tree := tinyFiles(f)
	f.Add(tree["wnids.txt"], tree["words.txt"], tree["val/val_annotations.txt"])
	f.Add([]byte("n1\r\n\r\nn2"), []byte("n1\nn2\t,\nn2\t a , b"), []byte("x n1\n\ty\tn2\t0"))
	f.Add([]byte("/"), []byte("\t"), []byte(" "))
	f.Fuzz(func(t *testing.T, ids, words, annotations []byte) {
		classes, err := parseTinyClasses(bytes.NewReader(ids))
		if err != nil {
			return
		}
		if err := classes.parseNames(bytes.NewReader(words)); err != nil {
			return
		}
		for i, id := range classes.ids {
			if int(classes.labels[id]) != i || classes.names[i] == "" {
				t.Fatalf("class %d is %q with label %d and name %q", i, id, classes.labels[id], classes.names[i])
			}
		}
		labels, err := parseTinyLabels(bytes.NewReader(annotations), classes)
		if err != nil {
			return
		}
		for name, label := range labels {
			if name == "" || int(label) >= len(classes.ids) {
				t.Fatalf("%q has label %d of %d", name, label, len(classes.ids))
			}
		}
	})
}

// FuzzTinyImage: a file is refused or fills an image, never a panic.
func FuzzTinyImage(f *testing.F) {
	f.Add(jpegOf(f, 64, 64, color.Gray{9}))
	f.Add(jpegOf(f, 64, 64, color.RGBA{1, 2, 3, 255}))
	f.Add(jpegOf(f, 8, 8, color.Gray{9}))
	dst := make([]uint8, tinySide*tinySide*3)
	f.Fuzz(func(t *testing.T, content []byte) {
		_ = decodeTinyImage(dst, content)
	})
}

// FuzzCompareNumbered: the order of names is total.
func FuzzCompareNumbered(f *testing.F) {
	f.Add("a_1", "a_01", "a_10")
	f.Add("", "0", "00")
	f.Add("1a", "01", "1")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		ab, bc, ac := compareNumbered(a, b), compareNumbered(b, c), compareNumbered(a, c)
		if ab != -compareNumbered(b, a) || (ab == 0) != (a == b) {
			t.Fatalf("%q and %q compare %d", a, b, ab)
		}
		if ab < 0 && bc < 0 && ac >= 0 {
			t.Fatalf("%q < %q < %q, but not %q < %q", a, b, c, a, c)
		}
	})
}
