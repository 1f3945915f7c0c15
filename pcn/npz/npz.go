// Package npz writes NumPy's npz files, which numpy.load reads: named arrays of
// float32 in a zip archive.
package npz

import (
	"archive/zip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// A Writer writes a file array by array; Close ends it.
type Writer struct {
	archive *zip.Writer
	taken   map[string]bool
	buffer  []byte
}

// NewWriter starts a file. Equal arrays in equal order are equal bytes.
func NewWriter(w io.Writer) *Writer {
	return &Writer{archive: zip.NewWriter(w), taken: map[string]bool{}, buffer: make([]byte, chunkBytes)}
}

// chunkBytes is how much is written at once.
const chunkBytes = 1 << 16

// Write adds an array with its values in row-major order. It is an error if the
// name is empty or taken, or if the values are not as many as the shape asks for.
func (w *Writer) Write(name string, shape []int, values []float32) error {
	if name == "" || w.taken[name] {
		return fmt.Errorf("npz: the name %q is empty or taken", name)
	}
	if !fits(shape, len(values)) {
		return fmt.Errorf("npz: array %q has %d values in the shape %v", name, len(values), shape)
	}
	w.taken[name] = true
	entry, err := w.archive.CreateHeader(&zip.FileHeader{Name: name + ".npy", Method: zip.Store})
	if err != nil {
		return err
	}
	if _, err := entry.Write(header(shape)); err != nil {
		return err
	}
	for values := range slices.Chunk(values, chunkBytes/4) {
		for i, v := range values {
			binary.LittleEndian.PutUint32(w.buffer[4*i:], math.Float32bits(v))
		}
		if _, err := entry.Write(w.buffer[:4*len(values)]); err != nil {
			return err
		}
	}
	return nil
}

// Close writes the end of the file. It does not close the writer below.
func (w *Writer) Close() error {
	if w.archive == nil {
		return errors.New("npz: closed already")
	}
	defer func() { w.archive = nil }()
	return w.archive.Close()
}

// fits reports whether n values fill a shape.
func fits(shape []int, n int) bool {
	for _, d := range shape {
		if d < 0 {
			return false
		}
	}
	if slices.Contains(shape, 0) {
		return n == 0
	}
	for _, d := range shape {
		if n%d != 0 {
			return false
		}
		n /= d
	}
	return n == 1
}

// header is what an npy file has before its values: version 1.0, filled up so
// that the values start at a multiple of 64.
func header(shape []int) []byte {
	sizes := make([]string, len(shape))
	for i, d := range shape {
		sizes[i] = fmt.Sprint(d)
	}
	tuple := strings.Join(sizes, ", ")
	if len(shape) == 1 {
		tuple += ","
	}
	text := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }", tuple)
	const before = 10
	size := (before + len(text) + 1 + 63) / 64 * 64
	text += strings.Repeat(" ", size-before-len(text)-1) + "\n"
	h := append([]byte("\x93NUMPY\x01\x00"), byte(len(text)), byte(len(text)>>8))
	return append(h, text...)
}
