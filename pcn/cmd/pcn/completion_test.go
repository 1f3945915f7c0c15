package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/completion"
)

func TestCompletion(t *testing.T) {
	for _, shell := range completion.Shells {
		code, out, err := call("completion", shell)
		require.Equal(t, cli.ExitOK, code)
		require.Empty(t, err)
		for _, c := range commands() {
			require.Contains(t, out, c.name)
			for _, g := range c.groups() {
				for _, f := range g.Flags {
					require.Contains(t, out, f.Name, c.name)
				}
			}
		}
	}
	for want, args := range map[string][]string{
		"name one shell: bash, zsh or fish": {},
		"name one shell":                    {"bash", "zsh"},
		`there is no script for "fihs" (did you mean "fish"?): use bash, zsh or fish`: {"fihs"},
		"unknown flag -x": {"-x"},
	} {
		code, out, err := call(append([]string{"completion"}, args...)...)
		require.Equal(t, cli.ExitUsage, code)
		require.Empty(t, out)
		require.Contains(t, err, want)
	}
}

// Every command explains itself and all its flags.
func TestHelpOfEveryCommand(t *testing.T) {
	for _, c := range commands() {
		_, help, _ := call("help", c.name)
		code, out, err := call(c.name, "-h")
		require.Equal(t, cli.ExitOK, code)
		require.Empty(t, err)
		require.Equal(t, help, out)
		require.Contains(t, out, "Usage: pcn "+c.name)
		for _, g := range c.groups() {
			for _, f := range g.Flags {
				require.Contains(t, out, "\n  -"+f.Name+" ", c.name)
				require.NotEmpty(t, f.Text, f.Name)
			}
		}
	}
}
