package run

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"

	"github.com/gopcn/gopcn/pcn/checkpoint"
)

// Files in the folder of a run. With several seeds each has a folder of its own
// in there for the latter two, see SeedFolder.
const (
	ConfigFile     = "config.json"            // a Record
	MetricsFile    = "metrics.jsonl"          // an Event a line
	CheckpointFile = "checkpoint.safetensors" // all that training goes on from, see package checkpoint
	BestFile       = "best.safetensors"       // with a validation set: weights of the best epoch
	InitFile       = "init.safetensors"       // with -init: the weights that training started from
	LockFile       = ".lock"                  // see Lock
)

// A Folder is the folder of a run that this process may write to: no other one
// can open it meanwhile.
type Folder struct {
	// SaveEvery is the number of batches after which training is saved, besides
	// at the end of every epoch. 0 is for about every ten seconds, and for
	// epochs that take longer than it takes to save them often.
	SaveEvery int

	dir     string
	record  Record // what config.json says
	resumed bool

	lock    io.Closer
	metrics *os.File // nil before cut
	length  int64    // of metrics.jsonl
	dirty   bool     // metrics.jsonl has grown since it was last on the disk
}

// CreateFolder makes the folder of a run with its config.json. It refuses a
// folder that holds anything: results are not overwritten.
func CreateFolder(dir string, record Record) (*Folder, error) {
	// Before the lock, so as not to leave one in a folder of something else, and
	// behind it, since another run may have been faster.
	if err := CheckNewFolder(dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("-out: %w", err)
	}
	f := &Folder{dir: dir, record: record}
	err := f.acquire()
	if err == nil {
		err = CheckNewFolder(dir)
	}
	if err == nil {
		err = f.writeConfig(dir, record)
	}
	if err == nil {
		err = f.cut(0)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// CheckNewFolder says whether CreateFolder would find a folder of that name that
// it refuses. It is for knowing early, and writes nothing.
func CheckNewFolder(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil && !info.IsDir():
		return fmt.Errorf("-out %s is a file: name a new folder", dir)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("-out: %w", err)
	}
	if _, err := os.Stat(filepath.Join(dir, ConfigFile)); err == nil {
		return fmt.Errorf("-out %s holds a run, and runs are not overwritten: go on with it with -resume %s, or name a new folder", dir, dir)
	}
	for _, e := range entries {
		if e.Name() != LockFile && !strings.HasPrefix(e.Name(), "."+ConfigFile+".") { // what a process left that was killed at once
			return fmt.Errorf("-out %s is not empty, and nothing is overwritten: name a new folder, or remove this one", dir)
		}
	}
	return nil
}

// OpenFolder opens the folder of a run to go on with it.
func OpenFolder(dir string) (*Folder, error) {
	f := &Folder{dir: dir, resumed: true}
	text, err := os.ReadFile(filepath.Join(dir, ConfigFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s holds no run: there is no %s; -out %s begins one", dir, ConfigFile, dir)
	}
	if err != nil {
		return nil, err
	}
	f.record.Settings = Defaults()
	if err := f.record.ReadConfig(text); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, ConfigFile), err)
	}
	// The settings are read as strictly as ever; of the notes only the code
	// matters, and they may come from another version.
	var notes struct{ Code Code }
	if err := json.Unmarshal(text, &notes); err == nil {
		f.record.Code = notes.Code
	}
	if err := f.acquire(); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// Settings returns those of the run in the folder.
func (f *Folder) Settings() Settings { return f.record.Settings }

// Lock locks a folder, so that no other process writes to it before the lock is
// closed. Where the file system has no locks it does nothing.
func Lock(dir string) (io.Closer, error) {
	lock := flock.New(filepath.Join(dir, LockFile))
	switch locked, err := lock.TryLock(); {
	case errors.Is(err, errors.ErrUnsupported):
		return io.NopCloser(nil), nil
	case err != nil:
		return nil, fmt.Errorf("cannot lock the folder: %w", err)
	case !locked:
		return nil, fmt.Errorf("another process is writing to %s: wait until it ends, or name another folder", dir)
	}
	return lock, nil
}

// acquire locks the folder.
func (f *Folder) acquire() (err error) {
	if f.lock, err = Lock(f.dir); err != nil {
		return err
	}
	if err := checkWritable(f.dir); err != nil {
		return err
	}
	return checkpoint.RemoveTemporary(filepath.Join(f.dir, ConfigFile))
}

// checkWritable says whether a folder takes new files, which checkpoints are,
// before anything in it is changed.
func checkWritable(dir string) error {
	path := filepath.Join(dir, "."+ConfigFile+".try")
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o666)
	if err != nil {
		return fmt.Errorf("cannot write to the folder of the run: %w", err)
	}
	return errors.Join(file.Close(), os.Remove(path))
}

func (f *Folder) writeConfig(dir string, record Record) error {
	return checkpoint.WriteFile(filepath.Join(dir, ConfigFile), func(w io.Writer) error {
		_, err := w.Write(record.JSON())
		return err
	})
}

// SeedFolder is where the files of one seed are: the folder of the run, or if
// there are several seeds one in it.
func SeedFolder(dir string, s *Settings, seed uint64) string {
	if s.Seeds == 1 {
		return dir
	}
	return filepath.Join(dir, fmt.Sprintf("seed-%d", seed))
}

// Write appends lines to metrics.jsonl.
func (f *Folder) Write(lines []byte) (int, error) {
	n, err := f.metrics.Write(lines)
	f.length += int64(n)
	f.dirty = true
	return n, err
}

// mark makes metrics.jsonl reach the disk and returns its length.
func (f *Folder) mark() (int64, error) {
	if f.dirty {
		if err := f.metrics.Sync(); err != nil {
			return 0, err
		}
		f.dirty = false
	}
	return f.length, nil
}

// kept returns the first bytes of metrics.jsonl, those that were there when a
// checkpoint was saved.
func (f *Folder) kept(length int64) ([]byte, error) {
	path := filepath.Join(f.dir, MetricsFile)
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is missing, though there is a checkpoint; the folder of one of several seeds cannot be resumed, but the folder around it", path)
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines := make([]byte, length)
	if n, err := io.ReadFull(file, lines); err != nil {
		return nil, fmt.Errorf("%s has %d bytes, but it had %d when the checkpoint was saved: put the whole file back (%w)", path, n, length, err)
	}
	return lines, nil
}

// cut opens metrics.jsonl and leaves its first bytes only: what was written
// behind the last checkpoint is going to happen again.
func (f *Folder) cut(length int64) (err error) {
	f.metrics, err = os.OpenFile(filepath.Join(f.dir, MetricsFile), os.O_WRONLY|os.O_CREATE, 0o666)
	if err != nil {
		return err
	}
	if err := f.metrics.Truncate(length); err != nil {
		return err
	}
	f.length = length
	_, err = f.metrics.Seek(length, io.SeekStart)
	return err
}

// Close ends writing and gives the folder free for others.
func (f *Folder) Close() error {
	var errs []error
	if f.metrics != nil {
		_, err := f.mark()
		errs = append(errs, err, f.metrics.Close())
	}
	if f.lock != nil {
		errs = append(errs, f.lock.Close())
	}
	return errors.Join(errs...)
}

// warnings say what may keep a resumed run from the bits of an uninterrupted one.
func (f *Folder) warnings() []string {
	if f.resumed && ThisCode().differs(f.record.Code) {
		return []string{fmt.Sprintf("the run was begun by another version of the program (%s); if that one computed otherwise, the result will be neither's", f.record.Code)}
	}
	return nil
}
