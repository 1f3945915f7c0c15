package view

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"time"
)

// How long a client may take: to send a request, to read an answer or a
// message, to ask for the next thing; and how long the end of a run waits for
// pages to hear of it.
const (
	requestTime  = 5 * time.Second
	answerTime   = 10 * time.Second
	idleTime     = 30 * time.Second
	farewellTime = time.Second
)

// A Server shows what a hub knows to browsers. It has no effect on the run:
// there is nothing to send to it, clients that do not read are dropped, and
// their number is bounded.
type Server struct {
	hub      *Hub
	http     http.Server
	listener net.Listener
	open     connections
	ending   chan struct{} // closed by Close
	served   chan struct{} // closed when nothing is accepted any more
}

// Listen starts to serve at an address as [Address] returns it.
func Listen(address string, hub *Hub) (*Server, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("%w; choose another address, such as :0 for any free port", err)
	}
	s := &Server{
		hub: hub, listener: listener, open: connections{most: mostConnections},
		ending: make(chan struct{}), served: make(chan struct{}),
	}
	host, _, _ := net.SplitHostPort(address)
	s.http = http.Server{
		Handler:           newGuard(host, s.routes()),
		ReadHeaderTimeout: requestTime,
		ReadTimeout:       requestTime,
		WriteTimeout:      answerTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    8 << 10,
		ConnState:         s.open.track,
		ErrorLog:          log.New(io.Discard, "", 0), // what clients do wrong is their affair
	}
	go func() {
		defer close(s.served)
		s.http.Serve(listener)
	}()
	return s, nil
}

// URL is what to open in a browser of this machine.
func (s *Server) URL() string {
	a := s.listener.Addr().(*net.TCPAddr)
	if a.IP.IsUnspecified() {
		return fmt.Sprintf("http://localhost:%d/", a.Port)
	}
	return "http://" + a.String() + "/"
}

// Public says whether other machines may reach the server.
func (s *Server) Public() bool { return !s.listener.Addr().(*net.TCPAddr).IP.IsLoopback() }

// Close tells the pages what they have not heard yet, for about a second at
// most, and ends the server. A second Close does nothing.
func (s *Server) Close() {
	select {
	case <-s.ending:
		return
	default:
		close(s.ending)
	}
	ctx, cancel := context.WithTimeout(context.Background(), farewellTime)
	defer cancel()
	s.http.Shutdown(ctx)
	s.http.Close()
	<-s.served
}

// routes are all there is.
func (s *Server) routes() http.Handler {
	answers := map[string]http.HandlerFunc{
		"/":         file("text/html; charset=utf-8", livePage()),
		"/page.css": file("text/css; charset=utf-8", []byte(styles())),
		"/page.js":  file("text/javascript; charset=utf-8", []byte(scripts())),
		"/events":   s.stream,
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, _, _ := strings.Cut(r.RequestURI, "?") // as it was sent, with nothing made of it
		answer, ok := answers[path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		answer(w, r)
	})
}

// file answers with a file of the binary.
func file(kind string, content []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind)
		if r.Method == http.MethodGet {
			w.Write(content)
		}
	}
}
