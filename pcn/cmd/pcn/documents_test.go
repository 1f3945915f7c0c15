package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

// documented are the documents whose commands people type.
const documented = "../../../docs/*.md"

// typed is a command in a document, which stands on an indented line, or in a
// help text, in which it may go on behind a backslash. (A colon is part of what pcn
// answers.)
var typed = regexp.MustCompile(`(?m)^ +(?:go run \./pcn/cmd/)?pcn ([a-z]+(?: (?:.*\\\n)*.*)?)$`)

// Every command that the documents and the helps tell people to type exists, with
// flags that take these values.
func TestDocumentedCommands(t *testing.T) {
	documents, err := filepath.Glob(documented)
	require.NoError(t, err)
	documents = append(documents, "../../../README.md", "../../../CONTRIBUTING.md")
	texts := map[string]string{}
	for _, name := range documents {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		texts[name] = string(text)
	}
	for _, c := range commands() {
		_, examples, _ := strings.Cut(c.usage, "\n\n") // behind the synopsis
		texts["pcn help "+c.name] = examples
	}
	found := 0
	for name, text := range texts {
		for _, m := range typed.FindAllStringSubmatch(text, -1) {
			line := strings.ReplaceAll(m[1], "\\\n", " ")
			require.NoError(t, checkTyped(strings.Fields(line)), "%s: pcn %s", name, line)
			found++
		}
	}
	require.Greater(t, found, 40)

	for line, want := range map[string]string{
		"trian -epochs 3":     "unknown command",
		"train -epoch 3":      "unknown flag -epoch",
		"train -rule sgd":     "use pc, ipc or bp",
		"eval runs/a -splt x": "unknown flag -splt",
	} {
		require.ErrorContains(t, checkTyped(strings.Fields(line)), want)
	}
}

// checkTyped says what is wrong with the words behind pcn, without doing what they
// ask for.
func checkTyped(words []string) error {
	for i, w := range words {
		if strings.HasPrefix(w, "#") || w == "|" || w == "&" {
			words = words[:i]
			break
		}
	}
	if words[0] == "help" {
		return nil
	}
	for _, c := range commands() {
		if c.name != words[0] {
			continue
		}
		_, err := cli.ParseMixed(cli.NewFlagSet(c.name, []cli.Group{{Flags: oneOfEach(c.groups())}}), words[1:])
		return err
	}
	return cli.Usagef("unknown command %q", words[0])
}

// oneOfEach is the flags of a command, of which parts of it may have their own.
func oneOfEach(groups []cli.Group) []cli.Flag {
	var flags []cli.Flag
	seen := map[string]bool{}
	for _, g := range groups {
		for _, f := range g.Flags {
			if !seen[f.Name] {
				seen[f.Name] = true
				flags = append(flags, f)
			}
		}
	}
	return flags
}
