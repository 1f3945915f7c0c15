package data

import (
	"archive/zip"
	"bytes"
	"image/color"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// zipOf packs files into an archive, under the published folder.
func zipOf(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(tinyFolder + "/" + name)
		require.NoError(t, err)
		_, err = f.Write(files[name])
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return archive.Bytes()
}

func writeZip(t testing.TB, content []byte) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, tinyFolder+".zip"), content, 0o644))
	return dir
}

// The archive, the folder and the folder around it hold the same set.
func TestOpenTinyImageNetPacked(t *testing.T) {
	files := tinyFiles(t)
	folder := writeTree(t, files)
	train, test, err := OpenTinyImageNet(folder)
	require.NoError(t, err)
	for _, dir := range []string{filepath.Dir(folder), writeZip(t, zipOf(t, files))} {
		train2, test2, err := OpenTinyImageNet(dir)
		require.NoError(t, err)
		require.Equal(t, train, train2)
		require.Equal(t, test, test2)
	}
}

func TestOpenTinyImageNetPackedErrors(t *testing.T) {
	change := func(name string, content []byte) []byte {
		files := tinyFiles(t)
		delete(files, name)
		if content != nil {
			files[name] = content
		}
		return zipOf(t, files)
	}
	whole := zipOf(t, tinyFiles(t))
	damaged := bytes.Clone(whole)
	at := bytes.Index(damaged, []byte("words.txt")) + len("words.txt")
	damaged[at+5] ^= 0x55

	for _, c := range []struct {
		name    string
		archive []byte
		message string
	}{
		{"half an archive", whole[:len(whole)/2], "truncated or no zip archive"},
		{"nothing", nil, "truncated or no zip archive"},
		{"a web page", []byte("<html>not found</html>"), "truncated or no zip archive"},
		{"another archive", change("wnids.txt", nil), "wnids.txt is missing"},
		{"damage inside", damaged, "words.txt: "},
		{"an image too many", change("val/images/val_1.JPEG", jpegOf(t, 64, 64, color.Gray{1})), "val_1.JPEG is not listed"},
		{"a bomb", change("train/n01/images/n01_0.JPEG", make([]byte, 1<<22)), "n01_0.JPEG: more than 1048576 bytes"},
		{"a long list", change("words.txt", bytes.Repeat(append(bytes.Repeat([]byte("x"), 999), '\n'), largestList/1000+1)), "words.txt: more than"},
	} {
		t.Run(c.name, func(t *testing.T) {
			train, test, err := OpenTinyImageNet(writeZip(t, c.archive))
			require.Nil(t, train)
			require.Nil(t, test)
			require.ErrorContains(t, err, "data: ")
			require.ErrorContains(t, err, "tiny-imagenet-200.zip: ")
			require.ErrorContains(t, err, c.message)
		})
	}
	_, _, err := OpenTinyImageNet(t.TempDir())
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorContains(t, err, "put the published archive there")
}
