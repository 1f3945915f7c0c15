package data

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func pack(t testing.TB, content []byte) []byte {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write(content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return packed.Bytes()
}

// smallFiles is a set of 6 and 4 images of 3x2 in 3 classes, unpacked.
func smallFiles() map[string][]byte {
	return map[string][]byte{
		"train-images-idx3-ubyte": idx(ramp(36), 6, 3, 2),
		"train-labels-idx1-ubyte": idx([]uint8{0, 1, 2, 0, 1, 2}, 6),
		"t10k-images-idx3-ubyte":  idx(ramp(24), 4, 3, 2),
		"t10k-labels-idx1-ubyte":  idx([]uint8{2, 1, 0, 2}, 4),
	}
}

func writeFolder(t *testing.T, files map[string][]byte) string {
	dir := filepath.Join(t.TempDir(), "small")
	require.NoError(t, os.Mkdir(dir, 0o755))
	for name, content := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), content, 0o644))
	}
	return dir
}

func TestOpenIDX(t *testing.T) {
	plain := smallFiles()
	packed, mixed := map[string][]byte{}, map[string][]byte{}
	for name, content := range plain {
		packed[name+".gz"] = pack(t, content)
		if name[1] == 'r' {
			mixed[name] = content
		} else {
			mixed[name+".gz"] = pack(t, content)
			mixed[name] = []byte("the packed one goes first")
		}
	}
	for name, files := range map[string]map[string][]byte{"plain": plain, "packed": packed, "mixed": mixed} {
		t.Run(name, func(t *testing.T) {
			train, test, err := OpenIDX(writeFolder(t, files), 3)
			require.NoError(t, err)
			require.NoError(t, train.Check())
			require.NoError(t, test.Check())
			require.Equal(t, "small train", train.Name)
			require.Equal(t, "small test", test.Name)
			require.Equal(t, []int{6, 3, 2, 1, 3}, []int{train.Len(), train.Height, train.Width, train.Channels, train.Classes})
			require.Equal(t, []uint8{2, 1, 0, 2}, test.Labels)
			require.Equal(t, []uint8{6, 7, 8, 9, 10, 11}, test.Image(1))
			dst := make([]float32, 6)
			train.Fill(dst, 0)
			require.Equal(t, float32(-1), dst[0])
		})
	}
}

func TestOpenIDXErrors(t *testing.T) {
	const images, labels = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
	good := smallFiles()
	damaged := pack(t, good[images])
	damaged[len(damaged)-6] ^= 1 // within the checksum
	garbled := pack(t, bytes.Repeat(ramp(251), 10))
	garbled[10] = 0x07 // a block of a kind that does not exist

	for _, c := range []struct {
		name, culprit string
		content       []byte
		messages      []string
	}{
		{"short", images, good[images][:30], []string{images, "truncated", "get the file again"}},
		{"long", labels, append(bytes.Clone(good[labels]), 1), []string{labels, "trailing data"}},
		{"swapped images", images, good[labels], []string{images, "is it a file of labels?"}},
		{"swapped labels", labels, good[images], []string{labels, "is it a file of images?"}},
		{"fewer labels", labels, idx([]uint8{0, 1}, 2), []string{images, "has 6 images", labels, "has 2 labels"}},
		{"label out of range", labels, idx([]uint8{0, 1, 2, 3, 0, 0}, 6), []string{labels, "label 3 of image 3 is out of range", "3 classes"}},
		{"another shape", images, idx(ramp(36), 6, 2, 3), []string{"train images are 2x3, test images 3x2"}},
		{"no images", images, idx(nil, 0, 3, 2), []string{images, "absurd size"}},
		{"packed under a plain name", images, pack(t, good[images]), []string{images, "let its name end in .gz"}},
		{"not gzip", images + ".gz", good[images], []string{images + ".gz", "not a gzip file", "rename"}},
		{"empty gzip", images + ".gz", nil, []string{images + ".gz", "truncated"}},
		{"short gzip", images + ".gz", pack(t, good[images])[:25], []string{images + ".gz", "truncated"}},
		{"gzip without its end", labels + ".gz", pack(t, good[labels])[:len(pack(t, good[labels]))-3], []string{labels + ".gz", "truncated"}},
		{"wrong checksum", images + ".gz", damaged, []string{images + ".gz", "damaged", "get the file again"}},
		{"garbled gzip", images + ".gz", garbled, []string{images + ".gz", "damaged"}},
		{"data after gzip", images + ".gz", append(pack(t, good[images]), "more than a header"...), []string{images + ".gz", "trailing data"}},
		{"data in gzip", images + ".gz", pack(t, append(bytes.Clone(good[images]), 1)), []string{images + ".gz", "trailing data"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := smallFiles()
			files[c.culprit] = c.content
			train, test, err := OpenIDX(writeFolder(t, files), 3)
			require.ErrorContains(t, err, "data: ")
			for _, m := range c.messages {
				require.ErrorContains(t, err, m)
			}
			require.Nil(t, train)
			require.Nil(t, test)
		})
	}
}

func TestOpenIDXMissing(t *testing.T) {
	dir := writeFolder(t, smallFiles())
	_, _, err := OpenIDX(filepath.Join(dir, "nowhere"), 3)
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorContains(t, err, "nowhere")
	require.ErrorContains(t, err, "train-images-idx3-ubyte.gz")

	_, _, err = OpenIDX(filepath.Join(dir, "t10k-labels-idx1-ubyte"), 3)
	require.ErrorContains(t, err, "is not a folder")

	_, _, err = OpenIDX(dir, 0)
	require.ErrorContains(t, err, "0 classes")

	for name := range smallFiles() {
		path := filepath.Join(dir, name)
		require.NoError(t, os.Rename(path, path+".away"))
		_, _, err := OpenIDX(dir, 3)
		require.ErrorIs(t, err, fs.ErrNotExist)
		require.ErrorContains(t, err, path)
		require.NoError(t, os.Rename(path+".away", path))
	}
}

func TestNamedSets(t *testing.T) {
	dir := writeFolder(t, smallFiles())
	train, test, err := OpenFashionMNIST(dir)
	require.NoError(t, err)
	require.NoError(t, train.Check())
	require.Equal(t, "fashion-mnist train", train.Name)
	require.Equal(t, "fashion-mnist test", test.Name)
	require.Equal(t, "Ankle boot", test.ClassNames[9])

	train, test, err = OpenMNIST(dir)
	require.NoError(t, err)
	require.NoError(t, test.Check())
	require.Equal(t, "mnist train", train.Name)
	require.Equal(t, 10, test.Classes)

	_, _, err = OpenMNIST(filepath.Join(dir, "nowhere"))
	require.ErrorIs(t, err, fs.ErrNotExist)
}
