// Package fetch brings published files to a folder: it continues what was
// interrupted, tries again what may pass, and lets no file bear its name that
// is not the published one.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/gopcn/gopcn/pcn/data/catalogue"
)

// A Getter gets files. Its zero value is ready.
type Getter struct {
	// Client makes the requests; nil is http.DefaultClient.
	Client *http.Client

	// Attempts is how often an origin may fail in a row without sending much; 0
	// is 5. Patience is how long it may send nothing at all; 0 is 30 seconds.
	Attempts int
	Patience time.Duration

	// Start is called when an origin is asked, Progress when so many bytes of
	// the file are there, Retry before waiting for another attempt, and Failed
	// when an origin is given up, though another one is left. Each may be nil.
	Start    func(url string)
	Progress func(done, of int64)
	Retry    func(err error, wait time.Duration)
	Failed   func(err error)

	// wait replaces waiting in tests.
	wait func(context.Context, time.Duration) error
}

// Partial is what the names of unfinished files end in.
const Partial = ".partial"

// Get brings a file to the folder, which it makes if it must, from the first of
// the origins that has it; an origin is an address, ending in a slash, to which
// the name of the file is appended. It returns whether the file was there
// before, in which case it asks no one.
//
// The file grows under its name with .partial at the end, and a later call
// continues it. It gets its name when it is whole, on disk, and its size and
// checksums are those of the catalogue.
//
// It fails, saying what to do, if another file bears the name, if the folder
// cannot be written, or if no origin sends the file. If ctx ends, the error is
// the cause of that, and the unfinished file stays.
func (g *Getter) Get(ctx context.Context, dir string, f catalogue.File, origins ...string) (there bool, err error) {
	path := filepath.Join(dir, f.Name)
	err = f.Check(path)
	var mismatch *catalogue.MismatchError
	switch {
	case err == nil:
		return true, nil
	case errors.As(err, &mismatch):
		return false, fmt.Errorf("%w; move it away or delete it, and call again", err)
	case !errors.Is(err, fs.ErrNotExist):
		return false, err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return false, advised(&DiskError{err})
	}
	return false, g.get(ctx, path, f, origins)
}

// get gets a file that is not there.
func (g *Getter) get(ctx context.Context, path string, f catalogue.File, origins []string) error {
	if len(origins) == 0 {
		return fmt.Errorf("no origin of %s is known", f.Name)
	}
	for i, origin := range origins {
		err := g.getFrom(ctx, origin+f.Name, path, f)
		var disk *DiskError
		if err == nil || ctx.Err() != nil || errors.As(err, &disk) || i == len(origins)-1 {
			return advised(err)
		}
		if g.Failed != nil {
			g.Failed(err)
		}
	}
	panic("unreachable")
}

// getFrom gets a file from one address.
func (g *Getter) getFrom(ctx context.Context, url, path string, f catalogue.File) error {
	partial := path + Partial
	for {
		if g.Start != nil {
			g.Start(url)
		}
		old, err := g.download(ctx, url, partial, f)
		if err != nil {
			return err
		}
		err = f.Check(partial)
		if err == nil {
			return finish(partial, path)
		}
		var mismatch *catalogue.MismatchError
		if !errors.As(err, &mismatch) {
			return &DiskError{err}
		}
		if err := os.Remove(partial); err != nil {
			return &DiskError{err}
		}
		if !old { // else the part that was there may have been wrong
			return &contentError{fmt.Errorf("%s sends another file than the published one: %s", url, mismatch.Why)}
		}
	}
}

// finish gives the file its name, unless another file has got it meanwhile.
func finish(partial, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return &DiskError{fmt.Errorf("%s has appeared meanwhile (%w); what was got is %s", path, fs.ErrExist, partial)}
	}
	if err := os.Rename(partial, path); err != nil {
		return &DiskError{err}
	}
	return nil
}
