package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/tinyset"
	"github.com/gopcn/gopcn/pcn/data/catalogue"
	"github.com/gopcn/gopcn/pcn/data/fetch"
)

// smallSet makes up a published set: what a catalogue would say of the files
// that tinyset.MNIST writes, and a folder in which they lie packed.
func smallSet(t *testing.T) (set catalogue.Set, dir string) {
	t.Helper()
	set = catalogue.Set{
		Name: "mnist", Title: "small", Train: tinyset.Train, Test: tinyset.Test, Classes: 10,
		Licence: "do as you like", Cite: "Somebody: Something",
	}
	plain, dir := tinyset.MNIST(t), t.TempDir()
	for _, name := range []string{"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"} {
		content, err := os.ReadFile(filepath.Join(plain, name))
		require.NoError(t, err)
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		_, err = w.Write(content)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		weak, strong := md5.Sum(packed.Bytes()), sha256.Sum256(packed.Bytes())
		set.Files = append(set.Files, catalogue.File{
			Name: name + ".gz", Size: int64(packed.Len()),
			MD5: hex.EncodeToString(weak[:]), SHA256: hex.EncodeToString(strong[:]),
		})
		require.NoError(t, os.WriteFile(filepath.Join(dir, name+".gz"), packed.Bytes(), 0o666))
	}
	return set, dir
}

func TestDataUsage(t *testing.T) {
	for args, want := range map[string]string{
		"":                                "say what to do: list, verify or get",
		"lst":                             `did you mean "list"?`,
		"list -data mnist":                "unknown flag -data",
		"list all":                        `unexpected argument "all"`,
		"get":                             "-data is missing: use mnist, fashion-mnist, cifar10, cifar100 or tiny-imagenet",
		"get -data mnist":                 "-dir is missing",
		"get -data minst -dir x":          `did you mean "mnist"?`,
		"get -data mnist -dir x -url x":   "is no address",
		"get -data mnist -dir x -url f:a": "is no address",
		"get -data mnist -strict":         "unknown flag -strict",
		"verify -dir x":                   "-data is missing",
		"verify -data mnist":              "-dir is missing",
	} {
		code, out, err := call(append([]string{"data"}, strings.Fields(args)...)...)
		require.Equal(t, cli.ExitUsage, code, args)
		require.Empty(t, out, args)
		require.Contains(t, err, want, args)
		require.True(t, strings.HasSuffix(err, "See: pcn help data\n"), err)
	}
}

func TestDataList(t *testing.T) {
	root := t.TempDir()
	write := func(name string, size int64) {
		path := filepath.Join(root, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		require.NoError(t, os.WriteFile(path, nil, 0o666))
		require.NoError(t, os.Truncate(path, size))
	}
	write("mnist/train-images-idx3-ubyte.gz", 5)
	write("mnist/train-labels-idx1-ubyte", 5)
	write("mnist/t10k-images-idx3-ubyte.gz/x", 5)
	write("mnist/t10k-labels-idx1-ubyte.gz", 4542)
	write("cifar-10-batches-bin/data_batch_1.bin.bz2", 5)

	t.Setenv(dataRoot, root)
	code, out, err := call("data", "list")
	require.Equal(t, cli.ExitOK, code)
	require.Empty(t, err)
	for _, want := range []string{
		"\nfashion-mnist: 60,000 training and 10,000 test images, 28x28 grey, 10 classes, 30.9 MB\n",
		"  folder   " + filepath.Join(root, "tiny-imagenet") + "\n",
		"    train-images-idx3-ubyte.gz     9,912,422 bytes   of another size\n",
		"    train-labels-idx1-ubyte.gz        28,881 bytes   missing, but there unpacked\n",
		"    t10k-images-idx3-ubyte.gz      1,648,877 bytes   not a readable file\n",
		"    t10k-labels-idx1-ubyte.gz          4,542 bytes   there\n",
		"  folder   " + filepath.Join(root, "cifar-10-batches-bin") + "\n",
		"    unpacked (data_batch_1.bin.bz2), and so read rather than the archive\n",
		"  licence  MIT, copyright 2017 Zalando SE\n",
	} {
		require.Contains(t, out, want)
	}
	_, other, _ := call("data", "list", "-dir", root)
	require.Equal(t, out, other)
}

func TestDataVerify(t *testing.T) {
	set, dir := smallSet(t)
	check := func(strict bool) (string, error) {
		var out bytes.Buffer
		err := verify(t.Context(), &set, dir, strict, cli.Streams{Out: &out, Err: &out})
		return out.String(), err
	}
	out, err := check(true)
	require.NoError(t, err)
	require.Contains(t, out, "train-images-idx3-ubyte.gz: published, sha256 "+set.Files[0].SHA256)
	require.Contains(t, out, "mnist: 400 training and 100 test images, 10 classes: the published files\n")

	// One file is there unpacked only.
	labels := filepath.Join(dir, "train-labels-idx1-ubyte")
	content := bytes.Repeat([]byte{1}, tinyset.Train)
	tinyset.WriteIDX(t, labels, content, tinyset.Train)
	require.NoError(t, os.Rename(labels+".gz", labels+".old"))
	out, err = check(false)
	require.NoError(t, err)
	require.Contains(t, out, "train-labels-idx1-ubyte.gz: missing\n")
	require.Contains(t, out, ": readable, but not the published files\n")
	_, err = check(true)
	require.ErrorContains(t, err, "-strict: "+dir+" holds other files than the published ones")

	// It is not there at all.
	require.NoError(t, os.Remove(labels))
	_, err = check(false)
	require.ErrorContains(t, err, "train-labels-idx1-ubyte is there")
	require.ErrorContains(t, err, "pcn data get -data mnist -dir "+dir)

	// Something else has its name.
	require.NoError(t, os.WriteFile(labels+".gz", []byte("else"), 0o666))
	out, err = check(false)
	require.ErrorContains(t, err, "1 of 4 files are not the published ones; delete them")
	require.Contains(t, out, "train-labels-idx1-ubyte.gz: NOT the published file: it has 4 bytes, not ")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, verify(ctx, &set, dir, false, cli.Streams{Out: &bytes.Buffer{}}), cli.ErrInterrupted)
}

// Fewer images than the published set has are told, and no error.
func TestDataVerifyTellsWhatIsMissing(t *testing.T) {
	dir := tinyset.MNIST(t)
	code, out, err := call("data", "verify", "-data", "mnist", "-dir", dir)
	require.Equal(t, cli.ExitOK, code)
	require.Empty(t, err)
	require.Contains(t, out, "mnist: 400 of 60,000 training and 100 of 10,000 test images, 10 classes: readable, but not the published files\n")
	code, _, err = call("data", "verify", "-strict", "-data", "mnist", "-dir", dir)
	require.Equal(t, cli.ExitFailure, code)
	require.Contains(t, err, "pcn data: -strict: ")

	// The reader prefers unpacked files to the archive.
	loose := t.TempDir()
	record := make([]byte, 2*3073)
	for _, name := range []string{"data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"} {
		require.NoError(t, os.WriteFile(filepath.Join(loose, name+".bin"), record, 0o666))
	}
	code, out, err = call("data", "verify", "-data", "cifar10", "-dir", loose)
	require.Equal(t, cli.ExitOK, code, err)
	require.Equal(t, "cifar-10-binary.tar.gz: missing\nunpacked (data_batch_1.bin), and so read rather than the archive\n"+
		"cifar10: 10 of 50,000 training and 2 of 10,000 test images, 10 classes: readable, but not the published files\n", out)
}

func TestDataGet(t *testing.T) {
	set, published := smallSet(t)
	server := httptest.NewServer(http.FileServer(http.Dir(published)))
	defer server.Close()
	set.Origins = []string{server.URL + "/absent/", server.URL + "/"}
	dir := filepath.Join(t.TempDir(), "new")

	var out, people bytes.Buffer
	require.NoError(t, get(t.Context(), &set, dir, cli.Streams{Out: &out, Err: &people}, fetch.Getter{}))
	require.Contains(t, out.String(), "train-images-idx3-ubyte.gz: "+cli.Grouped(float64(set.Files[0].Size))+" bytes, the published file\n")
	require.Contains(t, out.String(), "licence: do as you like\ncite: Somebody: Something\nNow: pcn train -data mnist -dir "+dir+"\n")
	require.Contains(t, people.String(), "404 Not Found")
	require.Contains(t, people.String(), "t10k-labels-idx1-ubyte.gz from "+server.URL+"/t10k-labels-idx1-ubyte.gz\n")
	require.NotContains(t, people.String(), "\r", "no terminal")
	require.NoError(t, verify(t.Context(), &set, dir, true, cli.Streams{Out: &out, Err: &people}))

	out.Reset()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "loose"), nil, 0o666))
	set.Loose = []string{"loose"}
	require.NoError(t, get(t.Context(), &set, dir, cli.Streams{Out: &out, Err: &people}, fetch.Getter{}))
	require.Equal(t, 4, strings.Count(out.String(), "there already"))
	require.Contains(t, people.String(), "note: the set lies there unpacked too (loose)")
}

func TestDataGetErrors(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	dir := t.TempDir()
	code, out, err := call("data", "get", "-data", "mnist", "-dir", dir, "-url", server.URL+"/sets")
	require.Equal(t, cli.ExitFailure, code)
	require.Empty(t, out)
	require.Contains(t, err, "pcn data: "+server.URL+"/sets/train-images-idx3-ubyte.gz answers 404 Not Found")
	require.Contains(t, err, "(-url names another address)")

	path := filepath.Join(dir, "train-images-idx3-ubyte.gz")
	require.NoError(t, os.WriteFile(path, []byte("mine"), 0o666))
	code, _, err = call("data", "get", "-data", "mnist", "-dir", dir, "-url", server.URL)
	require.Equal(t, cli.ExitFailure, code)
	require.Contains(t, err, path+" is not the published file")
	require.NotContains(t, err, "-url")
}

func TestDataGetInterrupted(t *testing.T) {
	set, _ := smallSet(t)
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte{0x1f, 0x8b})
		w.(http.Flusher).Flush()
		cancel()
		<-r.Context().Done()
	}))
	defer server.Close()
	set.Origins = []string{server.URL + "/"}
	var people bytes.Buffer
	s := cli.Streams{Out: &bytes.Buffer{}, Err: &people}
	err := get(ctx, &set, t.TempDir(), s, fetch.Getter{})
	require.ErrorIs(t, err, cli.ErrInterrupted)
	require.Contains(t, people.String(), "is kept; the same command continues")
	require.ErrorIs(t, get(ctx, &set, t.TempDir(), s, fetch.Getter{}), cli.ErrInterrupted)
}

func TestDataGetInterruptedBySignal(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("processes cannot be interrupted there")
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write(make([]byte, 1000))
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}))
	defer server.Close()
	dir := t.TempDir()
	cmd := process(t, nil, "data", "get", "-data", "mnist", "-dir", dir, "-url", server.URL)
	var people bytes.Buffer
	cmd.Stderr = &people
	require.NoError(t, cmd.Start())
	defer cmd.Process.Kill()
	partial := filepath.Join(dir, "train-images-idx3-ubyte.gz"+fetch.Partial)
	require.Eventually(t, func() bool {
		info, err := os.Stat(partial)
		return err == nil && info.Size() == 1000
	}, 10*time.Second, 10*time.Millisecond)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	require.Equal(t, cli.ExitInterrupted, exitCodeOf(t, cmd.Wait()))
	require.Contains(t, people.String(), "the same command continues")
	require.FileExists(t, partial)
}

func TestReport(t *testing.T) {
	var out bytes.Buffer
	r := &report{Streams: cli.Streams{Err: &out}, bar: cli.NewProgress(cli.Streams{Err: &out}), name: "f"}
	r.start("here")
	for done := int64(30); done <= 100; done += 5 {
		r.progress(done, 100)
	}
	require.Equal(t, "f from here\nf: 50 %\nf: 75 %\n", out.String())

	out.Reset()
	terminal := cli.Streams{Err: &out, Width: func() int { return 80 }}
	r = &report{Streams: terminal, bar: cli.NewProgress(terminal), name: "f"}
	r.start("here")
	r.progress(3_000_000_000, 4_000_000_000)
	require.Contains(t, out.String(), " 75 %  3000.0 MB of 4000.0 MB")
	r.say("a line")
	require.True(t, strings.HasSuffix(out.String(), "\r\x1b[Ka line\n"), out.String())
}
