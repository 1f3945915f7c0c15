package cli

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseMixed(t *testing.T) {
	parse := func(args ...string) (rest []string, name string, on bool, err error) {
		fs := NewFlagSet("x", []Group{{Flags: []Flag{
			{Name: "name", Value: Text(&name)},
			{Name: "on", Value: Toggle(&on)},
		}}})
		rest, err = ParseMixed(fs, args)
		return rest, name, on, err
	}
	for _, args := range [][]string{
		{"-name", "n", "-on", "a", "b"}, {"a", "-name", "n", "b", "-on"}, {"a", "b", "-on", "-name=n"}, {"-on", "a", "-name", "n", "--", "b"},
	} {
		rest, name, on, err := parse(args...)
		require.NoError(t, err)
		require.Equal(t, []string{"a", "b"}, rest)
		require.Equal(t, "n", name)
		require.True(t, on)
	}
	rest, _, on, err := parse("a", "--", "-on", "--", "-name")
	require.NoError(t, err)
	require.Equal(t, []string{"a", "-on", "--", "-name"}, rest)
	require.False(t, on)
	rest, _, _, err = parse()
	require.NoError(t, err)
	require.Empty(t, rest)
	_, _, _, err = parse("a", "-onn")
	require.ErrorContains(t, err, `unknown flag -onn (did you mean "on"?)`)
	_, _, _, err = parse("a", "-name")
	require.Error(t, err)
}
