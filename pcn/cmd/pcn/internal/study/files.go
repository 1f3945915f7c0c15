package study

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"github.com/gopcn/gopcn/pcn/checkpoint"
)

// Pack writes results.jsonl, with the cells of these names that have ended, in
// this order, and behind them the ones that were packed before.
func (f *Folder) Pack(cells []string) error {
	var list []record
	for _, name := range cells {
		r, err := f.record(name)
		if err != nil {
			return err
		}
		if r == nil {
			continue
		}
		if result, err := r.result(); err != nil {
			return err
		} else if result != nil {
			list = append(list, *r)
		}
	}
	for _, r := range f.packed {
		if !slices.Contains(cells, r.Cell) {
			list = append(list, r)
		}
	}
	f.packed = list
	return checkpoint.WriteFile(f.Path(resultsFile), func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		for i := range list {
			if err := e.Encode(&list[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// A reportFile is one form of a report.
type reportFile struct {
	name    string
	content func() ([]byte, error)
}

// save packs cells and writes a report in all its forms. It returns their paths.
func (f *Folder) save(cells []string, files []reportFile) ([]string, error) {
	if err := f.Pack(cells); err != nil {
		return nil, err
	}
	var paths []string
	for _, file := range files {
		content, err := file.content()
		if err != nil {
			return nil, err
		}
		if err := f.Write(file.name, content); err != nil {
			return nil, err
		}
		paths = append(paths, f.Path(file.name))
	}
	return paths, nil
}

// studyFile says what study a folder holds.
const studyFile = "study.json"

// readStudy reads what study the folder holds into v, and says whether it holds
// one. One of another kind is an error.
func (f *Folder) readStudy(kind string, v any) (bool, error) {
	text, err := os.ReadFile(f.Path(studyFile))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var there struct {
		Study string `json:"study"`
	}
	if err = json.Unmarshal(text, &there); err == nil {
		err = json.Unmarshal(text, v)
	}
	if err != nil {
		return false, fmt.Errorf("%s is damaged: %w", f.Path(studyFile), err)
	}
	if there.Study != kind {
		return false, fmt.Errorf("%s holds a study of another kind, %q: name another folder", f.dir, there.Study)
	}
	return true, nil
}

// writeStudy writes down what study the folder holds.
func (f *Folder) writeStudy(v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(f.dir, 0o777); err != nil {
		return err
	}
	return f.Write(studyFile, append(text, '\n'))
}

// Write writes a file of the study.
func (f *Folder) Write(name string, content []byte) error {
	return checkpoint.WriteFile(f.Path(name), func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}
