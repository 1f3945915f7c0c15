package main

import (
	"bytes"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/tinyset"
	"github.com/stretchr/testify/require"
)

func TestPublishedSets(t *testing.T) {
	dir := tinyset.MNIST(t)
	for _, name := range []string{"mnist", "fashion-mnist"} {
		list := events(t, "train", "-data", name, "-dir", dir, "-model", "mlp:784-16-10",
			"-batch", "10", "-val", "20", "-limit", "30", "-epochs", "1")
		require.Equal(t, "start epoch best done", outline(list))
		require.EqualValues(t, 30, list[0]["train_images"])
		require.EqualValues(t, 20, list[0]["validation_images"])
		require.EqualValues(t, tinyset.Test, list[0]["test_images"])
	}
}

// Two classes of the published layout.
func TestTinyImageNet(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, content []byte) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		require.NoError(t, os.WriteFile(path, content, 0o666))
	}
	var picture bytes.Buffer
	require.NoError(t, jpeg.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 64, 64)), nil))
	write("wnids.txt", []byte("n1\nn2\n"))
	write("words.txt", []byte("n1\tone\nn2\ttwo\n"))
	write("val/val_annotations.txt", []byte("val_0.JPEG\tn2\n"))
	for _, name := range []string{"train/n1/images/n1_0.JPEG", "train/n2/images/n2_0.JPEG", "val/images/val_0.JPEG"} {
		write(name, picture.Bytes())
	}
	list := events(t, "train", "-data", "tiny-imagenet", "-dir", dir, "-model", "mlp:12288-4-2", "-batch", "2", "-epochs", "1")
	require.Equal(t, "start epoch done", outline(list))
	require.EqualValues(t, 2, list[0]["train_images"])
	require.EqualValues(t, 1, list[0]["test_images"])
}

func TestGlyphs(t *testing.T) {
	list := events(t, "train", "-model", "mlp:784-16-10", "-limit", "128", "-epochs", "1")
	require.Equal(t, "start epoch done", outline(list))
	require.EqualValues(t, 128, list[0]["train_images"])
	require.EqualValues(t, 5000, list[0]["test_images"])
}

func TestMissingAndDamagedFiles(t *testing.T) {
	dir := t.TempDir()
	run := func(folder string) string {
		code, out, err := call("train", "-data", "mnist", "-dir", folder)
		require.Equal(t, cli.ExitFailure, code)
		require.Empty(t, out)
		require.NotContains(t, err, "data: ")
		return err
	}
	require.Contains(t, run(filepath.Join(dir, "absent")), "is missing")
	require.Contains(t, run(dir), "put the published file there")
	require.Contains(t, run(dir), "pcn data get -data mnist -dir "+dir+" brings the files")
	tinyset.WriteMNIST(t, dir)
	path := filepath.Join(dir, "t10k-images-idx3-ubyte")
	require.NoError(t, os.Truncate(path, 1000))
	require.Contains(t, run(dir), path)
}
