package view

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func serve(t *testing.T, h *Hub) *Server {
	t.Helper()
	s, err := Listen("127.0.0.1:0", h)
	if err != nil {
		t.Skipf("cannot listen here: %v", err)
	}
	t.Cleanup(s.Close)
	return s
}

func (s *Server) address() string { return s.listener.Addr().String() }

// get asks for a path with a connection of its own.
func get(t *testing.T, s *Server, method, path string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequest(method, "http://"+s.address(), nil)
	require.NoError(t, err)
	request.URL.Opaque = path // as it is
	request.Close = true
	response, err := http.DefaultTransport.RoundTrip(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, string(body)
}

// A reader follows the stream as a page does.
type reader struct {
	*state
	body  io.ReadCloser
	lines *bufio.Scanner
}

func follow(t *testing.T, s *Server) *reader {
	t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get("http://" + s.address() + "/events")
	require.NoError(t, err)
	t.Cleanup(func() { response.Body.Close() })
	require.Equal(t, "text/event-stream", response.Header.Get("Content-Type"))
	r := &reader{&state{}, response.Body, bufio.NewScanner(response.Body)}
	r.lines.Buffer(nil, 64<<20)
	require.True(t, r.lines.Scan())
	require.Equal(t, "event: page", r.lines.Text())
	require.True(t, r.lines.Scan())
	require.Equal(t, "data: "+pageVersion(), r.lines.Text())
	return r
}

// next applies another update; false says that the stream has ended.
func (r *reader) next(t *testing.T) bool {
	t.Helper()
	for r.lines.Scan() {
		if text, ok := bytes.CutPrefix(r.lines.Bytes(), []byte("data: ")); ok {
			r.apply(t, text)
			return true
		}
	}
	return false
}

// until reads until there are so many events of a kind.
func (r *reader) until(t *testing.T, kind string, n int) {
	t.Helper()
	for len(r.lists[kind]) < n {
		require.True(t, r.next(t), "the stream has ended")
	}
}

func TestRoutes(t *testing.T) {
	s := serve(t, NewHub())
	for path, kind := range map[string]string{
		"/": "text/html; charset=utf-8", "/page.css": "text/css; charset=utf-8", "/page.js": "text/javascript; charset=utf-8", "/?x=1": "text/html; charset=utf-8",
	} {
		response, body := get(t, s, "GET", path)
		require.Equal(t, http.StatusOK, response.StatusCode, path)
		require.Equal(t, kind, response.Header.Get("Content-Type"))
		require.NotEmpty(t, body)
		response, body = get(t, s, "HEAD", path)
		require.Equal(t, http.StatusOK, response.StatusCode, path)
		require.Empty(t, body)
	}
	response, body := get(t, s, "HEAD", "/events")
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Empty(t, body)
	_, body = get(t, s, "GET", "/")
	require.Contains(t, body, `<script src="/page.js"></script>`)
	require.Contains(t, body, `data-version="`+pageVersion()+`"`)
	require.NotContains(t, body, `id="report"`)
}

func TestOddPaths(t *testing.T) {
	s := serve(t, NewHub())
	for _, path := range []string{
		"/index.html", "/page.html", "/assets", "/assets/", "/assets/page.html", "/js/main.js", "/favicon.ico", "//", "///", "/./", "/../", "/..",
		"/../../etc/passwd", "/%2e%2e/etc/passwd", "/%2e%2e%2fetc%2fpasswd", "/page.css/", "/page.css/..", "/page.js%00", "/events/", "/EVENTS",
		"/\\..\\", "/debug/pprof/", "/debug/vars", "/" + strings.Repeat("a/", 1000),
	} {
		response, body := get(t, s, "GET", path)
		require.Equal(t, http.StatusNotFound, response.StatusCode, path)
		require.Equal(t, "404 page not found\n", body, path)
	}
}

func TestStreamTellsWhatHappens(t *testing.T) {
	h := NewHub()
	emit(h, `{"event":"start"}`)
	s := serve(t, h)
	r := follow(t, s)
	r.until(t, "start", 1)
	emit(h, `{"event":"epoch","epoch":1}`)
	r.until(t, "epoch", 1)
	for n := range 100 {
		emit(h, `{"event":"epoch","epoch":%d}`, n+2)
	}
	r.until(t, "epoch", 101)
	require.Equal(t, h.state(t), r.state)
}

// The end of a run reaches the pages before the server goes.
func TestCloseTellsTheEnd(t *testing.T) {
	h := NewHub()
	s := serve(t, h)
	var readers []*reader
	for range 5 {
		readers = append(readers, follow(t, s))
		readers[len(readers)-1].next(t)
	}
	emit(h, `{"event":"done","test_accuracy":1}`)
	s.Close()
	s.Close()
	for _, r := range readers {
		for r.next(t) {
		}
		require.Equal(t, "done", r.end["event"])
	}
	_, err := net.Dial("tcp", s.address())
	require.Error(t, err)
}

func TestAddressInUse(t *testing.T) {
	s := serve(t, NewHub())
	_, err := Listen(s.address(), NewHub())
	require.ErrorContains(t, err, s.address())
	require.ErrorContains(t, err, "choose another address")
}

func TestURL(t *testing.T) {
	s := serve(t, NewHub())
	require.Equal(t, "http://"+s.address()+"/", s.URL())
	require.False(t, s.Public())
	everywhere, err := Listen("0.0.0.0:0", NewHub())
	require.NoError(t, err)
	defer everywhere.Close()
	require.Equal(t, fmt.Sprintf("http://localhost:%d/", everywhere.listener.Addr().(*net.TCPAddr).Port), everywhere.URL())
	require.True(t, everywhere.Public())
}
