// Package tinyset writes data sets on which tests train in no time: drawing
// glyphs is slow under the race detector.
package tinyset

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Images of the set that MNIST writes.
const (
	Train = 400
	Test  = 100
)

// MNIST returns a folder with a set of the MNIST format: images whose
// brightness is their class.
func MNIST(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	WriteMNIST(t, dir)
	return dir
}

// WriteMNIST writes the set of MNIST to a folder.
func WriteMNIST(t testing.TB, dir string) {
	t.Helper()
	for split, n := range map[string]int{"train": Train, "t10k": Test} {
		images, labels := make([]byte, n*28*28), make([]byte, n)
		for i := range n {
			labels[i] = byte(i % 10)
			for p := range 28 * 28 {
				images[i*28*28+p] = 25 * labels[i]
			}
		}
		WriteIDX(t, filepath.Join(dir, split+"-images-idx3-ubyte"), images, n, 28, 28)
		WriteIDX(t, filepath.Join(dir, split+"-labels-idx1-ubyte"), labels, n)
	}
}

// WriteIDX writes a file of the MNIST format with the given dimensions.
func WriteIDX(t testing.TB, path string, pixels []byte, dims ...int) {
	t.Helper()
	content := []byte{0, 0, 8, byte(len(dims))}
	for _, d := range dims {
		content = binary.BigEndian.AppendUint32(content, uint32(d))
	}
	require.NoError(t, os.WriteFile(path, append(content, pixels...), 0o666))
}

// CIFAR10 returns a folder with a set of the CIFAR-10 format: 50 training and
// 10 test images of one colour, which is their class.
func CIFAR10(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"} {
		var data []byte
		for class := range byte(10) {
			data = append(data, class)
			for i := range 3072 {
				data = append(data, 25*class^byte(i/1024))
			}
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, name+".bin"), data, 0o666))
	}
	return dir
}
