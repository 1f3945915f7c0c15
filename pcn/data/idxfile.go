package data

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// An idxFile is what an IDX file on disk holds.
type idxFile struct {
	path     string
	dims     []int
	elements []uint8
}

// openIDXFile reads the file of that name in dir, packed or plain. Errors name
// its path.
func openIDXFile(dir, name string) (idxFile, error) {
	path, err := findFile(dir, name)
	if err != nil {
		return idxFile{}, err
	}
	file, err := os.Open(path)
	if err != nil {
		return idxFile{}, err
	}
	defer file.Close()

	read := readIDX
	if strings.HasSuffix(path, ".gz") {
		read = readPackedIDX
	}
	dims, elements, err := read(bufio.NewReaderSize(file, 1<<16))
	if err != nil {
		return idxFile{}, fmt.Errorf("%s: %w", path, err)
	}
	return idxFile{path, dims, elements}, nil
}

// readPackedIDX is readIDX for a file packed by gzip.
func readPackedIDX(r io.Reader) ([]int, []uint8, error) {
	unpacked, err := gzip.NewReader(r)
	if err != nil {
		if errors.Is(err, gzip.ErrHeader) {
			return nil, nil, errors.New("not a gzip file, though its name ends in .gz; get it again, or rename it if it is already unpacked")
		}
		return nil, nil, packingError(err)
	}
	dims, elements, err := readIDX(unpacked)
	if err != nil {
		return nil, nil, packingError(err)
	}
	return dims, elements, nil
}

// packingError says what to do about errors of the gzip layer; those of the IDX
// layer say so themselves.
func packingError(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("truncated: the packed data ends too early; get the file again")
	case errors.Is(err, gzip.ErrChecksum), errors.As(err, &corrupt):
		return fmt.Errorf("the packed data is damaged (%w); get the file again", err)
	case errors.Is(err, gzip.ErrHeader):
		return errors.New("trailing data after the packed data; get the file again")
	}
	return err
}
