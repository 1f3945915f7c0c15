package run

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/checkpoint"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

// FindModel says what a run was of, and which file has the weights it came to.
// Path is the folder of a run, whose latest checkpoint counts or, with best, the
// weights of its best epoch; or it is such a file, which need not be in that
// folder any more if it is a checkpoint.
func FindModel(path string, best bool) (s Settings, weights string, err error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s, "", fmt.Errorf("%s: no such file or folder: name the folder of a run, which pcn train -out made, or a file in it", path)
	case err != nil:
		return s, "", err
	case !info.IsDir() && best:
		return s, "", cli.Usagef("-best chooses a file in the folder of a run, and %s is a file: leave it out", path)
	case !info.IsDir():
		s, err = settingsOf(path)
		return s, path, err
	}
	s, err = LoadConfig(filepath.Join(path, ConfigFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s, "", fmt.Errorf("%s holds no run: there is no %s; name a folder that pcn train -out made", path, ConfigFile)
	case err != nil:
		return s, "", err
	case s.Seeds > 1:
		return s, "", fmt.Errorf("%s holds a run of %d seeds: name the folder of one, such as %s", path, s.Seeds, SeedFolder(path, &s, s.Seed))
	}
	weights = filepath.Join(path, CheckpointFile)
	if best {
		weights = filepath.Join(path, BestFile)
	}
	if _, err := os.Stat(weights); errors.Is(err, fs.ErrNotExist) {
		if best {
			return s, "", fmt.Errorf("%s has no %s: only runs with -val have one, from their first epoch on", path, BestFile)
		}
		return s, "", fmt.Errorf("%s has no %s: go on with the run with pcn train -resume %s", path, CheckpointFile, path)
	}
	return s, weights, nil
}

// settingsOf finds the settings of the run that saved a file: in the folder it is
// in, or in the checkpoint itself.
func settingsOf(path string) (Settings, error) {
	beside := filepath.Join(filepath.Dir(path), ConfigFile)
	if _, err := os.Stat(beside); err == nil {
		return LoadConfig(beside)
	}
	s := Defaults()
	c, err := checkpoint.Load(path)
	if errors.Is(err, checkpoint.ErrMismatch) || err == nil && c.Notes[noteKey] == "" {
		return s, cli.Usagef("%s does not say which network it is of: call it -weights %s, with -data, -model and what else the network was made with, or with -config",
			path, path)
	}
	if err != nil {
		return s, err
	}
	var note state
	if err := json.Unmarshal([]byte(c.Notes[noteKey]), &note); err != nil {
		return s, fmt.Errorf("%s: its notes: %w", path, err)
	}
	if err := s.ReadConfig(note.Settings); err != nil {
		return s, fmt.Errorf("%s: its notes: %w", path, err)
	}
	return s, nil
}

// LoadWeights reads weights for the task's network from a checkpoint, a file of
// weights, or one that another program wrote with the same names and shapes.
func (t *Task) LoadWeights(path string) (pcn.Weights, error) {
	w, err := checkpoint.LoadWeights(path, t.Net)
	if errors.Is(err, checkpoint.ErrMismatch) {
		err = fmt.Errorf("%w: -data, -model, -width, -bn and -activation say which", err)
	}
	return w, err
}
