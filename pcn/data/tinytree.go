package data

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// tinyFolder is the name of the published folder; with .zip it is that of the
// archive.
const tinyFolder = "tiny-imagenet-200"

// A tinyTree is the published folder of Tiny ImageNet, unpacked or not.
type tinyTree struct {
	files fs.FS
	where func(name string) string // what errors call a file
	close func() error
}

// findTiny finds the folder in dir. Whoever gets a tree closes it.
func findTiny(dir string) (*tinyTree, error) {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("the folder %q is missing (%w); it should hold %s.zip, or what is in it", dir, fs.ErrNotExist, tinyFolder)
	case err != nil:
		return nil, err
	case !info.IsDir():
		return nil, fmt.Errorf("%q is not a folder; give the one that holds %s.zip", dir, tinyFolder)
	}
	for _, folder := range []string{dir, filepath.Join(dir, tinyFolder)} {
		if _, err := os.Stat(filepath.Join(folder, "wnids.txt")); err == nil {
			return &tinyTree{
				files: os.DirFS(folder),
				where: func(name string) string { return filepath.Join(folder, filepath.FromSlash(name)) },
				close: func() error { return nil },
			}, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return openTinyArchive(filepath.Join(dir, tinyFolder+".zip"))
}

func openTinyArchive(archive string) (*tinyTree, error) {
	file, err := zip.OpenReader(archive)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("neither wnids.txt nor %s nor %s is there (%w); put the published archive there",
			tinyFolder, archive, fs.ErrNotExist)
	case errors.Is(err, zip.ErrFormat), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fmt.Errorf("%s: truncated or no zip archive (%w); get it again", archive, err)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", archive, err)
	}
	files, err := fs.Sub(file, tinyFolder)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &tinyTree{
		files: files,
		where: func(name string) string { return archive + ": " + tinyFolder + "/" + name },
		close: file.Close,
	}, nil
}

// file lets read have a file of at most so many bytes; all errors name it.
func (t *tinyTree) file(name string, most int64, read func(io.Reader) error) error {
	file, err := t.files.Open(name)
	if err != nil {
		return t.explain(name, err)
	}
	defer file.Close()
	limited := &io.LimitedReader{R: file, N: most + 1}
	err = read(limited)
	if limited.N <= 0 { // whatever else is wrong with it
		err = fmt.Errorf("more than %d bytes; this is no file of the set", most)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", t.where(name), err)
	}
	return nil
}

// explain says what to do about a file or folder that does not open.
func (t *tinyTree) explain(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is missing (%w); %s", t.where(name), fs.ErrNotExist, getAgain)
	}
	var inside *fs.PathError
	if errors.As(err, &inside) { // it names the file relative to the tree
		err = inside.Err
	}
	return fmt.Errorf("%s: %w", t.where(name), err)
}

// images returns the names of the JPEG files of a folder, in the order of their
// numbers.
func (t *tinyTree) images(folder string) ([]string, error) {
	entries, err := fs.ReadDir(t.files, folder)
	if err != nil {
		return nil, t.explain(folder, err)
	}
	var names []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".JPEG") && !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s holds no image that ends in .JPEG; %s", t.where(folder), getAgain)
	}
	slices.SortFunc(names, compareNumbered)
	return names, nil
}
