package study

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

// resultsFile holds the packed cells of a study, one record a line.
const resultsFile = "results.jsonl"

// A Folder holds the cells of a study: each in a folder of its own, or packed
// in results.jsonl. Where there are both, the folder counts.
type Folder struct {
	dir    string
	packed []record
	lock   io.Closer // nil before Lock
}

// Open opens the folder of a study, which need not exist yet.
func Open(dir string) (*Folder, error) {
	f := &Folder{dir: dir}
	text, err := os.ReadFile(f.Path(resultsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err != nil {
		return nil, err
	}
	for i, line := range lines(append(text, '\n')) { // written as a whole: the last line counts too
		var r record
		if err := json.Unmarshal(line, &r); err != nil {
			return nil, fmt.Errorf("line %d of %s is damaged: %w; get the file again, or remove the line to have its cell trained again",
				i+1, f.Path(resultsFile), err)
		}
		f.packed = append(f.packed, r)
	}
	return f, nil
}

// Lock makes the folder, if need be, and keeps other processes from training in
// it until Close.
func (f *Folder) Lock() error {
	if err := os.MkdirAll(f.dir, 0o777); err != nil {
		return err
	}
	lock, err := run.Lock(f.dir)
	f.lock = lock
	return err
}

// Close gives the folder free for others.
func (f *Folder) Close() error {
	if f.lock == nil {
		return nil
	}
	return f.lock.Close()
}

// Path returns the path of a file of the study.
func (f *Folder) Path(name string) string { return filepath.Join(f.dir, name) }

// record returns what there is of a cell, nil for nothing.
func (f *Folder) record(cell string) (*record, error) {
	config, err := os.ReadFile(filepath.Join(f.dir, cell, run.ConfigFile))
	if errors.Is(err, fs.ErrNotExist) {
		if i := slices.IndexFunc(f.packed, func(r record) bool { return r.Cell == cell }); i >= 0 {
			return &f.packed[i], nil
		}
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	metrics, err := os.ReadFile(filepath.Join(f.dir, cell, run.MetricsFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, config); err != nil {
		return nil, fmt.Errorf("%s is damaged: %w; remove the folder to have the cell trained again", filepath.Join(f.dir, cell, run.ConfigFile), err)
	}
	cosines, err := f.cosines(cell)
	return &record{cell, compact.Bytes(), lines(metrics), cosines}, err
}

// Result returns what a cell of that name came to, or nil if it has not ended.
func (f *Folder) Result(cell string) (*Result, error) {
	r, err := f.record(cell)
	if r == nil || err != nil {
		return nil, err
	}
	return r.result()
}

// done says whether a cell has ended. A cell with other settings is an error.
func (f *Folder) done(c *Cell) (bool, error) {
	r, err := f.record(c.Name)
	if r == nil || err != nil {
		return false, err
	}
	different, err := run.Differences(r.Config, &c.Task.Settings)
	if err != nil {
		return false, fmt.Errorf("the cell %s of %s: %w", c.Name, f.dir, err)
	}
	if len(different) > 0 {
		return false, fmt.Errorf("the cell %s of %s has other settings: %s; name another folder, or remove the cell",
			c.Name, f.dir, strings.Join(different, ", "))
	}
	result, err := r.result()
	return result != nil, err
}

// Pending returns the cells that have not ended, their data loaded from the
// shelf. A cell that is there with other settings is an error.
func (f *Folder) Pending(cells []Cell, shelf *run.Shelf) ([]*Cell, error) {
	var list []*Cell
	for i := range cells {
		ended, err := f.done(&cells[i])
		if err != nil {
			return nil, err
		}
		if !ended {
			list = append(list, &cells[i])
		}
	}
	for _, c := range list {
		if err := c.Task.Load(shelf); err != nil {
			return nil, err
		}
		if c.Blind {
			c.Task.Data.Test = nil
		}
	}
	return list, nil
}
