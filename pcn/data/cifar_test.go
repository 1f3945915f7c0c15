package data

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// records makes count records whose bytes tell where they are from.
func (c *cifar) records(first, count int) []byte {
	var data []byte
	for i := first; i < first+count; i++ {
		for range c.labels - 1 {
			data = append(data, 255) // a coarse label is not looked at
		}
		data = append(data, uint8(i%c.classes))
		for plane := range 3 {
			for p := range cifarPlane {
				data = append(data, uint8(i+100*plane+p%7))
			}
		}
	}
	return data
}

// folder writes the files of a small set, with an end that says how they are
// packed.
func (c *cifar) folder(t *testing.T, end string) string {
	dir := t.TempDir()
	for i, name := range append(append([]string{}, c.train...), c.test) {
		data := c.records(3*i, 2+i)
		if end == ".gz" {
			data = packGzip(t, data)
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, name+end), data, 0o600))
	}
	return dir
}

func packGzip(t *testing.T, data []byte) []byte {
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	_, err := w.Write(data)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return buf.Bytes()
}

func (c *cifar) packArchive(t *testing.T, leaveOut string) []byte {
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	require.NoError(t, w.WriteHeader(&tar.Header{Name: "folder/", Typeflag: tar.TypeDir}))
	for i, name := range append(append([]string{"batches.meta.txt"}, c.train...), c.test) {
		if name == leaveOut {
			continue
		}
		data := []byte("no records")
		if i > 0 {
			data = c.records(3*(i-1), 1+i)
		}
		require.NoError(t, w.WriteHeader(&tar.Header{Name: "folder/" + name, Typeflag: tar.TypeReg, Size: int64(len(data)), Mode: 0o600}))
		_, err := w.Write(data)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return packGzip(t, buf.Bytes())
}

func (c *cifar) checkSmall(t *testing.T, train, test *Set) {
	require.NoError(t, train.Check())
	require.NoError(t, test.Check())
	want := 2
	if c == &cifar10 {
		want = 2 + 3 + 4 + 5 + 6
	}
	require.Equal(t, want, train.Len())
	require.Equal(t, 2+len(c.train), test.Len())
	require.Equal(t, c.name+" train", train.Name)
	require.Equal(t, c.name+" test", test.Name)
	first := 3 * len(c.train) % c.classes
	require.Equal(t, first, test.Label(0))
	image := test.Image(1)
	i := 3*len(c.train) + 1
	require.Equal(t, []uint8{uint8(i), uint8(i + 100), uint8(i + 200), uint8(i + 1), uint8(i + 101), uint8(i + 201)}, image[:6],
		"colours are neighbours")
	values := make([]float32, test.Features())
	test.Fill(values, 1)
	require.InDelta(t, (float64(image[1])/255-c.mean[1])/c.std[1], values[1], 1e-6)
}

func TestCIFAR(t *testing.T) {
	for _, c := range []*cifar{&cifar10, &cifar100} {
		for _, end := range []string{"", ".gz"} {
			train, test, err := c.open(c.folder(t, end))
			require.NoError(t, err)
			c.checkSmall(t, train, test)
		}
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, c.archive), c.packArchive(t, ""), 0o600))
		train, test, err := c.open(dir)
		require.NoError(t, err)
		c.checkSmall(t, train, test)
	}
}

func TestCIFARSaysWhatIsWrong(t *testing.T) {
	c := &cifar10
	open := func(dir string) error {
		_, _, err := OpenCIFAR10(dir)
		return err
	}
	missing := filepath.Join(t.TempDir(), "x")
	require.ErrorIs(t, open(missing), fs.ErrNotExist)
	require.ErrorContains(t, open(missing), "is missing")
	require.ErrorContains(t, open(t.TempDir()), "or the archive cifar-10-binary.tar.gz")
	require.ErrorIs(t, open(t.TempDir()), fs.ErrNotExist)

	for name, spoil := range map[string]struct {
		file, want string
		data       []byte
	}{
		"truncated":  {"data_batch_2.bin", "no whole number of records of 3073", c.records(0, 1)[1:]},
		"label":      {"test_batch.bin", "label 77 of image 1", append(c.records(0, 1), bytes.Repeat([]byte{77}, 3073)...)},
		"no gzip":    {"data_batch_1.bin.gz", "not a gzip file", c.records(0, 1)},
		"half gzip":  {"data_batch_1.bin.gz", "truncated", packGzip(t, c.records(0, 1))[:60]},
		"bad bzip2":  {"data_batch_1.bin.bz2", "damaged", c.records(0, 1)},
		"half bzip2": {"data_batch_1.bin.bz2", "truncated", []byte("BZh9")},
	} {
		t.Run(name, func(t *testing.T) {
			dir := c.folder(t, "")
			require.NoError(t, os.WriteFile(filepath.Join(dir, spoil.file), spoil.data, 0o600))
			err := open(dir)
			require.ErrorContains(t, err, spoil.want)
			require.ErrorContains(t, err, spoil.file)
		})
	}

	dir := c.folder(t, "")
	require.ErrorContains(t, open(filepath.Join(dir, "test_batch.bin")), "is not a folder")
	require.NoError(t, os.Remove(filepath.Join(dir, "test_batch.bin")))
	require.ErrorContains(t, open(dir), "test_batch.bin is not there")

	archive := func(data []byte) error {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, c.archive), data, 0o600))
		return open(dir)
	}
	require.ErrorContains(t, archive(c.packArchive(t, "data_batch_3.bin")), "there is no data_batch_3.bin in the archive")
	require.ErrorContains(t, archive(packGzip(t, bytes.Repeat([]byte{7}, 2048))), "not a tar archive")
	require.ErrorContains(t, archive(c.packArchive(t, "")[:300]), "truncated")

	_, err := unpack(bytes.NewReader(make([]byte, 11)), "", 10)
	require.ErrorContains(t, err, "more than 10 bytes")
	_, err = unpack(bytes.NewReader(packGzip(t, make([]byte, 1<<20))), ".gz", 1<<20-1)
	require.ErrorContains(t, err, "more than")
	packed, err := hex.DecodeString("425a6839314159265359c1c080e2000001410000100244a00030cd00c3462997177245385090c1c080e2")
	require.NoError(t, err)
	hello, err := unpack(bytes.NewReader(packed), ".bz2", 100)
	require.NoError(t, err)
	require.Equal(t, "hello\n", string(hello))
}

func TestPublishedCIFAR10(t *testing.T) {
	root := os.Getenv("GOPCN_DATA_DIR")
	dir := filepath.Join(root, "cifar-10-batches-bin")
	if _, err := os.Stat(dir); root == "" || err != nil {
		t.Skip("GOPCN_DATA_DIR names no folder with cifar-10-batches-bin")
	}
	train, test, err := OpenCIFAR10(dir)
	require.NoError(t, err)
	require.NoError(t, train.Check())
	require.NoError(t, test.Check())
	require.LessOrEqual(t, train.Len(), 50000)
	require.Greater(t, train.Len(), 49000)
	require.Greater(t, test.Len(), 9900)
	for class, n := range labelCounts(train) {
		require.InDelta(t, 5000, n, 150, "class %d", class)
	}
	var sums [3]float64
	for i, p := range train.Pixels {
		sums[i%3] += float64(p)
	}
	for c, sum := range sums {
		require.InDelta(t, cifar10.mean[c], sum/255/float64(len(train.Pixels)/3), 1e-3)
	}
}

func FuzzUnpackRecords(f *testing.F) {
	f.Add([]byte{}, uint8(0))
	f.Add([]byte("BZh9"), uint8(1))
	f.Add([]byte{31, 139, 8, 0}, uint8(2))
	f.Add(cifar10.records(0, 2), uint8(0))
	f.Fuzz(func(t *testing.T, data []byte, kind uint8) {
		const most = 1 << 16
		if kind%4 == 3 {
			files, err := untar(bytes.NewReader(data), []string{"test_batch.bin"}, most)
			if err != nil {
				require.Nil(t, files)
			}
			return
		}
		plain, err := unpack(bytes.NewReader(data), []string{"", ".bz2", ".gz"}[kind%4], most)
		if err != nil {
			return
		}
		require.LessOrEqual(t, len(plain), most)
		set, err := cifar10.set(map[string]recordFile{"x": {"x", plain}}, []string{"x"})
		if err == nil {
			require.NoError(t, set.Check())
			require.Equal(t, len(plain)/3073, set.Len())
		}
	})
}
