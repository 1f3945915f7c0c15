package view

import (
	"net"
	"net/http"
	"os"
	"strings"
)

// A guard refuses requests that no page of ours makes.
type guard struct {
	names map[string]bool // of this machine, in lower case
	next  http.Handler
}

// newGuard guards a server that was asked to listen on a host.
func newGuard(host string, next http.Handler) *guard {
	g := &guard{names: map[string]bool{"localhost": true}, next: next}
	g.names[strings.ToLower(host)] = true
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		if name, err := os.Hostname(); err == nil {
			g.names[strings.ToLower(name)] = true
		}
	}
	return g
}

func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	setHeaders(w.Header())
	switch {
	case !g.knows(r.Host):
		http.Error(w, "this server does not go by that name", http.StatusMisdirectedRequest)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "there is nothing to change here", http.StatusMethodNotAllowed)
	case foreign(r):
		http.Error(w, "other sites may not read this", http.StatusForbidden)
	default:
		g.next.ServeHTTP(w, r)
	}
}

// setHeaders allows the page what it needs and nothing from elsewhere.
func setHeaders(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
}

// knows says whether a Host header names this machine. A name that its owner
// has pointed here (DNS rebinding) does not; an address cannot be pointed
// elsewhere. The port may be that of a tunnel.
func (g *guard) knows(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil { // without a port
		host = strings.TrimSuffix(strings.TrimPrefix(hostport, "["), "]")
	}
	return net.ParseIP(host) != nil || g.names[strings.ToLower(host)]
}

// foreign says whether another site made the request. It may open the page by
// a link, which tells it nothing.
func foreign(r *http.Request) bool {
	if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+r.Host {
		return true
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return false
	}
	link := r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
	return !link || r.URL.Path != "/"
}
