package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWrap(t *testing.T) {
	require.Equal(t, []string{"one two", "three", "four"}, wrap("one two three four", 8))
	require.Equal(t, []string{"unbreakable"}, wrap("unbreakable", 3))
	require.Equal(t, []string{""}, wrap("", 3))
}

func TestPrintFlags(t *testing.T) {
	n, name, on := 3, "", false
	var out bytes.Buffer
	PrintFlags(&out, []Group{
		{"First", []Flag{
			{Name: "n", Arg: "n", Value: Whole(&n, 1), Text: strings.Repeat("many words ", 7)},
			{Name: "a-flag-with-a-long-name", Arg: "x", Value: Text(&name), Text: "explained below"},
		}},
		{"", []Flag{
			{Name: "on", Value: Toggle(&on), Text: "off by default"},
			{Name: "some", Value: Toggle(&on), Text: "depends", Fallback: "on Sundays"},
		}},
	})
	require.Equal(t, `
First
  -n n                many words many words many words many words many words
                      many words many words (default 3)
  -a-flag-with-a-long-name x
                      explained below

  -on                 off by default
  -some               depends (default on Sundays)
`, out.String())
}
