package data

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// findPacked returns the path of the first of name.bz2, name.gz and name that is
// in dir.
func findPacked(dir, name string) (string, error) {
	for _, end := range []string{".bz2", ".gz", ""} {
		path := filepath.Join(dir, name+end)
		if _, err := os.Stat(path); err == nil {
			return path, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return "", fmt.Errorf("%s is not there, nor packed with .gz or .bz2 (%w); put the published file there",
		filepath.Join(dir, name), fs.ErrNotExist)
}

// readPacked returns what a file holds, unpacked as its name says, but no more
// than most bytes.
func readPacked(path string, most int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return unpack(bufio.NewReaderSize(file, 1<<16), filepath.Ext(path), most)
}

// unpack reads data packed as the end of a file name says.
func unpack(r io.Reader, end string, most int64) ([]byte, error) {
	switch end {
	case ".gz":
		unpacked, err := gzip.NewReader(r)
		if err != nil {
			return nil, gzipError(err)
		}
		data, err := atMost(unpacked, most)
		return data, gzipError(err)
	case ".bz2":
		data, err := atMost(bzip2.NewReader(r), most)
		var damaged bzip2.StructuralError
		switch {
		case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
			return nil, errors.New("truncated: the packed data ends too early; get the file again")
		case errors.As(err, &damaged):
			return nil, fmt.Errorf("the packed data is damaged (%w); get the file again", err)
		}
		return data, err
	}
	return atMost(r, most)
}

// gzipError says what to do about an error of the gzip layer.
func gzipError(err error) error {
	if errors.Is(err, gzip.ErrHeader) {
		return errors.New("not a gzip file, though its name ends in .gz, or with more behind it; get it again, or rename it if it is already unpacked")
	}
	if err == nil {
		return nil
	}
	return packingError(err)
}

// atMost reads everything, and fails if it is more than most bytes. Memory grows
// with what is there, not with what a header promises.
func atMost(r io.Reader, most int64) ([]byte, error) {
	var buf bytes.Buffer
	n, err := io.Copy(&buf, io.LimitReader(r, most+1))
	if err != nil {
		return nil, err
	}
	if n > most {
		return nil, fmt.Errorf("more than %d bytes; is it a file of this set?", most)
	}
	return buf.Bytes(), nil
}

// readArchive returns the files of those names, in whatever folder, of a packed
// tar archive. Without an archive the error is that of the missing file.
func (c *cifar) readArchive(archive string, names []string, missing error) (map[string]recordFile, error) {
	file, err := os.Open(archive)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w, or the archive %s", missing, c.archive)
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	files, err := untar(bufio.NewReaderSize(file, 1<<16), names, c.most())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", archive, err)
	}
	for _, name := range names {
		f, ok := files[name]
		if !ok {
			return nil, fmt.Errorf("%s: there is no %s in the archive; get it again", archive, name)
		}
		f.path = archive + ": " + f.path
		files[name] = f
	}
	return files, nil
}

func untar(r io.Reader, names []string, most int64) (map[string]recordFile, error) {
	unpacked, err := gzip.NewReader(r)
	if err != nil {
		return nil, gzipError(err)
	}
	files := map[string]recordFile{}
	for archive := tar.NewReader(unpacked); ; {
		header, err := archive.Next()
		if err == io.EOF {
			return files, nil
		}
		if err != nil {
			return nil, tarError(err)
		}
		name := path.Base(strings.TrimSuffix(header.Name, "/"))
		if header.Typeflag != tar.TypeReg || !slices.Contains(names, name) {
			continue
		}
		data, err := atMost(archive, most)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, tarError(err))
		}
		files[name] = recordFile{header.Name, data}
	}
}

func tarError(err error) error {
	if errors.Is(err, tar.ErrHeader) {
		return errors.New("not a tar archive inside; get the file again")
	}
	return gzipError(err)
}
