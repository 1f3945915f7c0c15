package run

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/checkpoint"
)

// initialise gives a trainer the weights of the setting init. The folder of the
// run, if there is one, gets a copy, from which all later seeds and sittings
// start, whatever becomes of the file.
func (t *Task) initialise(trainer *pcn.Trainer, f *Folder) error {
	path, kept := t.Settings.Init, ""
	if path == "" {
		return nil
	}
	if f != nil {
		kept = filepath.Join(f.dir, InitFile)
		if _, err := os.Stat(kept); err == nil {
			path = kept
		}
	}
	w, err := t.LoadWeights(path)
	if err != nil {
		return fmt.Errorf("-init: %w", err)
	}
	if err := trainer.SetWeights(w); err != nil {
		return err
	}
	if f == nil || path == kept {
		return nil
	}
	return checkpoint.SaveWeights(kept, w)
}
