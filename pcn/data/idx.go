package data

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// ReadIDX reads an IDX file of unsigned bytes, the format of the MNIST files,
// already unpacked: the bytes 0, 0, 8 and the number of dimensions (1 to 4
// here), each dimension as a big-endian 32-bit number, then the elements, the
// last dimension fastest. It returns the dimensions, all positive, and their
// product of elements.
//
// It reads r to its end and fails on anything that is not exactly such a file:
// another magic number, dimensions that are 0 or make more than 2^31-1
// elements, too few or too many bytes. Memory grows with the bytes that have
// arrived, not with what the header claims.
func ReadIDX(r io.Reader) (dims []int, elements []uint8, err error) {
	dims, elements, err = readIDX(r)
	if err != nil {
		return nil, nil, fmt.Errorf("data: IDX: %w", err)
	}
	return dims, elements, nil
}

func readIDX(r io.Reader) ([]int, []uint8, error) {
	dims, total, err := readIDXHeader(r)
	if err != nil {
		return nil, nil, err
	}
	elements, err := readExactly(r, total)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, nil, fmt.Errorf("truncated: the header promises %v = %d bytes of data, %d are there; get the file again",
			dims, total, len(elements))
	}
	if err != nil {
		return nil, nil, err
	}
	// The read that finds the end also lets a gzip reader verify its checksum.
	var extra [1]byte
	switch _, err := io.ReadFull(r, extra[:]); err {
	case io.EOF:
		return dims, elements, nil
	case nil:
		return nil, nil, fmt.Errorf("trailing data after the %d bytes that the header promises; get the file again", total)
	default:
		return nil, nil, err
	}
}

// readIDXHeader returns the dimensions and their product.
func readIDXHeader(r io.Reader) ([]int, int, error) {
	var word [4]byte
	if err := readHeaderWord(r, &word); err != nil {
		return nil, 0, err
	}
	if word[0] == 0x1f && word[1] == 0x8b {
		return nil, 0, errors.New("this is gzip data; unpack it, or let its name end in .gz")
	}
	n := int(word[3])
	if word[0] != 0 || word[1] != 0 || word[2] != 8 || n < 1 || n > 4 {
		return nil, 0, fmt.Errorf("wrong magic number %#08x; an IDX file of bytes begins with 0x000008 and the number of dimensions, 1 to 4",
			binary.BigEndian.Uint32(word[:]))
	}
	dims, total := make([]int, n), int64(1)
	for i := range dims {
		if err := readHeaderWord(r, &word); err != nil {
			return nil, 0, err
		}
		d := int64(binary.BigEndian.Uint32(word[:]))
		if d == 0 || d > math.MaxInt32 || total > math.MaxInt32/d {
			return nil, 0, fmt.Errorf("absurd size: dimension %d is %d after %v; none may be 0, and 2^31-1 elements are the most",
				i, d, dims[:i])
		}
		dims[i] = int(d)
		total *= d
	}
	return dims, int(total), nil
}

func readHeaderWord(r io.Reader, word *[4]byte) error {
	_, err := io.ReadFull(r, word[:])
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("truncated: the file ends within its header; get it again")
	}
	return err
}

// readExactly reads n bytes into a buffer that starts small and doubles as
// bytes arrive. If r ends early it returns what came and ErrUnexpectedEOF.
func readExactly(r io.Reader, n int) ([]byte, error) {
	const start = 1 << 16
	buffer := make([]byte, 0, min(n, start))
	for {
		got, err := io.ReadFull(r, buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+got]
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil || len(buffer) == n {
			return buffer, err
		}
		larger := make([]byte, len(buffer), min(n, 2*cap(buffer)))
		copy(larger, buffer)
		buffer = larger
	}
}
