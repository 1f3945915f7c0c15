package view

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// ask sends a request to a guard for a host, and returns the answer's code.
func ask(host string, change func(*http.Request)) *http.Response {
	r := httptest.NewRequest("GET", "http://127.0.0.1:8080/events", nil)
	change(r)
	w := httptest.NewRecorder()
	newGuard(host, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })).ServeHTTP(w, r)
	return w.Result()
}

func TestHostsThatAreUs(t *testing.T) {
	name, err := os.Hostname()
	require.NoError(t, err)
	for _, c := range []struct{ listens, host string }{
		{"127.0.0.1", "127.0.0.1:8080"}, {"127.0.0.1", "localhost:8080"}, {"127.0.0.1", "LOCALHOST"},
		{"127.0.0.1", "[::1]:8080"}, {"127.0.0.1", "[::1]"}, {"127.0.0.1", "localhost:9000"}, // a tunnel
		{"lab.example", "lab.example:8080"}, {"lab.example", "Lab.Example"},
		{"0.0.0.0", "192.168.1.5:8080"}, {"0.0.0.0", name + ":8080"}, {"::", "[fe80::1]:8080"},
	} {
		require.Equal(t, http.StatusOK, ask(c.listens, func(r *http.Request) { r.Host = c.host }).StatusCode, c)
	}
	for _, c := range []struct{ listens, host string }{
		{"127.0.0.1", "evil.example"}, {"127.0.0.1", "evil.example:8080"}, {"127.0.0.1", "127.0.0.1.evil.example:8080"},
		{"127.0.0.1", "localhost.evil.example"}, {"127.0.0.1", ""}, {"127.0.0.1", ":8080"}, {"127.0.0.1", "[evil.example]:80"},
		{"0.0.0.0", "evil.example:8080"}, {"lab.example", "evil.example"},
	} {
		require.Equal(t, http.StatusMisdirectedRequest, ask(c.listens, func(r *http.Request) { r.Host = c.host }).StatusCode, c)
	}
}

func TestOtherSitesAreRefused(t *testing.T) {
	set := func(pairs ...string) func(*http.Request) {
		return func(r *http.Request) {
			for i := 0; i < len(pairs); i += 2 {
				r.Header.Set(pairs[i], pairs[i+1])
			}
		}
	}
	for _, allowed := range [][]string{
		{}, {"Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Site", "none"}, {"Origin", "http://127.0.0.1:8080"},
	} {
		require.Equal(t, http.StatusOK, ask("127.0.0.1", set(allowed...)).StatusCode, allowed)
	}
	for _, refused := range [][]string{
		{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Sec-Fetch-Site", "anything"},
		{"Origin", "http://evil.example"}, {"Origin", "null"}, {"Origin", "http://127.0.0.1:8081"}, {"Origin", "https://127.0.0.1:8080"},
		{"Sec-Fetch-Site", "same-origin", "Origin", "http://evil.example"},
		{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}, // to the events
	} {
		require.Equal(t, http.StatusForbidden, ask("127.0.0.1", set(refused...)).StatusCode, refused)
	}
}

// A link on another site opens the page, and only as a page of its own.
func TestLinksOfOtherSites(t *testing.T) {
	for dest, want := range map[string]int{"document": http.StatusOK, "iframe": http.StatusForbidden, "image": http.StatusForbidden} {
		require.Equal(t, want, ask("127.0.0.1", func(r *http.Request) {
			r.URL.Path = "/"
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			r.Header.Set("Sec-Fetch-Mode", "navigate")
			r.Header.Set("Sec-Fetch-Dest", dest)
		}).StatusCode, dest)
	}
}

func TestNothingCanBeChanged(t *testing.T) {
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW"} {
		response := ask("127.0.0.1", func(r *http.Request) { r.Method = method })
		require.Equal(t, http.StatusMethodNotAllowed, response.StatusCode, method)
		require.Equal(t, "GET, HEAD", response.Header.Get("Allow"))
	}
}

// Refusals have the headers too.
func TestHeadersOfEveryAnswer(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "evil.example"} {
		h := ask("127.0.0.1", func(r *http.Request) { r.Host = host }).Header
		policy := h.Get("Content-Security-Policy")
		require.True(t, strings.HasPrefix(policy, "default-src 'none'; "), policy)
		require.NotContains(t, policy, "unsafe")
		require.NotContains(t, policy, "*")
		require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"))
		require.Equal(t, "same-origin", h.Get("Cross-Origin-Resource-Policy"))
		require.Equal(t, "no-store", h.Get("Cache-Control"))
		require.Empty(t, h.Get("Access-Control-Allow-Origin"))
	}
}
