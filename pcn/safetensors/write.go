package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"unicode/utf8"
)

// Write writes a file, its tensors as F32 in the order listed. Equal files are
// equal bytes. Names that come twice and shapes that are not those of the values
// are errors, before anything is written.
func Write(w io.Writer, f *File) error {
	header, err := f.header()
	if err != nil {
		return err
	}
	if _, err := w.Write(header); err != nil {
		return err
	}
	buffer := make([]byte, chunkBytes)
	for _, t := range f.Tensors {
		for values := range slices.Chunk(t.Data, chunkBytes/4) {
			for i, v := range values {
				binary.LittleEndian.PutUint32(buffer[4*i:], math.Float32bits(v))
			}
			if _, err := w.Write(buffer[:4*len(values)]); err != nil {
				return err
			}
		}
	}
	return nil
}

// header makes the bytes before the values: the length and the JSON, filled up
// with spaces so that the values start at a multiple of 8.
func (f *File) header() ([]byte, error) {
	text := bytes.NewBuffer(make([]byte, 8))
	text.WriteByte('{')
	member := func(key string, value any) error {
		if !utf8.ValidString(key) {
			return fmt.Errorf("safetensors: the name %q is not UTF-8", key)
		}
		if text.Len() > 9 {
			text.WriteByte(',')
		}
		k, err := json.Marshal(key)
		if err != nil {
			return err
		}
		v, err := json.Marshal(value)
		if err != nil {
			return err
		}
		text.Write(k)
		text.WriteByte(':')
		text.Write(v)
		return nil
	}
	if len(f.Metadata) > 0 {
		for k, v := range f.Metadata {
			if !utf8.ValidString(k) || !utf8.ValidString(v) {
				return nil, fmt.Errorf("safetensors: the metadata %q is not UTF-8", k)
			}
		}
		if err := member(metadataKey, f.Metadata); err != nil {
			return nil, err
		}
	}
	seen := map[string]bool{metadataKey: true}
	at := int64(0)
	for _, t := range f.Tensors {
		if seen[t.Name] {
			return nil, fmt.Errorf("safetensors: the name %q is taken", t.Name)
		}
		seen[t.Name] = true
		entry, err := t.entry(at)
		if err != nil {
			return nil, err
		}
		if err := member(t.Name, entry); err != nil {
			return nil, err
		}
		at = entry.Offsets[1]
	}
	text.WriteByte('}')
	for text.Len()%8 != 0 {
		text.WriteByte(' ')
	}
	n := text.Len() - 8
	if n > mostHeader {
		return nil, fmt.Errorf("safetensors: the header would be %d bytes; no more than %d can be", n, mostHeader)
	}
	binary.LittleEndian.PutUint64(text.Bytes(), uint64(n))
	return text.Bytes(), nil
}

// An entry is what the header says of a tensor.
type entry struct {
	DType   DType    `json:"dtype"`
	Shape   []int    `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"`
}

func (t *Tensor) entry(at int64) (*entry, error) {
	e := &entry{F32, append([]int{}, t.Shape...), [2]int64{at, at + 4*int64(len(t.Data))}}
	for _, d := range t.Shape {
		if d < 0 {
			return nil, fmt.Errorf("safetensors: tensor %q has the shape %v", t.Name, t.Shape)
		}
	}
	info := Info{Name: t.Name, DType: F32, Shape: t.Shape, begin: e.Offsets[0], end: e.Offsets[1]}
	if err := info.measure(); err != nil {
		return nil, fmt.Errorf("safetensors: tensor %q has %d values in the shape %v", t.Name, len(t.Data), t.Shape)
	}
	return e, nil
}
