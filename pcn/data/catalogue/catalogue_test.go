package catalogue

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSetsAreComplete(t *testing.T) {
	require.Equal(t, []string{"mnist", "fashion-mnist", "cifar10", "cifar100", "tiny-imagenet"}, Names())
	seen := map[string]bool{}
	for _, s := range Sets() {
		require.NotEmpty(t, s.Title)
		require.NotEmpty(t, s.Licence, s.Name)
		require.NotEmpty(t, s.Cite, s.Name)
		require.NotEmpty(t, s.Page, s.Name)
		require.NotEmpty(t, s.Origins, s.Name)
		require.Positive(t, s.Train)
		require.Positive(t, s.Test)
		require.Positive(t, s.Classes)
		require.NotEmpty(t, s.Image)
		total := int64(0)
		for _, f := range s.Files {
			require.Positive(t, f.Size, f.Name)
			require.Equal(t, filepath.Base(f.Name), f.Name)
			require.Regexp(t, regexp.MustCompile("^[0-9a-f]{32}$"), f.MD5, f.Name)
			require.Regexp(t, regexp.MustCompile("^[0-9a-f]{64}$"), f.SHA256, f.Name)
			require.False(t, seen[f.SHA256] || seen[f.MD5], "copied: %s of %s", f.Name, s.Name)
			seen[f.SHA256], seen[f.MD5] = true, true
			total += f.Size
		}
		require.Equal(t, total, s.Size())
		for _, origin := range s.Origins {
			require.True(t, strings.HasPrefix(origin, "http"), origin)
			require.True(t, strings.HasSuffix(origin, "/"), origin)
		}
		for _, name := range s.Loose {
			require.True(t, fs.ValidPath(name), name)
		}
		found, ok := Find(s.Name)
		require.True(t, ok)
		require.Equal(t, s, found)
	}
	_, ok := Find("cifar")
	require.False(t, ok)
}

func sample(t *testing.T) (f File, path string) {
	t.Helper()
	content := []byte("what was published")
	weak, strong := md5.Sum(content), sha256.Sum256(content)
	f = File{"f.gz", int64(len(content)), hex.EncodeToString(weak[:]), hex.EncodeToString(strong[:])}
	path = filepath.Join(t.TempDir(), f.Name)
	require.NoError(t, os.WriteFile(path, content, 0o666))
	return f, path
}

func TestCheck(t *testing.T) {
	f, path := sample(t)
	require.NoError(t, f.Check(path))
	require.Equal(t, RightSize, f.Glance(filepath.Dir(path)))

	for _, c := range []struct {
		why    string
		change func(*File)
	}{
		{"it has 18 bytes, not 19", func(f *File) { f.Size++ }},
		{"its sha256 is ", func(f *File) { f.SHA256 = strings.Repeat("0", 64) }},
		{"its md5 is ", func(f *File) { f.MD5 = strings.Repeat("0", 32) }},
	} {
		other := f
		c.change(&other)
		err := other.Check(path)
		var mismatch *MismatchError
		require.ErrorAs(t, err, &mismatch)
		require.Equal(t, path, mismatch.Path)
		require.ErrorContains(t, err, path+" is not the published file: "+c.why)
	}

	require.NoError(t, os.WriteFile(path, []byte("what?"), 0o666))
	require.Equal(t, OtherSize, f.Glance(filepath.Dir(path)))
	require.NoError(t, os.Remove(path))
	require.ErrorIs(t, f.Check(path), fs.ErrNotExist)
	require.Equal(t, Missing, f.Glance(filepath.Dir(path)))
	require.NoError(t, os.Mkdir(path, 0o777))
	require.ErrorContains(t, f.Check(path), "it is a folder")
	require.Equal(t, Unreadable, f.Glance(filepath.Dir(path)))
}

func TestFindLoose(t *testing.T) {
	dir := t.TempDir()
	s := Set{Loose: []string{"a.bin", "a.bin.bz2", "x/list.txt"}}
	require.Empty(t, s.FindLoose(dir))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "x"), 0o777))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "x", "list.txt"), nil, 0o666))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.bin.bz2"), nil, 0o666))
	require.Equal(t, []string{"a.bin.bz2", "x/list.txt"}, s.FindLoose(dir))
}

// The published files, where GOPCN_DATA_DIR names a folder with sets in it.
func TestPublishedFiles(t *testing.T) {
	root := os.Getenv("GOPCN_DATA_DIR")
	if root == "" {
		t.Skip("GOPCN_DATA_DIR is not set: it names a folder that holds mnist/ and fashion-mnist/")
	}
	for _, name := range []string{"mnist", "fashion-mnist"} {
		s, _ := Find(name)
		for _, f := range s.Files {
			require.NoError(t, f.Check(filepath.Join(root, name, f.Name)))
		}
	}
}
