package run

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/checkpoint"
)

// A saver keeps the training of one seed in the folder of a run.
type saver struct {
	folder *Folder
	dir    string // of this seed
	record Record // what config.json in there says, if the seed is one of several
	state  state  // what all checkpoints note
	pace   *pace

	// What an earlier sitting left: nil if there is nothing, and the first also if
	// the seed is through.
	left      *checkpoint.Checkpoint
	leftState *state

	// resume, if set, is called when the trainer has taken left over.
	resume func() error

	at pcn.Progress // of the latest checkpoint
}

// saver returns that of a seed, with what an earlier sitting left. Nothing is
// written yet.
func (f *Folder) saver(t *Task, seed uint64, data string) (*saver, error) {
	record := t.Record()
	record.Settings = record.Settings.ofSeed(seed)
	settings, err := json.Marshal(record.Settings)
	if err != nil {
		return nil, err
	}
	s := &saver{
		folder: f, dir: SeedFolder(f.dir, &t.Settings, seed), record: record,
		state: state{Settings: settings, Data: data},
	}
	path := filepath.Join(s.dir, CheckpointFile)
	left, err := checkpoint.Load(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s, nil
	case err != nil:
		return nil, err
	}
	if s.leftState, err = readState(left, &record.Settings, data); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	s.at = left.Progress
	if !s.leftState.Done {
		s.left = left
	}
	return s, nil
}

// begin makes the folder of the seed ready and restores what an earlier sitting
// left.
func (s *saver) begin(trainer *pcn.Trainer) error {
	if s.left != nil {
		if err := s.left.Restore(trainer); err != nil {
			return fmt.Errorf("%s: %w", filepath.Join(s.dir, CheckpointFile), err)
		}
		s.left = nil // as large as the trainer's state
	}
	if s.dir != s.folder.dir {
		if err := os.MkdirAll(s.dir, 0o777); err != nil {
			return err
		}
		if err := s.folder.writeConfig(s.dir, s.record); err != nil {
			return err
		}
	}
	for _, name := range []string{CheckpointFile, BestFile} {
		if err := checkpoint.RemoveTemporary(filepath.Join(s.dir, name)); err != nil {
			return err
		}
	}
	s.pace = newPace(s.folder.SaveEvery)
	if s.resume != nil {
		return s.resume()
	}
	return nil
}

// progress is called after every batch and saves if it is time to.
func (s *saver) progress(trainer *pcn.Trainer, p pcn.Progress, now state) error {
	if !s.pace.due(p.Batch == 0) {
		return nil
	}
	return s.save(trainer, p, now)
}

// save saves the trainer, what it has come to, and what is known of the run.
func (s *saver) save(trainer *pcn.Trainer, p pcn.Progress, now state) error {
	began := time.Now()
	metrics, err := s.folder.mark()
	if err != nil {
		return err
	}
	now.Settings, now.Data, now.Metrics = s.state.Settings, s.state.Data, metrics
	note, err := json.Marshal(now)
	if err != nil {
		return err
	}
	c := checkpoint.Capture(trainer, p)
	c.Notes = map[string]string{noteKey: string(note)}
	if err := c.Save(filepath.Join(s.dir, CheckpointFile)); err != nil {
		return err
	}
	s.at = p
	s.pace.saved(began)
	return nil
}

// saveBest saves the weights of the best epoch so far.
func (s *saver) saveBest(trainer *pcn.Trainer) error {
	return checkpoint.SaveWeights(filepath.Join(s.dir, BestFile), trainer.Weights())
}
