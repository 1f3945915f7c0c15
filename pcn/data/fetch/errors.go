package fetch

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strconv"
	"time"
)

// A DiskError is a failure on this side of the connection: no other origin
// helps.
type DiskError struct{ error }

func (e *DiskError) Unwrap() error { return e.error }

// A contentError is an origin that sends something else. Trying again does not
// help.
type contentError struct{ error }

func (e *contentError) Unwrap() error { return e.error }

// A statusError is an answer that holds no file.
type statusError struct {
	url    string
	status string
	code   int
	after  time.Duration // what the server asks to wait, or 0
}

func (e *statusError) Error() string { return fmt.Sprintf("%s answers %s", e.url, e.status) }

// temporary says whether another attempt may get another answer.
func (e *statusError) temporary() bool {
	switch e.code {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	case http.StatusNotImplemented, http.StatusHTTPVersionNotSupported:
		return false
	}
	return e.code >= 500
}

func newStatusError(url string, answer *http.Response) *statusError {
	e := &statusError{url: url, status: answer.Status, code: answer.StatusCode}
	if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && seconds > 0 {
		e.after = time.Duration(min(seconds, 60)) * time.Second
	}
	return e
}

// A connectionError is a connection that failed or broke.
type connectionError struct {
	err error
	url string

	// done and of are how many bytes of the file are there; 0 before the answer.
	done, of int64
}

func (e *connectionError) Unwrap() error { return e.err }

func (e *connectionError) Error() string {
	if e.done > 0 {
		return fmt.Sprintf("%s: after %d of %d bytes: %s", e.url, e.done, e.of, e.err)
	}
	return fmt.Sprintf("%s cannot be reached: %s", e.url, e.err)
}

// advised adds to an error what to do about it.
func advised(err error) error {
	const elsewhere = "take another address, or bring the file by other means"
	var (
		disk       *DiskError
		content    *contentError
		status     *statusError
		connection *connectionError
	)
	switch {
	case errors.Is(err, fs.ErrExist): // that says it
		return err
	case errors.As(err, &disk):
		return fmt.Errorf("%w; make room or choose a folder that can be written, and call again: what has come is kept", err)
	case errors.As(err, &content):
		return fmt.Errorf("%w; %s", err, elsewhere)
	case errors.As(err, &status) && status.temporary():
		return fmt.Errorf("%w; call again later, or %s", err, elsewhere)
	case errors.As(err, &status) && status.code == http.StatusNotFound:
		return fmt.Errorf("%w: the file is not there; %s", err, elsewhere)
	case errors.As(err, &status):
		return fmt.Errorf("%w; %s", err, elsewhere)
	case errors.As(err, &connection) && connection.done > 0:
		return fmt.Errorf("%w; call again to continue", err)
	case errors.As(err, &connection):
		return fmt.Errorf("%w; is there a connection to the internet (and, behind a proxy, HTTPS_PROXY)? Else %s", err, elsewhere)
	}
	return err
}

// errStalled ends an attempt in which nothing arrives.
var errStalled = errors.New("nothing has come for too long")

// errRestart asks for an attempt from the beginning.
var errRestart = errors.New("the server cannot continue the file; it starts from the beginning")

// passing says whether an error may pass, and how long the server asks to wait.
func passing(err error) (wait time.Duration, ok bool) {
	var disk *DiskError
	if errors.As(err, &disk) {
		return 0, false
	}
	var status *statusError
	if errors.As(err, &status) {
		return status.after, status.temporary()
	}
	var connection *connectionError
	return 0, errors.As(err, &connection) || errors.Is(err, errRestart)
}
