package study

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gopcn/gopcn/pcn/audit"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

// auditFile in the folder of a cell is its Cosines.
const auditFile = "audit.json"

// Cosines compare the raw weight gradients of a trained network under its rule
// with those of backpropagation, level by level from 0 on, on the batch that
// training began with. They are null where a gradient is 0 or a level has no
// parameters. Package audit says more.
type Cosines struct {
	Samples int          `json:"samples"`
	Cosine  []cli.Number `json:"cosine"`
	Ratio   []cli.Number `json:"ratio"` // of lengths
}

// audits says whether there is anything to compare with backpropagation.
func audits(c *Cell) bool { return c.Task.Settings.Rule != "bp" }

// audit compares the network that a cell's checkpoint holds with
// backpropagation, and keeps the result beside it.
func (f *Folder) audit(ctx context.Context, c *Cell) error {
	weights, err := c.Task.LoadWeights(f.checkpoint(c))
	if err != nil {
		return err
	}
	config := c.Task.Config
	config.Seed = c.Task.Settings.Seed
	r, err := audit.Run(ctx, c.Task.Net, config, c.Task.FirstBatch(), audit.Options{Weights: &weights, Samples: -1})
	if err != nil {
		return err
	}
	found := Cosines{Samples: r.Samples}
	for _, l := range r.Levels {
		found.Cosine = append(found.Cosine, cli.Number(l.Cosine))
		found.Ratio = append(found.Ratio, cli.Number(l.Ratio))
	}
	text, err := json.Marshal(found)
	if err != nil {
		return err
	}
	return f.Write(filepath.Join(c.Name, auditFile), append(text, '\n'))
}

func (f *Folder) checkpoint(c *Cell) string { return f.Path(filepath.Join(c.Name, run.CheckpointFile)) }

// auditEnded audits the cells that have ended without: by a version that did
// not, or in a process that was killed just then. It takes their checkpoints.
func (f *Folder) auditEnded(ctx context.Context, cells []Cell, shelf *run.Shelf) error {
	for i := range cells {
		c := &cells[i]
		result, err := f.Result(c.Name)
		if err != nil {
			return err
		}
		if !audits(c) || result == nil || result.Done == nil || result.Cosines != nil {
			continue
		}
		if _, err := os.Stat(f.checkpoint(c)); err != nil {
			continue
		}
		if err := c.Task.Load(shelf); err != nil {
			return err
		}
		if err := f.audit(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// cosines reads what the folder of a cell has of them, nil for nothing.
func (f *Folder) cosines(cell string) (*Cosines, error) {
	path := f.Path(filepath.Join(cell, auditFile))
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c := new(Cosines)
	if err := json.Unmarshal(text, c); err != nil {
		return nil, fmt.Errorf("%s is damaged: %w; remove it", path, err)
	}
	return c, nil
}
