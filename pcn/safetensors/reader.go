package safetensors

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

// A Reader goes through a file in the order of its values:
//
//	r, err := safetensors.NewReader(file)
//	for {
//		info, err := r.Next()
//		if err == io.EOF {
//			break
//		}
//		values, err := r.Float32s(nil)
//	}
type Reader struct {
	r      io.Reader
	header *header
	next   int   // tensor that Next goes to
	unread int64 // bytes of the current one
	buffer []byte
}

// NewReader reads the header of a file and checks it. The Reader reads in pieces
// of some kilobytes; r need not be buffered.
func NewReader(r io.Reader) (*Reader, error) {
	h, err := readHeader(r)
	if err != nil {
		return nil, err
	}
	return &Reader{r: r, header: h, buffer: make([]byte, chunkBytes)}, nil
}

// chunkBytes is how much is read or written at once, a multiple of every size of
// a value.
const chunkBytes = 1 << 16

// Metadata returns the strings of the header, nil if there are none.
func (r *Reader) Metadata() map[string]string { return r.header.metadata }

// Tensors returns what the header says of all tensors, in the order of their
// values.
func (r *Reader) Tensors() []Info { return slices.Clone(r.header.tensors) }

// Next goes to the first tensor, or to the next, and passes over values that
// were not read. Behind the last it returns [io.EOF], or an error if the file
// does not end there.
func (r *Reader) Next() (Info, error) {
	if err := r.skip(); err != nil {
		return Info{}, err
	}
	if r.next < len(r.header.tensors) {
		t := r.header.tensors[r.next]
		r.next++
		r.unread = t.end - t.begin
		return t, nil
	}
	switch n, err := io.ReadFull(r.r, r.buffer[:1]); {
	case n > 0:
		return Info{}, errors.New("safetensors: bytes follow the last tensor: the file is damaged")
	case err != io.EOF:
		return Info{}, fmt.Errorf("safetensors: %w", err)
	}
	return Info{}, io.EOF
}

// skip passes over what is unread of the current tensor.
func (r *Reader) skip() error {
	n, err := io.CopyN(io.Discard, r.r, r.unread)
	r.unread -= n
	if err != nil {
		return cutShort(r.within(), err)
	}
	return nil
}

// within is for messages: where the reader is.
func (r *Reader) within() string {
	return fmt.Sprintf("within tensor %q", r.header.tensors[r.next-1].Name)
}

// Float32s appends the values of the current tensor to dst, row-major, and
// returns the result. F32, F16 and BF16 are exact; F64 and integers are rounded
// to the nearest. It is an error to call it twice for a tensor, or for a type
// that is not in the list of constants.
func (r *Reader) Float32s(dst []float32) ([]float32, error) {
	if r.next == 0 {
		return dst, errors.New("safetensors: Float32s before Next")
	}
	t := &r.header.tensors[r.next-1]
	convert, ok := float32s[t.DType]
	switch {
	case !ok:
		return dst, fmt.Errorf("safetensors: tensor %q is %s, which cannot be read as float32", t.Name, t.DType)
	case r.unread != t.end-t.begin:
		return dst, fmt.Errorf("safetensors: tensor %q has been read", t.Name)
	}
	size := sizes[t.DType]
	for r.unread > 0 {
		chunk := r.buffer[:min(r.unread, chunkBytes)]
		if _, err := io.ReadFull(r.r, chunk); err != nil {
			return dst, cutShort(r.within(), err)
		}
		r.unread -= int64(len(chunk))
		for ; len(chunk) > 0; chunk = chunk[size:] {
			dst = append(dst, convert(chunk))
		}
	}
	return dst, nil
}
