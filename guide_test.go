package gopcn

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// fence is a block of code in a document, with its language.
var fence = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$")

// blocks returns the blocks of a document in some language.
func blocks(t *testing.T, document, language string) []string {
	t.Helper()
	text, err := os.ReadFile(document)
	require.NoError(t, err)
	var list []string
	for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
		if m[1] == language {
			list = append(list, m[2])
		}
	}
	require.NotEmpty(t, list, document)
	return list
}

// flush is code without its indentation, which depends on where it stands.
func flush(code string) string {
	lines := strings.Split(strings.TrimSpace(code), "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(lines, "\n")
}

// isProgram tells programs from parts of them.
func isProgram(block string) bool { return strings.HasPrefix(block, "package main\n") }

// Go code in documents that is no program is part of an example, and so of a
// test.
func TestDocumentsQuoteExamples(t *testing.T) {
	var examples []string
	for _, folder := range []string{"kernels", "pcn"} {
		require.NoError(t, filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
			if name := filepath.Base(path); strings.HasPrefix(name, "example_") && strings.HasSuffix(name, "_test.go") {
				code, err := os.ReadFile(path)
				require.NoError(t, err)
				examples = append(examples, "\n"+flush(string(code))+"\n")
			}
			return err
		}))
	}
	quoted := func(block string) bool {
		for _, e := range examples {
			if strings.Contains(e, "\n"+flush(block)+"\n") {
				return true
			}
		}
		return false
	}
	for _, document := range []string{"README.md", "docs/guide.md"} {
		for _, block := range blocks(t, document, "go") {
			if !isProgram(block) && !quoted(block) {
				t.Errorf("%s: no example has this part:\n%s", document, block)
			}
		}
	}
	require.False(t, quoted("net, err := models.Parse("), "whole lines only")
}

// link is a link to a file or folder of the repository, in Markdown.
var link = regexp.MustCompile(`\]\(([^):#]+)[^):]*\)`)

// Links between documents lead somewhere.
func TestDocumentsLinkFiles(t *testing.T) {
	documents, err := filepath.Glob("docs/*.md")
	require.NoError(t, err)
	found := 0
	for _, document := range append(documents, "README.md", "CONTRIBUTING.md") {
		text, err := os.ReadFile(document)
		require.NoError(t, err)
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			_, err := os.Stat(filepath.Join(filepath.Dir(document), m[1]))
			require.NoError(t, err, document)
			found++
		}
	}
	require.Greater(t, found, 10)
}

// The guide's program does what the guide says, and goes on where it stopped.
func TestGuideProgram(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skipf("needs the go command: %v", err)
	}
	var programs []string
	for _, block := range blocks(t, "docs/guide.md", "go") {
		if isProgram(block) {
			programs = append(programs, block)
		}
	}
	require.Len(t, programs, 1)
	outputs := blocks(t, "docs/guide.md", "text")
	require.Len(t, outputs, 2, "of a first and of a second run")

	dir := t.TempDir()
	source, binary := filepath.Join(dir, "main.go"), filepath.Join(dir, "mine.exe")
	require.NoError(t, os.WriteFile(source, []byte(programs[0]), 0o666))
	for _, args := range [][]string{{"vet", source}, {"build", "-o", binary, source}} {
		out, err := exec.Command("go", args...).CombinedOutput()
		require.NoError(t, err, "go %v: %s", args, out)
	}
	// Whatever tier this test runs on: portable Go takes minutes for the same bits.
	env := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "GOPCN_ISA=") })
	for _, want := range outputs {
		program := exec.Command(binary)
		program.Dir, program.Env = dir, env
		out, err := program.CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.Equal(t, want, string(out))
	}
}
