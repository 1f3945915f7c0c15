package study

import (
	"context"
	"errors"
	"fmt"
	"io"
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

	// Report gets the results of this call's cells, one after the other, in the
	// order in which they end. It may be nil.
	Report func(*Result)
}

// Run trains the cells that have not ended yet, and shows how far it is. When
// the context ends, it says so and returns cli.ErrInterrupted: called again, it
// goes on. Training that diverges is a result like others; any other error ends
// all cells.
func (f *Folder) Run(ctx context.Context, cells []Cell, s cli.Streams, o Options) error {
	e := &engine{folder: f, options: o}
	if err := e.choose(cells); err != nil {
		return err
	}
	e.progress = newProgress(s, len(cells), e.costs)
	defer e.progress.close()
	if len(e.cells) == 0 {
		return nil
	}
	if err := os.MkdirAll(f.dir, 0o777); err != nil {
		return err
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

// choose looks for the cells that have not ended, and loads their data.
func (e *engine) choose(cells []Cell) error {
	for i := range cells {
		ended, err := e.folder.done(&cells[i])
		if err != nil {
			return err
		}
		if !ended {
			e.cells = append(e.cells, &cells[i])
		}
	}
	estimates := costs{}
	for _, c := range e.cells {
		if err := c.Task.Load(e.options.Shelf); err != nil {
			return err
		}
		if c.Blind {
			c.Task.Data.Test = nil
		}
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
	err := e.folder.train(ctx, c, func(epoch, done, of int, _ pcn.Stats) {
		batches := (epoch-1)*of + done
		e.progress.update(i, float64(batches)/float64(of*c.Task.Settings.Epochs))
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

// train trains a cell and keeps its result. What an earlier attempt has left is
// begun anew.
func (f *Folder) train(ctx context.Context, c *Cell, batch func(epoch, done, of int, _ pcn.Stats)) (err error) {
	dir := f.Path(c.Name)
	if err := discard(dir); err != nil {
		return err
	}
	file, err := makeFolder(dir, c.Task.Record())
	if err != nil {
		return err
	}
	log := run.NewLog(cli.Streams{Out: io.Discard, Err: io.Discard}, false)
	log.WriteJSON(file)
	err = c.Task.Run(ctx, log, run.Hooks{Batch: batch})
	if errors.Is(err, pcn.ErrDiverged) {
		err = log.Err()
	}
	return errors.Join(err, file.Sync(), file.Close())
}

// makeFolder makes the folder of a cell and returns the open metrics.jsonl.
func makeFolder(dir string, r run.Record) (*os.File, error) {
	if err := os.Mkdir(dir, 0o777); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, configFile), r.JSON(), 0o666); err != nil {
		return nil, err
	}
	return os.Create(filepath.Join(dir, metricsFile))
}

// discard removes the folder of a cell that has not ended, if there is one. It
// removes no files that are not a cell's.
func discard(dir string) error {
	for _, name := range []string{configFile, metricsFile} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("cannot begin the cell anew: %w", err)
	}
	return nil
}
