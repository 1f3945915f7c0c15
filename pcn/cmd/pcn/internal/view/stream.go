package view

import (
	"context"
	"net/http"
	"time"
)

// heartbeat is the longest time between two messages: a page that hears nothing
// for much longer knows that its connection is dead.
const heartbeat = 5 * time.Second

// stream sends updates as server-sent events until the run or the client ends.
// Each takes the client from the version that it has to the newest, so a client
// that is slow to read gets fewer of them.
func (s *Server) stream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	if r.Method == http.MethodHead {
		return
	}
	control := http.NewResponseController(w)
	control.SetReadDeadline(time.Time{}) // there is nothing more to read, however long it lasts
	send := func(parts ...[]byte) bool {
		control.SetWriteDeadline(time.Now().Add(answerTime))
		for _, p := range parts {
			if _, err := w.Write(p); err != nil {
				return false
			}
		}
		return control.Flush() == nil
	}
	if !send([]byte("event: page\ndata: "), []byte(pageVersion()), []byte("\n\n")) {
		return
	}
	for seen := 0; ; {
		ending := s.isEnding()
		update, version, changed := s.hub.read(seen)
		if !send([]byte("data: "), update, []byte("\n\n")) || ending {
			return
		}
		seen = version
		s.wait(r.Context(), changed)
	}
}

func (s *Server) isEnding() bool {
	select {
	case <-s.ending:
		return true
	default:
		return false
	}
}

// wait returns when it is time for another message: at the next change, but
// not right after the last one; at once if the client is gone or the server is
// ending.
func (s *Server) wait(client context.Context, changed <-chan struct{}) {
	pause := time.NewTimer(interval)
	defer pause.Stop()
	beat := time.NewTimer(heartbeat)
	defer beat.Stop()
	select {
	case <-client.Done():
		return
	case <-s.ending:
		return
	case <-pause.C:
	}
	select {
	case <-client.Done():
	case <-s.ending:
	case <-changed:
	case <-beat.C:
	}
}
