package study

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

// Options are how cells are trained. They change no result.
type Options struct {
	// Jobs is the number of cells that are trained at once, which share the
	// cores; 0 stands for what is estimated to end sooner, one or as many as
	// there are cores.
	Jobs int

	// Shelf holds the data that cells share.
	Shelf *run.Shelf

	// Keep leaves the checkpoints of cells that have ended in their folders, from
	// which other commands take trained networks.
	Keep bool

	// Audit compares each trained network's gradients with backpropagation's, see
	// Cosines; that of a cell that has ended before if its checkpoint was kept.
	Audit bool

	// Report gets the results of this call's cells, one after the other, in the
	// order in which they end. It may be nil.
	Report func(*Result)
}

// Run trains the cells that have not ended yet, in a folder that is locked, and
// shows how far it is. When
// the context ends, it says so and returns cli.ErrInterrupted: called again, it
// goes on. Training that diverges is a result like others; any other error ends
// all cells.
func (f *Folder) Run(ctx context.Context, cells []Cell, s cli.Streams, o Options) (err error) {
	e := &engine{folder: f, options: o}
	if e.cells, err = f.Pending(cells, o.Shelf); err != nil {
		return err
	}
	if o.Audit {
		if err := f.auditEnded(ctx, cells, o.Shelf); err != nil {
			return err
		}
	}
	if err := e.estimate(); err != nil {
		return err
	}
	e.progress = newProgress(s, len(cells), e.costs)
	defer e.progress.close()
	if len(e.cells) == 0 {
		return nil
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var group sync.WaitGroup
	jobs := e.jobs()
	for i := range jobs {
		// The first jobs get the cores that are left over.
		workers := max(1, (runtime.GOMAXPROCS(0)+jobs-1-i)/jobs)
		group.Go(func() {
			if err := e.work(ctx, workers); err != nil {
				cancel(err)
			}
		})
	}
	group.Wait()
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, cli.ErrInterrupted) {
		return err
	}
	if e.progress.left() > 0 {
		e.progress.interrupted()
		return cli.ErrInterrupted
	}
	return nil
}

// An engine trains the cells of one call of Run.
type engine struct {
	folder   *Folder
	options  Options
	cells    []*Cell   // to train
	costs    []float64 // estimates, a cell each
	progress *progress

	lock sync.Mutex
	next int // the first cell that nobody has taken
}

// estimate estimates what the cells cost.
func (e *engine) estimate() error {
	estimates := costs{}
	for _, c := range e.cells {
		cost, err := estimates.of(c.Task)
		if err != nil {
			return err
		}
		e.costs = append(e.costs, cost)
	}
	return nil
}

func (e *engine) jobs() int {
	if e.options.Jobs > 0 {
		return min(e.options.Jobs, len(e.cells))
	}
	return chooseJobs(e.costs, runtime.GOMAXPROCS(0))
}

// work takes one cell after the other and trains it.
func (e *engine) work(ctx context.Context, workers int) error {
	for ctx.Err() == nil {
		e.lock.Lock()
		i := e.next
		e.next++
		e.lock.Unlock()
		if i >= len(e.cells) {
			return nil
		}
		if err := e.train(ctx, i, workers); err != nil {
			return err
		}
	}
	return nil
}

// train trains the i-th cell.
func (e *engine) train(ctx context.Context, i, workers int) error {
	c := e.cells[i]
	c.Task.Settings.Workers, c.Task.Config.Workers = workers, workers
	e.progress.begin(i, c)
	err := e.folder.train(ctx, c, e.options, func(epoch, done, of int, _ pcn.Stats) {
		e.progress.update(i, float64((epoch-1)*of+done)/float64(of*c.Task.Settings.Epochs))
	})
	if err != nil {
		return err
	}
	result, err := e.folder.Result(c.Name)
	if err != nil {
		return err
	}
	if result == nil {
		return fmt.Errorf("the cell %s has ended, but its result is gone from %s", c.Name, e.folder.dir)
	}
	e.progress.end(i, c, result)
	if e.options.Report != nil {
		e.lock.Lock()
		defer e.lock.Unlock()
		e.options.Report(result)
	}
	return nil
}

// train trains a cell and keeps its result. It goes on with what an earlier
// sitting has left.
func (f *Folder) train(ctx context.Context, c *Cell, o Options, batch func(epoch, done, of int, _ pcn.Stats)) (err error) {
	dir := f.Path(c.Name)
	folder, err := openCell(dir, c.Task.Record())
	if err != nil {
		return err
	}
	log := run.NewLog(cli.Streams{Out: io.Discard, Err: io.Discard}, false)
	err = c.Task.RunIn(ctx, folder, log, run.Hooks{Batch: batch})
	diverged := errors.Is(err, pcn.ErrDiverged)
	if diverged {
		err = log.Err()
	}
	if err := errors.Join(err, folder.Close()); err != nil {
		return err
	}
	if o.Audit && audits(c) && !diverged {
		if err := f.audit(ctx, c); err != nil {
			return err
		}
	}
	return tidy(dir, o.Keep)
}

// openCell opens the folder of a cell, or makes it.
func openCell(dir string, r run.Record) (*run.Folder, error) {
	if _, err := os.Stat(filepath.Join(dir, run.ConfigFile)); err == nil {
		return run.OpenFolder(dir)
	}
	return run.CreateFolder(dir, r)
}

// tidy removes what a cell that has ended needs no longer: what it would go on
// from, unless that is kept, and the lock, since the whole study is locked.
func tidy(dir string, keep bool) error {
	names := []string{run.LockFile}
	if !keep {
		names = append(names, run.CheckpointFile, run.BestFile)
	}
	for _, name := range names {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
