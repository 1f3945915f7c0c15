package view

import (
	"net"
	"net/http"
	"slices"
	"sync"
)

// mostConnections is how many connections are open at a time.
const mostConnections = 64

// connections are those that a server has open, the oldest first. Their number
// is bounded, and yet there is room for a newcomer: the oldest connection that
// waits for a request makes room, or else the oldest that is being answered. A
// page that lost its connection comes back by itself.
type connections struct {
	most int

	lock sync.Mutex
	open []*connection
}

type connection struct {
	net.Conn
	answering bool
}

// track is a server's ConnState.
func (l *connections) track(c net.Conn, state http.ConnState) {
	l.lock.Lock()
	defer l.lock.Unlock()
	i := slices.IndexFunc(l.open, func(o *connection) bool { return o.Conn == c })
	switch state {
	case http.StateNew:
		if len(l.open) >= l.most {
			l.makeRoom()
		}
		l.open = append(l.open, &connection{Conn: c})
	case http.StateClosed, http.StateHijacked:
		if i >= 0 {
			l.open = slices.Delete(l.open, i, i+1)
		}
	default:
		if i >= 0 {
			l.open[i].answering = state == http.StateActive
		}
	}
}

func (l *connections) makeRoom() {
	i := max(0, slices.IndexFunc(l.open, func(o *connection) bool { return !o.answering }))
	l.open[i].Close()
	l.open = slices.Delete(l.open, i, i+1)
}
