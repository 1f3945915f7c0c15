package view

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// many is more than a server takes at a time.
const many = 4 * mostConnections

// dial opens a connection and sends a text.
func dial(t *testing.T, s *Server, text string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", s.address())
	require.NoError(t, err)
	t.Cleanup(func() { c.Close() })
	io.WriteString(c, text) // which fails if the server has closed it already
	return c
}

func eventsRequest(s *Server) string {
	return "GET /events HTTP/1.1\r\nHost: " + s.address() + "\r\n\r\n"
}

// publish does what training does, a lot: much more than the buffers of
// connections hold. That it returns is the point: a publisher that waited for a
// reader would wait for ever.
func publish(h *Hub) {
	warning := fmt.Sprintf(`{"event":"warning","message":"%s"}`, strings.Repeat("x", 5000))
	for n := range mostEvents {
		emit(h, "%s", warning)
		h.Batch(Batch{Epoch: 1, Epochs: 1, Done: n + 1, Batches: 1 << 20, Samples: 1})
	}
	emit(h, `{"event":"epoch","epoch":1}`)
}

// served checks that others get the page and hear what happens.
func served(t *testing.T, s *Server, h *Hub) {
	t.Helper()
	response, body := get(t, s, "GET", "/")
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Contains(t, body, "</html>")
	r := follow(t, s)
	require.True(t, r.next(t))
	before := len(r.lists["hello"])
	emit(h, `{"event":"hello"}`)
	r.until(t, "hello", before+1)
}

func (l *connections) count() int {
	l.lock.Lock()
	defer l.lock.Unlock()
	return len(l.open)
}

func TestClientsThatDoNotRead(t *testing.T) {
	h := NewHub()
	s := serve(t, h)
	for range many {
		dial(t, s, eventsRequest(s))
	}
	publish(h)
	served(t, s, h)
	require.LessOrEqual(t, s.open.count(), mostConnections)
	publish(h)
	served(t, s, h)
}

func TestClientsThatSayNothing(t *testing.T) {
	h := NewHub()
	s := serve(t, h)
	r := follow(t, s)
	require.True(t, r.next(t))
	for i := range many {
		dial(t, s, []string{"", "GET", "GET / HTTP/1.1\r\nHost: a\r\nX: ", "\x16\x03\x01"}[i%4])
	}
	publish(h)
	served(t, s, h)
	require.LessOrEqual(t, s.open.count(), mostConnections)
	r.until(t, "hello", 1) // who listens is not the one to go
}

func TestHugeHeaders(t *testing.T) {
	h := NewHub()
	s := serve(t, h)
	for range 20 {
		c := dial(t, s, "GET / HTTP/1.1\r\nHost: "+s.address()+"\r\n")
		for range 1000 {
			if _, err := io.WriteString(c, "X-Filler: "+strings.Repeat("x", 1000)+"\r\n"); err != nil {
				break // refused before its end
			}
		}
		answer, _ := io.ReadAll(c) // all of it, or a reset
		if len(answer) > 0 {
			require.Contains(t, string(answer), "431 Request Header Fields Too Large")
		}
	}
	served(t, s, h)
}

func TestNonsense(t *testing.T) {
	h := NewHub()
	s := serve(t, h)
	for _, text := range []string{
		"\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "\x00\xff\x00\xff\r\n\r\n",
		"GET http://evil.example/ HTTP/1.1\r\nHost: " + s.address() + "\r\nConnection: close\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
		"POST /events HTTP/1.1\r\nHost: " + s.address() + "\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
		"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
	} {
		answer, _ := io.ReadAll(dial(t, s, text))
		require.NotContains(t, string(answer), " 200 ", text)
	}
	served(t, s, h)
}

// The end of a run does not wait for clients either.
func TestCloseWithClientsThatDoNotRead(t *testing.T) {
	h := NewHub()
	s := serve(t, h)
	var clients []net.Conn
	for range mostConnections / 2 {
		clients = append(clients, dial(t, s, eventsRequest(s)), dial(t, s, "GET"))
	}
	publish(h)
	s.Close()
	for _, c := range clients {
		io.Copy(io.Discard, c) // until the server has closed it
	}
}

// A client that stops reading is let go when its time to read is over.
func TestSlowReadersAreDropped(t *testing.T) {
	h := NewHub()
	server, client := net.Pipe() // without buffers
	defer client.Close()
	s := &Server{hub: h, ending: make(chan struct{})}
	dropped := make(chan struct{})
	go http.Serve(&oneConnection{Conn: server}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.stream(w, r)
		close(dropped)
	}))
	io.WriteString(client, "GET /events HTTP/1.1\r\nHost: a\r\n\r\n")
	publish(h)
	<-dropped
}

// A oneConnection is a listener that accepts one connection, whose deadlines
// come at once.
type oneConnection struct {
	net.Conn
	accepted bool
}

func (l *oneConnection) Accept() (net.Conn, error) {
	if l.accepted {
		return nil, net.ErrClosed
	}
	l.accepted = true
	return impatient{l.Conn}, nil
}

func (l *oneConnection) Addr() net.Addr { return l.LocalAddr() }
func (l *oneConnection) Close() error   { return nil }

type impatient struct{ net.Conn }

func (c impatient) SetWriteDeadline(at time.Time) error {
	if at.IsZero() {
		return nil
	}
	return c.Conn.SetWriteDeadline(time.Now())
}
