package main

import (
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/tinyset"
)

// grey writes a picture of one brightness, which is the class in the tiny set.
func grey(t *testing.T, name string, size int, brightness uint8) string {
	t.Helper()
	p := image.NewGray(image.Rect(0, 0, size, size))
	for i := range p.Pix {
		p.Pix[i] = brightness
	}
	path := filepath.Join(t.TempDir(), name)
	file, err := os.Create(path)
	require.NoError(t, err)
	if strings.HasSuffix(name, ".png") {
		require.NoError(t, png.Encode(file, p))
	} else {
		require.NoError(t, jpeg.Encode(file, p, nil))
	}
	require.NoError(t, file.Close())
	return path
}

func predictions(t *testing.T, args ...string) (list []prediction) {
	t.Helper()
	code, out, err := call(append([]string{"predict", "-json"}, args...)...)
	require.Equal(t, cli.ExitOK, code, err)
	for dec := json.NewDecoder(strings.NewReader(out)); dec.More(); {
		var p prediction
		require.NoError(t, dec.Decode(&p))
		list = append(list, p)
	}
	return list
}

func TestPredict(t *testing.T) {
	for _, loss := range []string{"se", "ce"} {
		dir, _ := trained(t, "-loss", loss)
		darkest, lightest := takenFor(t, dir, 0), takenFor(t, dir, 9)
		require.NotEqual(t, darkest, lightest)
		black, white := grey(t, "black.png", 28, 0), grey(t, "white.jpg", 300, 225)
		list := predictions(t, dir, black, white)
		require.Len(t, list, 2)
		require.Equal(t, black, list[0].Picture)
		require.Equal(t, darkest, list[0].Class)
		require.Equal(t, lightest, list[1].Class)
		require.Equal(t, strconv.Itoa(lightest), list[1].Name)
		for _, p := range list {
			require.Len(t, p.Classes, 10)
			require.Equal(t, p.Class, p.Classes[0].Class)
			var sum float64
			for i, c := range p.Classes {
				sum += float64(c.Probability)
				require.LessOrEqual(t, c.Probability, p.Classes[max(0, i-1)].Probability)
			}
			require.InDelta(t, 1, sum, 1e-5)
		}
		inverted := predictions(t, dir, "-invert", grey(t, "dark.png", 28, 30))
		require.Equal(t, lightest, inverted[0].Class)

		code, out, err := call("predict", dir, black, "-top", "2")
		require.Equal(t, cli.ExitOK, code, err)
		require.Regexp(t, `^`+black+`: \d \(\d+\.\d %\), \d \(\d+\.\d %\)\n$`, out)
	}
}

// takenFor is what pcn eval says the images of a class are taken for, which are
// all alike.
func takenFor(t *testing.T, dir string, class int) int {
	t.Helper()
	return slices.Index(evalOf(t, dir).Confusion[class], tinyset.Test/10)
}

func TestPredictRefuses(t *testing.T) {
	dir, _ := trained(t)
	text := filepath.Join(t.TempDir(), "text.png")
	require.NoError(t, os.WriteFile(text, []byte("text"), 0o666))
	for _, c := range []struct {
		want string
		args []string
	}{
		{"name the pictures", []string{dir}},
		{"neither a PNG nor a JPEG file", []string{dir, grey(t, "p.png", 3, 0), text}},
		{"no such file", []string{dir, text + "2"}},
		{"want a whole number from 1 on", []string{dir, "-top", "0", text}},
	} {
		code, out, err := call(append([]string{"predict"}, c.args...)...)
		require.NotEqual(t, cli.ExitOK, code)
		require.Empty(t, out)
		require.Contains(t, err, c.want)
	}
}

// Pictures in colour for networks that see colours.
func TestPredictColours(t *testing.T) {
	dir, path := filepath.Join(t.TempDir(), "run"), filepath.Join(t.TempDir(), "p.png")
	events(t, "train", "-data", "cifar10", "-dir", tinyset.CIFAR10(t), "-model", "mlp:3072-16-10", "-batch", "10", "-epochs", "1", "-out", dir)
	p := image.NewRGBA(image.Rect(0, 0, 40, 50))
	p.Set(3, 3, color.RGBA{R: 255, A: 255})
	file, err := os.Create(path)
	require.NoError(t, err)
	require.NoError(t, png.Encode(file, p))
	require.NoError(t, file.Close())
	require.Contains(t, []string{"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"},
		predictions(t, dir, path)[0].Name)
}
