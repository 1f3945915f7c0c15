package view

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAddress(t *testing.T) {
	for text, want := range map[string]string{
		":8080":            "127.0.0.1:8080",
		":0":               "127.0.0.1:0",
		"localhost:80":     "localhost:80",
		"0.0.0.0:8080":     "0.0.0.0:8080",
		"192.168.1.5:8080": "192.168.1.5:8080",
		"[::1]:8080":       "[::1]:8080",
		"[::]:8080":        "[::]:8080",
	} {
		got, err := Address(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got)
	}
	for text, want := range map[string]string{
		"":           "want [host]:port, such as :8080",
		"8080":       "write :8080",
		"localhost":  "want [host]:port",
		"::1:8080":   "want [host]:port",
		":":          "want a port from 0 to 65535",
		":http":      "want a port from 0 to 65535",
		":65536":     "want a port from 0 to 65535",
		":-1":        "want a port from 0 to 65535",
		"a.b:8080:1": "want [host]:port",
	} {
		_, err := Address(text)
		require.ErrorContains(t, err, want, text)
	}
}
