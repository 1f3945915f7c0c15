package fetch

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/data/catalogue"
)

// published is the file of these tests.
func published() (catalogue.File, []byte) {
	content := make([]byte, 200_000)
	for i := range content {
		content[i] = byte(i * i >> 7)
	}
	weak, strong := md5.Sum(content), sha256.Sum256(content)
	return catalogue.File{
		Name: "set.gz", Size: int64(len(content)),
		MD5: hex.EncodeToString(weak[:]), SHA256: hex.EncodeToString(strong[:]),
	}, content
}

// A journal is what a Getter reports, in short.
type journal struct {
	retries []string
	waits   []time.Duration
	failed  []string
	started int
	most    int64
}

func (j *journal) getter() *Getter {
	return &Getter{
		Start:    func(string) { j.started++ },
		Progress: func(done, _ int64) { j.most = max(j.most, done) },
		Retry: func(err error, wait time.Duration) {
			j.retries = append(j.retries, err.Error())
			j.waits = append(j.waits, wait)
		},
		Failed: func(err error) { j.failed = append(j.failed, err.Error()) },
		wait:   func(context.Context, time.Duration) error { return nil },
	}
}

// serve starts a server that answers as the handlers say, request by request,
// the last for all that follow. It returns the origin and the ranges asked for.
func serve(t *testing.T, handlers ...http.HandlerFunc) (origin string, asked *[]string) {
	t.Helper()
	asked = new([]string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked = append(*asked, r.Header.Get("Range"))
		handlers[min(len(*asked), len(handlers))-1](w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/", asked
}

// whole serves the file, with ranges.
func whole(content []byte, etag string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/gzip")
		if etag != "" {
			w.Header().Set("ETag", etag)
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	}
}

// plain serves the file without ranges.
func plain(content []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/gzip")
		w.Header().Set("Content-Length", fmt.Sprint(len(content)))
		_, _ = w.Write(content)
	}
}

// cut serves as next does, but breaks off after n bytes of the body.
func cut(n int, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		next(&cutter{w, n}, r)
		panic(http.ErrAbortHandler)
	}
}

type cutter struct {
	http.ResponseWriter
	left int
}

func (c *cutter) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p[:min(len(p), c.left)])
	c.left -= n
	if err == nil && n < len(p) {
		err = errors.New("cut")
	}
	if flusher, ok := c.ResponseWriter.(http.Flusher); ok {
		flusher.Flush()
	}
	return n, err
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", code) }
}

// requireGot checks that the file is there, and no part of it.
func requireGot(t *testing.T, dir string, content []byte) {
	t.Helper()
	got, err := os.ReadFile(filepath.Join(dir, "set.gz"))
	require.NoError(t, err)
	require.True(t, bytes.Equal(content, got))
	require.NoFileExists(t, filepath.Join(dir, "set.gz.partial"))
}

// requirePart checks that the first n bytes are kept, and nothing else.
func requirePart(t *testing.T, dir string, content []byte, n int) {
	t.Helper()
	got, err := os.ReadFile(filepath.Join(dir, "set.gz.partial"))
	require.NoError(t, err)
	require.True(t, bytes.Equal(content[:n], got), "%d bytes", len(got))
	require.NoFileExists(t, filepath.Join(dir, "set.gz"))
}

func TestGet(t *testing.T) {
	f, content := published()
	redirect := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/elsewhere/"+f.Name, http.StatusFound)
	}
	for _, c := range []struct {
		name     string
		part     []byte // what is there before
		handlers []http.HandlerFunc
		asked    []string
		retries  []string
	}{
		{"complete", nil, []http.HandlerFunc{whole(content, "")}, []string{""}, nil},
		{"without a length", nil, []http.HandlerFunc{func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/gzip")
			w.(http.Flusher).Flush()
			_, _ = w.Write(content)
		}}, []string{""}, nil},
		{"continued", content[:70000], []http.HandlerFunc{whole(content, "")}, []string{"bytes=70000-"}, nil},
		{"there but for the name", content, []http.HandlerFunc{status(500)}, nil, nil},
		{"continued, but the server knows no ranges", content[:70000], []http.HandlerFunc{plain(content)}, []string{"bytes=70000-"}, nil},
		{"continued with another file's part", make([]byte, 70000), []http.HandlerFunc{whole(content, "")}, []string{"bytes=70000-", ""}, nil},
		{"a part that is too long", make([]byte, 300000), []http.HandlerFunc{whole(content, "")}, []string{""}, nil},
		{
			"the range is refused", content[:70000], []http.HandlerFunc{status(416), whole(content, "")},
			[]string{"bytes=70000-", ""}, []string{"the server cannot continue the file"},
		},
		{
			"another range than asked for", content[:70000], []http.HandlerFunc{func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Range", "bytes 10-199999/200000")
				w.WriteHeader(http.StatusPartialContent)
			}, whole(content, "")},
			[]string{"bytes=70000-", ""}, []string{"the server cannot continue the file"},
		},
		{"redirected", content[:70000], []http.HandlerFunc{redirect, whole(content, "")}, []string{"bytes=70000-", "bytes=70000-"}, nil},
		{
			"broken off twice", nil, []http.HandlerFunc{cut(50000, whole(content, `"v1"`)), cut(60000, whole(content, `"v1"`)), whole(content, `"v1"`)},
			[]string{"", "bytes=50000-", "bytes=110000-"}, []string{"after 50000 of 200000 bytes", "after 110000 of 200000 bytes"},
		},
		{
			"changed meanwhile", nil, []http.HandlerFunc{cut(50000, whole(make([]byte, len(content)), `"v1"`)), whole(content, `"v2"`)},
			[]string{"", "bytes=50000-"}, []string{"after 50000 of 200000 bytes"},
		},
		{"broken, then well", nil, []http.HandlerFunc{status(500), status(429), whole(content, "")}, []string{"", "", ""}, []string{"500", "429"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "made", "by get")
			if c.part != nil {
				require.NoError(t, os.MkdirAll(dir, 0o777))
				require.NoError(t, os.WriteFile(filepath.Join(dir, "set.gz.partial"), c.part, 0o666))
			}
			origin, asked := serve(t, c.handlers...)
			var j journal
			there, err := j.getter().Get(t.Context(), dir, f, origin)
			require.NoError(t, err)
			require.False(t, there)
			requireGot(t, dir, content)
			require.Equal(t, c.asked, *asked)
			require.Len(t, j.retries, len(c.retries))
			for i, want := range c.retries {
				require.Contains(t, j.retries[i], want)
			}

			there, err = j.getter().Get(t.Context(), dir, f, origin)
			require.NoError(t, err)
			require.True(t, there, "and asks no one")
			require.Len(t, *asked, len(c.asked))
		})
	}
}

func TestGetErrors(t *testing.T) {
	f, content := published()
	wrong := bytes.Clone(content)
	wrong[100000]++
	for _, c := range []struct {
		name    string
		part    int // bytes that are there before, and -1 if none are after
		handler http.HandlerFunc
		message string
		tries   int
	}{
		{"absent", 70000, status(404), "404 Not Found: the file is not there; take another address", 1},
		{"forbidden", 70000, status(403), "403 Forbidden; take another address", 1},
		{"down", 70000, status(503), "after 5 attempts: ", 5},
		{"wrong content", -1, whole(wrong, ""), "sends another file than the published one: its sha256 is ", 1},
		{"another size", 70000, plain(content[:1000]), "it has 1000 bytes, not 200000", 1},
		{"another size, in parts", 70000, whole(content[:150000], ""), "it has 150000 bytes, not 200000", 1},
		{"a web page", 70000, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte("<html>log in</html>"))
		}, "sends a web page instead of the file", 1},
		{"no end", 0, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/gzip")
			for range 100 {
				_, _ = w.Write(content)
			}
		}, "sends more than the 200000 bytes", 1},
		{"broken off at once", 0, cut(0, plain(content)), "after 5 attempts: ", 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if c.part > 0 {
				require.NoError(t, os.WriteFile(filepath.Join(dir, "set.gz.partial"), content[:c.part], 0o666))
			}
			origin, asked := serve(t, c.handler)
			var j journal
			_, err := j.getter().Get(t.Context(), dir, f, origin)
			require.ErrorContains(t, err, c.message)
			require.ErrorContains(t, err, origin+f.Name)
			require.Len(t, *asked, c.tries)
			if c.part >= 0 {
				requirePart(t, dir, content, c.part)
			} else {
				require.NoFileExists(t, filepath.Join(dir, "set.gz.partial"))
			}
			require.NoFileExists(t, filepath.Join(dir, "set.gz"))
		})
	}
}

// A break in the middle keeps what has come, for another call.
func TestGetKeepsAPart(t *testing.T) {
	f, content := published()
	dir := t.TempDir()
	origin, _ := serve(t, cut(30000, whole(content, "")))
	var j journal
	_, err := j.getter().Get(t.Context(), dir, f, origin)
	require.ErrorContains(t, err, "after 5 attempts: ")
	require.ErrorContains(t, err, "after 150000 of 200000 bytes")
	require.ErrorContains(t, err, "call again to continue")
	requirePart(t, dir, content, 150000)
	require.Equal(t, []time.Duration{1 * time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second}, j.waits)
	require.EqualValues(t, 150000, j.most)

	_, err = j.getter().Get(t.Context(), dir, f, origin)
	require.NoError(t, err)
	requireGot(t, dir, content)
}

func TestGetWaitsAsTheServerAsks(t *testing.T) {
	f, content := published()
	busy := func(seconds string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", seconds)
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}
	origin, _ := serve(t, busy("7"), busy("99999999"), busy("soon"), whole(content, ""))
	var j journal
	_, err := j.getter().Get(t.Context(), t.TempDir(), f, origin)
	require.NoError(t, err)
	require.Equal(t, []time.Duration{7 * time.Second, time.Minute, 4 * time.Second}, j.waits)
}

func TestGetFromTheNextOrigin(t *testing.T) {
	f, content := published()
	bad, _ := serve(t, status(403))
	good, _ := serve(t, whole(content, ""))
	dir := t.TempDir()
	var j journal
	_, err := j.getter().Get(t.Context(), dir, f, bad, good)
	require.NoError(t, err)
	requireGot(t, dir, content)
	require.Len(t, j.failed, 1)
	require.Contains(t, j.failed[0], "403 Forbidden")
	require.Equal(t, 2, j.started)

	_, err = j.getter().Get(t.Context(), t.TempDir(), f)
	require.EqualError(t, err, "no origin of set.gz is known")
}

func TestGetNeverReplacesAFile(t *testing.T) {
	f, content := published()
	dir := t.TempDir()
	path := filepath.Join(dir, f.Name)
	require.NoError(t, os.WriteFile(path, []byte("mine"), 0o666))
	origin, asked := serve(t, whole(content, ""))
	_, err := new(Getter).Get(t.Context(), dir, f, origin)
	require.ErrorContains(t, err, path+" is not the published file: it has 4 bytes, not 200000; move it away or delete it")
	require.Empty(t, *asked)

	require.NoError(t, os.Remove(path))
	origin, _ = serve(t, func(w http.ResponseWriter, r *http.Request) {
		if err := os.WriteFile(path, []byte("mine"), 0o666); err != nil {
			panic(err)
		}
		whole(content, "")(w, r)
	})
	_, err = new(Getter).Get(t.Context(), dir, f, origin)
	require.ErrorContains(t, err, "has appeared meanwhile")
	mine, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "mine", string(mine))
}

func TestGetUnreachable(t *testing.T) {
	f, _ := published()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	var j journal
	_, err := j.getter().Get(t.Context(), t.TempDir(), f, server.URL+"/")
	require.ErrorContains(t, err, "cannot be reached: ")
	require.ErrorContains(t, err, "connection to the internet")
	require.Len(t, j.retries, 4)

	_, err = j.getter().Get(t.Context(), t.TempDir(), f, "http://a b/")
	require.ErrorContains(t, err, "invalid character")
	require.Len(t, j.retries, 4, "no use in trying again")
}

func TestGetStalled(t *testing.T) {
	f, content := published()
	release := make(chan struct{})
	origin, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/gzip")
		_, _ = w.Write(content[:50000])
		w.(http.Flusher).Flush()
		<-release
	}, whole(content, ""))
	defer close(release)
	dir := t.TempDir()
	var j journal
	g := j.getter()
	g.Patience = 100 * time.Millisecond
	_, err := g.Get(t.Context(), dir, f, origin)
	require.NoError(t, err)
	requireGot(t, dir, content)
	require.Len(t, j.retries, 1)
	require.Contains(t, j.retries[0], "after 50000 of 200000 bytes: nothing has come for too long")
}

func TestGetInterrupted(t *testing.T) {
	f, content := published()
	ctx, cancel := context.WithCancel(t.Context())
	release := make(chan struct{})
	origin, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/gzip")
		_, _ = w.Write(content[:50000])
		w.(http.Flusher).Flush()
		<-release
	})
	defer close(release)
	dir := t.TempDir()
	g := &Getter{Progress: func(done, _ int64) {
		if done == 50000 {
			cancel()
		}
	}}
	_, err := g.Get(ctx, dir, f, origin)
	require.ErrorIs(t, err, context.Canceled)
	requirePart(t, dir, content, 50000)

	// While it waits, too.
	down, _ := serve(t, status(500))
	ctx, cancel = context.WithCancel(t.Context())
	g = &Getter{Retry: func(error, time.Duration) { cancel() }}
	_, err = g.Get(ctx, dir, f, down)
	require.ErrorIs(t, err, context.Canceled)
	requirePart(t, dir, content, 50000)
}

func TestGetNeedsAFolder(t *testing.T) {
	f, content := published()
	origin, asked := serve(t, whole(content, ""))
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o666))
	_, err := new(Getter).Get(t.Context(), filepath.Join(file, "below"), f, origin)
	require.Error(t, err)

	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "set.gz.partial"), 0o777))
	_, err = new(Getter).Get(t.Context(), dir, f, origin)
	var disk *DiskError
	require.ErrorAs(t, err, &disk)
	require.ErrorContains(t, err, "choose a folder that can be written")
	require.Empty(t, *asked)
}

func TestGetOnAFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil || runtime.GOOS != "linux" {
		t.Skip("needs /dev/full, which is always full")
	}
	f, content := published()
	origin, asked := serve(t, whole(content, ""))
	dir := t.TempDir()
	require.NoError(t, os.Symlink("/dev/full", filepath.Join(dir, "set.gz.partial")))
	_, err := new(Getter).Get(t.Context(), dir, f, origin, origin)
	var disk *DiskError
	require.ErrorAs(t, err, &disk)
	require.ErrorContains(t, err, "no space left on device; make room")
	require.Len(t, *asked, 1, "another origin would not help")
}
