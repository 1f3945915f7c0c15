package checkpoint

import (
	"errors"
	"fmt"

	"github.com/gopcn/gopcn/pcn"
)

// ErrMismatch is part of the error of a whole file that is of something else: of
// another network, another optimiser or another program.
var ErrMismatch = errors.New("the file does not fit")

// A Checkpoint is a run at a moment between two batches.
type Checkpoint struct {
	// Snapshot is what the trainer remembers, Progress how far Fit has come.
	Snapshot pcn.Snapshot
	Progress pcn.Progress

	// Notes are strings that the file keeps for the caller, such as the settings
	// of the run. The keys "format", "gopcn" and those that start with "gopcn."
	// are taken.
	Notes map[string]string

	network   []string // what describe says
	optimizer string
}

// Capture copies a trainer's state. The checkpoint does not change when the
// trainer goes on, so it can be saved meanwhile by another goroutine.
func Capture(t *pcn.Trainer, p pcn.Progress) *Checkpoint {
	return &Checkpoint{
		Snapshot: t.Snapshot(), Progress: p,
		network: describe(t.Network()), optimizer: t.Config().Optimizer.Kind.String(),
	}
}

// Save writes the checkpoint to a file, as [WriteFile] does.
func (c *Checkpoint) Save(path string) error {
	f, err := c.encode()
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return save(path, f)
}

// Load reads a checkpoint that Save wrote.
func Load(path string) (*Checkpoint, error) {
	f, err := load(path)
	if err != nil {
		return nil, err
	}
	c, err := decode(f)
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %s: %w", path, err)
	}
	return c, nil
}

// Restore makes a trainer what the captured one was. The trainer must have been
// made of an equal network and for the same optimiser; otherwise an error says
// where they differ, and the trainer is left as it is. Settings that are not part
// of the state, such as rates, are the trainer's own: to go on to the same bits
// they must be those of the run. Workers and instruction tier may differ.
func (c *Checkpoint) Restore(t *pcn.Trainer) error {
	if d := difference(c.network, describe(t.Network())); d != "" {
		return fmt.Errorf("checkpoint: %w: it is of another network: %s; make the trainer of the network of that run", ErrMismatch, d)
	}
	if kind := t.Config().Optimizer.Kind.String(); c.optimizer != kind {
		return fmt.Errorf("checkpoint: %w: it is of the optimiser %s, and this one is %s; set it to %s, or take the weights alone and start anew",
			ErrMismatch, c.optimizer, kind, c.optimizer)
	}
	if err := t.Restore(c.Snapshot); err != nil {
		return fmt.Errorf("checkpoint: %w: %w", ErrMismatch, err)
	}
	return nil
}
