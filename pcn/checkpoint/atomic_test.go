package checkpoint

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

// files are the names in a folder.
func files(t *testing.T, dir string) (names []string) {
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x")
	for _, content := range []string{"first", strings.Repeat("second", 20000), ""} {
		require.NoError(t, WriteFile(path, text(content)))
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, content, string(got))
		require.Equal(t, []string{"x"}, files(t, dir))
	}
	plain, err := os.Create(filepath.Join(dir, "plain"))
	require.NoError(t, err)
	defer plain.Close()
	want, err := plain.Stat()
	require.NoError(t, err)
	got, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, want.Mode(), got.Mode(), "others may read what they may read elsewhere")

	t.Chdir(dir)
	require.NoError(t, WriteFile("here", text("x")))
	require.Equal(t, []string{"here", "plain", "x"}, files(t, dir))
}

func TestWriteFileThatFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x")
	require.NoError(t, WriteFile(path, text("old")))
	mine := errors.New("mine")
	for _, n := range []int{0, 1, 1 << 20} {
		err := WriteFile(path, func(w io.Writer) error {
			if err := text(strings.Repeat("n", n))(w); err != nil {
				return err
			}
			return mine
		})
		require.ErrorIs(t, err, mine)
		require.ErrorContains(t, err, path+" was not written, and what was there before is left alone")
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, "old", string(got))
		require.Equal(t, []string{"x"}, files(t, dir))
	}

	require.ErrorIs(t, WriteFile(filepath.Join(dir, "no folder", "x"), text("")), os.ErrNotExist)
	folder := filepath.Join(dir, "folder")
	require.NoError(t, os.MkdirAll(filepath.Join(folder, "y"), 0o777))
	require.Error(t, WriteFile(folder, text("")))
	require.Equal(t, []string{"folder", "x"}, files(t, dir))
}

func TestRemoveTemporary(t *testing.T) {
	dir := t.TempDir()
	keep := []string{".x.0123456789abcdef.tmp", ".y.0123456789abcdeg.tmp", ".y.0123456789abcdef", ".y.123.tmp", "y", "y.0123456789abcdef.tmp"}
	for _, name := range append(keep, ".y.0123456789abcdef.tmp") {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), nil, 0o666))
	}
	file, err := createTemporary(filepath.Join(dir, "y"))
	require.NoError(t, err)
	require.NoError(t, file.Close())
	require.Len(t, files(t, dir), len(keep)+2)
	require.NoError(t, RemoveTemporary(filepath.Join(dir, "y")))
	require.ElementsMatch(t, keep, files(t, dir))
	t.Chdir(dir)
	require.NoError(t, RemoveTemporary("x"))
	require.ElementsMatch(t, keep[1:], files(t, dir))
	require.ErrorIs(t, RemoveTemporary(filepath.Join(dir, "none", "x")), os.ErrNotExist)
}

// Whoever reads while a file is replaced over and over sees one of the files.
func TestReadersSeeWholeFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	write := func(letter string) { require.NoError(t, WriteFile(path, text(strings.Repeat(letter, 200_000)))) }
	write("a")
	var stop atomic.Bool
	done := make(chan error)
	go func() {
		var failed error
		for !stop.Load() && failed == nil {
			got, err := os.ReadFile(path)
			switch {
			case err != nil:
				failed = err
			case len(got) != 200_000 || strings.Trim(string(got), string(got[:1])) != "":
				failed = errors.New("a part of a file")
			}
		}
		done <- failed
	}()
	for range 25 {
		write("b")
		write("c")
	}
	stop.Store(true)
	require.NoError(t, <-done)
}
