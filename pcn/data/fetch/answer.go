package fetch

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// accept looks at the head of an answer: whether it is the file, and where it
// goes on. The part that is there is thrown away only if a whole file follows.
func (d *download) accept(answer *http.Response) error {
	switch answer.StatusCode {
	case http.StatusOK, http.StatusPartialContent:
	case http.StatusRequestedRangeNotSatisfiable:
		if d.size == 0 {
			return newStatusError(d.url, answer)
		}
		return errors.Join(errRestart, d.restart())
	default:
		return newStatusError(d.url, answer)
	}
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	if kind == "text/html" {
		return &contentError{fmt.Errorf("%s sends a web page instead of the file (does the network want a log-in?)", d.url)}
	}

	from := int64(0)
	if answer.StatusCode == http.StatusPartialContent {
		first, total, ok := parseContentRange(answer.Header.Get("Content-Range"))
		if !ok || first != d.size {
			return errors.Join(errRestart, d.restart())
		}
		if total >= 0 && total != d.file.Size {
			return d.otherSize(total)
		}
		from = first
	}
	if n := answer.ContentLength; n >= 0 && from+n != d.file.Size {
		return d.otherSize(from + n)
	}
	if from == 0 && d.size > 0 { // the server knows no ranges, or the file has changed
		if err := d.restart(); err != nil {
			return err
		}
	}
	// A weak tag does not promise the same bytes.
	if tag := answer.Header.Get("ETag"); strings.HasPrefix(tag, `"`) {
		d.etag = tag
	}
	return nil
}

func (d *download) otherSize(size int64) error {
	return &contentError{fmt.Errorf("%s is another file than the published one: it has %d bytes, not %d", d.url, size, d.file.Size)}
}

// parseContentRange reads the header "bytes first-last/total". total is -1 if
// the server does not know it.
func parseContentRange(header string) (first, total int64, ok bool) {
	rest, ok := strings.CutPrefix(header, "bytes ")
	if !ok {
		return 0, 0, false
	}
	span, size, ok := strings.Cut(rest, "/")
	if !ok {
		return 0, 0, false
	}
	begin, end, ok := strings.Cut(span, "-")
	if !ok {
		return 0, 0, false
	}
	first, ok = parseCount(begin)
	last, ok2 := parseCount(end)
	if !ok || !ok2 || last < first {
		return 0, 0, false
	}
	if size == "*" {
		return first, -1, true
	}
	total, ok = parseCount(size)
	return first, total, ok && last < total
}

// parseCount reads decimal digits, and nothing else.
func parseCount(digits string) (int64, bool) {
	n, err := strconv.ParseUint(digits, 10, 63)
	return int64(n), err == nil
}
