package fetch

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseContentRange(t *testing.T) {
	for header, want := range map[string][2]int64{
		"bytes 0-0/1":      {0, 1},
		"bytes 10-99/100":  {10, 100},
		"bytes 10-99/*":    {10, -1},
		"bytes 007-9/0100": {7, 100},
	} {
		first, total, ok := parseContentRange(header)
		require.True(t, ok, header)
		require.Equal(t, want, [2]int64{first, total}, header)
	}
	for _, header := range []string{
		"", "bytes", "bytes */100", "bytes 1-2", "bytes 1/2", "bytes -1-2/3", "bytes 2-1/3", "bytes 0-3/3",
		"bytes +1-2/3", "bytes 1-2/x", "items 1-2/3", "bytes 0-9223372036854775808/*", "bytes 1-2/", "bytes 1-2/3 ",
	} {
		_, _, ok := parseContentRange(header)
		require.False(t, ok, header)
	}
}

// FuzzParseContentRange: a header is refused or means what it says.
func FuzzParseContentRange(f *testing.F) {
	for _, header := range []string{"bytes 10-99/100", "bytes 0-0/*", "bytes 1-/2", "bytes 5-4/9", "bytes 0-9/5"} {
		f.Add(header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		first, total, ok := parseContentRange(header)
		if !ok {
			return
		}
		var a, b, c int64
		if total < 0 {
			_, err := fmt.Sscanf(header, "bytes %d-%d/*", &a, &b)
			if err != nil || a != first || b < a {
				t.Fatalf("%q: %d, %v", header, first, err)
			}
			return
		}
		_, err := fmt.Sscanf(header, "bytes %d-%d/%d", &a, &b, &c)
		if err != nil || a != first || c != total || a < 0 || b < a || c <= b {
			t.Fatalf("%q: %d, %d, %v", header, first, total, err)
		}
	})
}
