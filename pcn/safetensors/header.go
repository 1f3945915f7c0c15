package safetensors

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"unicode/utf8"
)

// mostHeader is the length up to which the format allows headers.
const mostHeader = 100_000_000

// metadataKey is where the header has its map of strings.
const metadataKey = "__metadata__"

// An Info says what a header says of a tensor.
type Info struct {
	Name  string
	DType DType
	Shape []int

	begin, end int64 // in bytes behind the header
}

// A header is what comes before the values: tensors in the order of their
// values.
type header struct {
	metadata map[string]string
	tensors  []Info
}

// readHeader reads a header and checks all that it says.
func readHeader(r io.Reader) (*header, error) {
	var length [8]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return nil, cutShort("before its header", err)
	}
	n := binary.LittleEndian.Uint64(length[:])
	if n < 2 || n > mostHeader {
		return nil, fmt.Errorf("safetensors: a header of %d bytes; there must be 2 to %d: this is no safetensors file", n, mostHeader)
	}
	var text bytes.Buffer
	if _, err := io.CopyN(&text, r, int64(n)); err != nil {
		return nil, cutShort("within its header", err)
	}
	h, err := parseHeader(text.Bytes())
	if err != nil {
		return nil, fmt.Errorf("safetensors: header: %w", err)
	}
	return h, nil
}

// cutShort says where a file ends too early, or what else went wrong.
func cutShort(where string, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("safetensors: the file ends %s: %w", where, io.ErrUnexpectedEOF)
	}
	return fmt.Errorf("safetensors: %w", err)
}

func parseHeader(text []byte) (*header, error) {
	switch {
	case text[0] != '{':
		return nil, errors.New("it does not start with a brace")
	case !utf8.Valid(text):
		return nil, errors.New("it is not UTF-8")
	}
	p := parser{json.NewDecoder(bytes.NewReader(text))}
	p.UseNumber()
	h := &header{}
	err := p.object(func(key string) (err error) {
		if key == metadataKey {
			h.metadata, err = p.metadata()
			return err
		}
		t := Info{Name: key}
		err = p.tensor(&t)
		h.tensors = append(h.tensors, t)
		return err
	})
	if err != nil {
		return nil, err
	}
	if rest := bytes.Trim(text[p.InputOffset():], " "); len(rest) > 0 {
		return nil, errors.New("more than spaces follow it")
	}
	slices.SortStableFunc(h.tensors, func(a, b Info) int {
		return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end))
	})
	at := int64(0)
	for _, t := range h.tensors {
		if t.begin != at {
			return nil, fmt.Errorf("tensor %q starts at byte %d and not at %d: values overlap or leave a gap", t.Name, t.begin, at)
		}
		at = t.end
	}
	return h, nil
}

// A parser takes JSON apart token by token: decoding into values would let the
// last of equal keys win, and keys differ in case.
type parser struct{ *json.Decoder }

// object reads an object, and calls member when it has read a key.
func (p parser) object(member func(key string) error) error {
	if err := p.delim('{'); err != nil {
		return err
	}
	seen := map[string]bool{}
	for p.More() {
		key, err := p.text()
		if err != nil {
			return err
		}
		if seen[key] {
			return fmt.Errorf("%q comes twice", key)
		}
		seen[key] = true
		if err := member(key); err != nil {
			return fmt.Errorf("%q: %w", key, err)
		}
	}
	return p.delim('}')
}

func (p parser) metadata() (map[string]string, error) {
	m := map[string]string{}
	return m, p.object(func(key string) (err error) {
		m[key], err = p.text()
		return err
	})
}

func (p parser) tensor(t *Info) error {
	var offsets []int64
	members := 0
	err := p.object(func(key string) (err error) {
		members++
		switch key {
		case "dtype":
			var text string
			text, err = p.text()
			t.DType = DType(text)
		case "shape":
			var shape []int64
			shape, err = p.integers()
			for _, d := range shape {
				t.Shape = append(t.Shape, int(d))
				if int64(int(d)) != d {
					return errors.New("too large for this machine")
				}
			}
		case "data_offsets":
			offsets, err = p.integers()
		default:
			return errors.New("unknown")
		}
		return err
	})
	if err != nil {
		return err
	}
	if members < 3 {
		return errors.New("dtype, shape or data_offsets is missing")
	}
	if len(offsets) != 2 || offsets[0] > offsets[1] {
		return fmt.Errorf("data_offsets %v are no begin and end", offsets)
	}
	t.begin, t.end = offsets[0], offsets[1]
	return t.measure()
}

// measure counts the values and checks that they fill the tensor's bytes.
func (t *Info) measure() error {
	size, ok := sizes[t.DType]
	if !ok {
		return fmt.Errorf("the dtype %q is unknown", t.DType)
	}
	n := uint64(size)
	for _, d := range t.Shape {
		hi, lo := bits.Mul64(n, uint64(d))
		if hi != 0 || lo > math.MaxInt64 {
			return fmt.Errorf("the shape %v overflows", t.Shape)
		}
		n = lo
	}
	if n != uint64(t.end-t.begin) {
		return fmt.Errorf("%s of shape %v are %d bytes, but data_offsets leave %d", t.DType, t.Shape, n, t.end-t.begin)
	}
	return nil
}

// integers reads an array of whole numbers from 0 on.
func (p parser) integers() ([]int64, error) {
	if err := p.delim('['); err != nil {
		return nil, err
	}
	list := []int64{}
	for p.More() {
		token, err := p.Token()
		if err != nil {
			return nil, err
		}
		number, ok := token.(json.Number)
		if !ok {
			return nil, fmt.Errorf("%v is no number", token)
		}
		v, err := strconv.ParseUint(number.String(), 10, 63)
		if err != nil {
			return nil, fmt.Errorf("%v is no whole number from 0 to %d", number, int64(math.MaxInt64))
		}
		list = append(list, int64(v))
	}
	return list, p.delim(']')
}

func (p parser) text() (string, error) {
	token, err := p.Token()
	if err != nil {
		return "", err
	}
	text, ok := token.(string)
	if !ok {
		return "", fmt.Errorf("%v is no string", token)
	}
	return text, nil
}

func (p parser) delim(want json.Delim) error {
	token, err := p.Token()
	if err != nil {
		return err
	}
	if token != want {
		return fmt.Errorf("%v stands where %v is expected", token, want)
	}
	return nil
}
