package profile

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// Save writes f, making the folders that it needs. The file is whole or not
// there: it is written beside its place and renamed.
func (f *File) Save(name string) error {
	if err := f.save(name); err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	return nil
}

func (f *File) save(name string) (err error) {
	text, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	folder := filepath.Dir(name)
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	next, err := os.CreateTemp(folder, filepath.Base(name)+".*.partial")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			next.Close()
			os.Remove(next.Name())
		}
	}()
	if _, err := next.Write(append(text, '\n')); err != nil {
		return err
	}
	if err := next.Chmod(0o644); err != nil {
		return err
	}
	if err := next.Sync(); err != nil {
		return err
	}
	if err := next.Close(); err != nil {
		return err
	}
	return os.Rename(next.Name(), name)
}
