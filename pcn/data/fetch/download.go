package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/gopcn/gopcn/pcn/data/catalogue"
)

// A download is a file on its way from one address.
type download struct {
	*Getter
	url  string
	file catalogue.File
	out  *os.File
	size int64  // bytes that are there
	old  bool   // the first of them were there before
	etag string // the version that they are of, if the server named it
}

// download makes the file at partial as large as the published one. old says
// whether a part of it was there before.
func (g *Getter) download(ctx context.Context, url, partial string, f catalogue.File) (old bool, err error) {
	out, err := os.OpenFile(partial, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return false, &DiskError{err}
	}
	d := &download{Getter: g, url: url, file: f, out: out}
	defer func() {
		if closed := out.Close(); closed != nil && err == nil {
			err = &DiskError{closed}
		}
	}()
	if d.size, err = out.Seek(0, io.SeekEnd); err != nil {
		return false, &DiskError{err}
	}
	if d.size > f.Size {
		if err := d.restart(); err != nil {
			return false, err
		}
	}
	d.old = d.size > 0
	if err := d.run(ctx); err != nil {
		return false, err
	}
	if err := out.Sync(); err != nil {
		return false, &DiskError{err}
	}
	return d.old, nil
}

// muchProgress is how many bytes show that an origin works, though it breaks off
// again and again.
const muchProgress = 1 << 20

// run makes attempts until the file is whole.
func (d *download) run(ctx context.Context) error {
	failures := 0
	for d.size < d.file.Size {
		before := d.size
		err := d.attempt(ctx)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err == nil {
			continue
		}
		wait, ok := passing(err)
		if !ok {
			return err
		}
		if d.size-before >= muchProgress {
			failures = 0
		}
		failures++
		if failures >= cmp.Or(d.Attempts, 5) {
			return fmt.Errorf("after %d attempts: %w", failures, err)
		}
		wait = max(wait, time.Second<<min(failures-1, 5))
		if d.Retry != nil {
			d.Retry(err, wait)
		}
		if err := d.pause(ctx, wait); err != nil {
			return err
		}
	}
	return nil
}

// pause waits, unless the context ends before.
func (d *download) pause(ctx context.Context, wait time.Duration) error {
	if d.wait != nil {
		return d.wait(ctx, wait)
	}
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(wait):
		return nil
	}
}

// restart throws away what is there.
func (d *download) restart() error {
	d.size, d.old, d.etag = 0, false, ""
	if err := d.out.Truncate(0); err != nil {
		return &DiskError{err}
	}
	if _, err := d.out.Seek(0, io.SeekStart); err != nil {
		return &DiskError{err}
	}
	return nil
}

// attempt asks once and takes what comes. It returns nil if the answer was
// whole.
func (d *download) attempt(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	patience := cmp.Or(d.Patience, 30*time.Second)
	watch := time.AfterFunc(patience, func() { cancel(errStalled) })
	defer watch.Stop()

	answer, err := d.ask(ctx)
	if err != nil {
		return d.broken(ctx, err)
	}
	defer answer.Body.Close()
	if err := d.accept(answer); err != nil {
		return err
	}
	return d.take(ctx, answer.Body, func() { watch.Reset(patience) })
}

// ask sends the request for what is not there yet.
func (d *download) ask(ctx context.Context) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.url, nil)
	if err != nil {
		return nil, &contentError{err}
	}
	request.Header.Set("User-Agent", "gopcn")
	// Otherwise the client would unpack a file that the server packs on the way,
	// and ranges would count other bytes.
	request.Header.Set("Accept-Encoding", "identity")
	if d.size > 0 {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", d.size))
		if d.etag != "" {
			request.Header.Set("If-Range", d.etag)
		}
	}
	client := d.Client
	if client == nil {
		client = http.DefaultClient
	}
	return client.Do(request)
}

// take appends what comes to the file.
func (d *download) take(ctx context.Context, body io.Reader, alive func()) error {
	buffer := make([]byte, 1<<16)
	for {
		n, err := body.Read(buffer)
		if n > 0 {
			alive()
			if d.size+int64(n) > d.file.Size {
				return errors.Join(&contentError{fmt.Errorf("%s sends more than the %d bytes of the published file", d.url, d.file.Size)}, d.restart())
			}
			if _, err := d.out.Write(buffer[:n]); err != nil {
				return &DiskError{err}
			}
			d.size += int64(n)
			if d.Progress != nil {
				d.Progress(d.size, d.file.Size)
			}
		}
		switch {
		case err == io.EOF && d.size < d.file.Size:
			return d.broken(ctx, errors.New("the answer ends too early"))
		case err == io.EOF:
			return nil
		case err != nil:
			return d.broken(ctx, err)
		}
	}
}

// broken describes a connection that failed, without repeating the address.
func (d *download) broken(ctx context.Context, err error) error {
	var content *contentError
	if errors.As(err, &content) {
		return err
	}
	if cause := context.Cause(ctx); errors.Is(cause, errStalled) {
		err = cause
	}
	var request *url.Error
	if errors.As(err, &request) {
		err = request.Err
	}
	return &connectionError{err: err, url: d.url, done: d.size, of: d.file.Size}
}
