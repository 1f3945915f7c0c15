package safetensors

import (
	"errors"
	"io"
)

// A Tensor is a named array of float32 in row-major order. Its fields are those
// of the pcn package's Tensor, so either converts to the other.
type Tensor struct {
	Name  string
	Shape []int
	Data  []float32
}

// A File is the content of a file.
type File struct {
	// Metadata are strings for programs and people; PyTorch users expect
	// "format": "pt".
	Metadata map[string]string

	// Tensors are in the order of their values.
	Tensors []Tensor
}

// Read reads a whole file. Values of other types are converted as
// [Reader.Float32s] does; a type that it does not know is an error.
func Read(r io.Reader) (*File, error) {
	reader, err := NewReader(r)
	if err != nil {
		return nil, err
	}
	f := &File{Metadata: reader.Metadata()}
	for {
		info, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return nil, err
		}
		t := Tensor{Name: info.Name, Shape: info.Shape}
		if t.Data, err = reader.Float32s(nil); err != nil {
			return nil, err
		}
		f.Tensors = append(f.Tensors, t)
	}
}
