package catalogue

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// A MismatchError is a file that is not the published one.
type MismatchError struct {
	Path string
	Why  string
}

func (e *MismatchError) Error() string {
	return fmt.Sprintf("%s is not the published file: %s", e.Path, e.Why)
}

// Check says whether a file on disk is the published one, wherever it lies and
// whatever its name: nil if size and checksums are right, a *MismatchError if
// not, and an error of package os if the file cannot be read. A missing file is
// fs.ErrNotExist to errors.Is.
func (f File) Check(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.IsDir() {
		return &MismatchError{path, "it is a folder"}
	}
	if info.Size() != f.Size {
		return &MismatchError{path, fmt.Sprintf("it has %d bytes, not %d", info.Size(), f.Size)}
	}
	strong, weak := sha256.New(), md5.New()
	if _, err := io.Copy(io.MultiWriter(strong, weak), file); err != nil {
		return err
	}
	if got := hex.EncodeToString(strong.Sum(nil)); got != f.SHA256 {
		return &MismatchError{path, fmt.Sprintf("its sha256 is %s, not %s", got, f.SHA256)}
	}
	if got := hex.EncodeToString(weak.Sum(nil)); got != f.MD5 {
		return &MismatchError{path, fmt.Sprintf("its md5 is %s, not %s", got, f.MD5)}
	}
	return nil
}

// FindLoose returns those of s.Loose that lie in the folder.
func (s *Set) FindLoose(dir string) []string {
	var found []string
	for _, name := range s.Loose {
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name))); err == nil {
			found = append(found, name)
		}
	}
	return found
}

// Presence is what a glance at a file shows.
type Presence int

// What Glance returns.
const (
	Missing    Presence = iota
	Unreadable          // something is in the way: a folder, or rights that are missing
	OtherSize           // not the published file
	RightSize           // may be the published file: see File.Check
)

// Glance looks for the file in a folder, and at its size only.
func (f File) Glance(dir string) Presence {
	info, err := os.Stat(filepath.Join(dir, f.Name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Missing
	case err != nil || !info.Mode().IsRegular():
		return Unreadable
	case info.Size() != f.Size:
		return OtherSize
	}
	return RightSize
}
