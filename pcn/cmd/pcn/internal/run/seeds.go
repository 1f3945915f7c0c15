package run

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/data"
)

// Run trains with every seed of the settings and emits all events, from start
// to done, failed or interrupted. Hooks are called besides.
func (t *Task) Run(ctx context.Context, log *Log, hooks Hooks) error {
	return t.RunIn(ctx, nil, log, hooks)
}

// RunIn is Run that keeps the run in a folder: metrics.jsonl, and what training
// can go on from. In a folder of [OpenFolder] it goes on from there, and what
// earlier sittings emitted is handed to those who get JSON once more; so
// metrics.jsonl in the end is that of an uninterrupted run, but for times.
func (t *Task) RunIn(ctx context.Context, folder *Folder, log *Log, hooks Hooks) error {
	r := &seedsRun{Task: t, folder: folder, log: log, hooks: hooks}
	if err := r.look(); err != nil {
		return err
	}
	if err := r.start(); err != nil {
		return err
	}
	for i := range t.Settings.Seeds {
		if err := r.seed(ctx, i); err != nil {
			return err
		}
	}
	if total := done("done", r.results...); len(r.results) > 1 {
		log.Emit(summary(r.results))
		log.Emit(TotalEvent{total})
	} else {
		log.Emit(total)
	}
	return log.Err()
}

// A seedsRun is the training with all seeds.
type seedsRun struct {
	*Task
	folder *Folder // nil to keep nothing
	log    *Log
	hooks  Hooks

	savers  []*saver // of all seeds, if there is a folder
	left    int      // seeds of which an earlier sitting left something
	results []Result
}

// look sees what earlier sittings left. It changes nothing.
func (r *seedsRun) look() error {
	if r.folder == nil {
		return nil
	}
	data := r.Data.digest()
	for i := range r.Settings.Seeds {
		s, err := r.folder.saver(r.Task, r.Settings.Seed+uint64(i), data)
		if err != nil {
			return err
		}
		if s.leftState != nil {
			if i > 0 && (r.left < i || !r.savers[i-1].leftState.Done) {
				return fmt.Errorf("%s holds training with seed %d, though that with seed %d has not ended: put the missing checkpoint back, or begin anew in another folder",
					r.folder.dir, s.record.Seed, s.record.Seed-1)
			}
			r.left = i + 1
		}
		r.savers = append(r.savers, s)
	}
	if r.left == 0 {
		return nil
	}
	latest := r.savers[r.left-1]
	lines, err := r.folder.kept(latest.leftState.Metrics)
	if err != nil {
		return err
	}
	latest.resume = func() error {
		if err := r.folder.cut(int64(len(lines))); err != nil {
			return err
		}
		r.log.replay(lines)
		r.log.WriteJSON(r.folder)
		return r.log.Err()
	}
	return nil
}

// start emits what comes before training.
func (r *seedsRun) start() error {
	emit := r.log.Emit
	switch {
	case r.left > 0:
		emit = r.log.tell // JSON has it from an earlier sitting
	case r.folder != nil:
		if err := r.folder.cut(0); err != nil {
			return err
		}
		r.log.WriteJSON(r.folder)
	}
	emit(r.startEvent())
	for _, w := range r.Warnings {
		emit(WarningEvent{"warning", w})
	}
	if r.folder != nil {
		for _, w := range r.folder.warnings() {
			r.log.tell(WarningEvent{"warning", w})
		}
	}
	return nil
}

// seed trains with the seed of that index and emits its events.
func (r *seedsRun) seed(ctx context.Context, i int) error {
	seed := r.Settings.Seed + uint64(i)
	var s *saver
	if r.folder != nil {
		s = r.savers[i]
		r.savers[i] = nil
		if i < r.left-1 {
			result, err := s.leftState.result(seed)
			r.results = append(r.results, result)
			return err
		}
		if at := s.at; i == r.left-1 && !s.leftState.Done {
			r.log.note("goes on after %d batches of epoch %d", at.Batch, at.Epoch+1)
		}
	}
	result, err := r.train(ctx, seed, r.watched(), s)
	var interrupted *InterruptedError
	switch {
	case errors.As(err, &interrupted):
		e := InterruptedEvent{Event: "interrupted", Seed: seed, Epoch: interrupted.Epoch, Batches: interrupted.Batches}
		if r.folder != nil {
			e.Folder = r.folder.dir
		}
		r.log.Emit(e)
		return err
	case err != nil:
		r.log.Emit(FailedEvent{"failed", seed, cli.WithoutPackage(err.Error()), errors.Is(err, pcn.ErrDiverged)})
		return err
	}
	if result.Best != nil {
		r.log.Emit(*result.Best)
	}
	if r.Settings.Seeds > 1 {
		r.log.Emit(RunEvent{done("run", result), seed})
	}
	r.results = append(r.results, result)
	return nil
}

// watched are the hooks with progress and events.
func (r *seedsRun) watched() Hooks {
	hooks, began := r.hooks, time.Now()
	hooks.Batch = func(epoch, done, of int, s pcn.Stats) {
		speed := float64(done*r.Settings.Batch) / time.Since(began).Seconds()
		r.log.bar.Update(fmt.Sprintf("epoch %d/%d", epoch, r.Settings.Epochs), done, of, cli.Grouped(speed)+" samples/s")
		if r.hooks.Batch != nil {
			r.hooks.Batch(epoch, done, of, s)
		}
	}
	hooks.Epoch = func(e EpochEvent) error {
		r.log.Emit(e)
		if r.hooks.Epoch != nil {
			if err := r.hooks.Epoch(e); err != nil {
				return err
			}
		}
		began = time.Now()
		return r.log.Err()
	}
	return hooks
}

func (t *Task) startEvent() StartEvent {
	return StartEvent{
		Event: "start", Settings: &t.Settings, Code: ThisCode(), Machine: t.machine(), Levels: t.Net.Levels(), Parameters: t.Parameters(),
		Train: size(t.Data.Train), Validation: size(t.Data.Val), Test: size(t.Data.Test),
	}
}

// size returns the number of images of a set that may be missing.
func size(s *data.Set) int {
	if s == nil {
		return 0
	}
	return s.Len()
}
