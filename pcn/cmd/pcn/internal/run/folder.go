package run

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// MakeFolder makes the folder of a run with its config.json, and returns the
// open metrics.jsonl. It refuses a folder that holds anything: results are not
// overwritten.
func MakeFolder(dir string, r Record) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		if info, statErr := os.Stat(dir); statErr == nil && !info.IsDir() {
			return nil, fmt.Errorf("-out %s is a file: name a new folder", dir)
		}
		return nil, fmt.Errorf("-out: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("-out: %w", err)
	}
	if len(entries) > 0 {
		return nil, inUse(dir)
	}
	if err := writeNew(filepath.Join(dir, "config.json"), r.JSON()); err != nil {
		if errors.Is(err, fs.ErrExist) { // another run was faster
			return nil, inUse(dir)
		}
		return nil, fmt.Errorf("-out: %w", err)
	}
	return os.OpenFile(filepath.Join(dir, "metrics.jsonl"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
}

func inUse(dir string) error {
	return fmt.Errorf("-out %s is not empty, and runs are not overwritten: name a new folder, or remove this one", dir)
}

// writeNew writes a file that must not exist yet.
func writeNew(path string, content []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	return errors.Join(err, file.Close())
}
