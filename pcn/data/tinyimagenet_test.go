package data

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// jpegOf returns a JPEG file of one colour; a grey one has one component only.
func jpegOf(t testing.TB, width, height int, c color.Color) []byte {
	t.Helper()
	bounds := image.Rect(0, 0, width, height)
	var picture image.Image
	if g, grey := c.(color.Gray); grey {
		p := image.NewGray(bounds)
		for i := range p.Pix {
			p.Pix[i] = g.Y
		}
		picture = p
	} else {
		p := image.NewRGBA(bounds)
		for y := range height {
			for x := range width {
				p.Set(x, y, c)
			}
		}
		picture = p
	}
	var file bytes.Buffer
	require.NoError(t, jpeg.Encode(&file, picture, &jpeg.Options{Quality: 95}))
	return file.Bytes()
}

// tinyFiles is a small set of the published layout: 3 classes with 3, 1 and 1
// training images, and 3 test images.
func tinyFiles(t testing.TB) map[string][]byte {
	colour := func(r, g, b uint8) []byte { return jpegOf(t, 64, 64, color.RGBA{r, g, b, 255}) }
	return map[string][]byte{
		"wnids.txt": []byte("n02\nn01\nn03\n"),
		"words.txt": []byte("n00\tentity\nn01\tgoldfish, Carassius auratus\nn02\tbullfrog\n"),

		"train/n02/images/n02_10.JPEG": colour(30, 0, 0),
		"train/n02/images/n02_9.JPEG":  colour(20, 0, 0),
		"train/n02/images/n02_0.JPEG":  colour(10, 0, 0),
		"train/n02/n02_boxes.txt":      []byte("n02_0.JPEG\t0\t10\t63\t58\n"),
		"train/n01/images/n01_0.JPEG":  colour(0, 200, 100),
		"train/n03/images/n03_0.JPEG":  jpegOf(t, 64, 64, color.Gray{77}),

		"val/images/val_0.JPEG":   colour(1, 2, 3),
		"val/images/val_2.JPEG":   colour(40, 50, 60),
		"val/images/val_11.JPEG":  colour(90, 90, 200),
		"val/val_annotations.txt": []byte("val_11.JPEG\tn03\t0\t32\t44\t62\nval_0.JPEG\tn01\t0\t0\t1\t1\nval_2.JPEG\tn02\t52\t55\t57\t59\n"),
	}
}

func writeTree(t testing.TB, files map[string][]byte) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "tiny-imagenet-200")
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, content, 0o644))
	}
	return dir
}

func TestTinyImageNetClasses(t *testing.T) {
	names, err := TinyImageNetClasses(writeTree(t, tinyFiles(t)))
	require.NoError(t, err)
	require.Equal(t, []string{"bullfrog", "goldfish", "n03"}, names)
	_, err = TinyImageNetClasses(t.TempDir())
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestOpenTinyImageNet(t *testing.T) {
	before := runtime.NumGoroutine()
	train, test, err := OpenTinyImageNet(writeTree(t, tinyFiles(t)))
	require.NoError(t, err)
	// The decoders have finished, which the runtime may count a moment later.
	for tries := 0; runtime.NumGoroutine() > before && tries < 1e6; tries++ {
		runtime.Gosched()
	}
	require.LessOrEqual(t, runtime.NumGoroutine(), before)
	for _, s := range []*Set{train, test} {
		require.NoError(t, s.Check())
		require.Equal(t, []int{64, 64, 3, 3}, []int{s.Height, s.Width, s.Channels, s.Classes})
		require.Equal(t, []string{"bullfrog", "goldfish", "n03"}, s.ClassNames)
	}
	require.Equal(t, "tiny-imagenet train", train.Name)
	require.Equal(t, "tiny-imagenet test", test.Name)
	require.Equal(t, []uint8{0, 0, 0, 1, 2}, train.Labels, "the order of wnids.txt")
	require.Equal(t, []uint8{1, 0, 2}, test.Labels, "the order of the file names")

	near := func(want [3]int, s *Set, index int) {
		t.Helper()
		for i, p := range s.Image(index) {
			require.InDelta(t, want[i%3], int(p), 2, "image %d, byte %d", index, i)
		}
	}
	near([3]int{10, 0, 0}, train, 0)
	near([3]int{20, 0, 0}, train, 1)
	near([3]int{30, 0, 0}, train, 2)
	near([3]int{0, 200, 100}, train, 3)
	near([3]int{77, 77, 77}, train, 4)
	near([3]int{40, 50, 60}, test, 1)

	x := make([]float32, train.Features())
	train.Fill(x, 4)
	grey := float64(train.Image(4)[0]) / 255
	require.InDelta(t, (grey-0.485)/0.229, x[0], 1e-6)
	require.InDelta(t, (grey-0.456)/0.224, x[1], 1e-6)
	require.InDelta(t, (grey-0.406)/0.225, x[2], 1e-6)
}

// Pixels are at their places, not only of the right colour.
func TestTinyPixelsKeepTheirPlaces(t *testing.T) {
	picture := image.NewGray(image.Rect(0, 0, 64, 64))
	for y := range 64 {
		for x := range 64 {
			picture.SetGray(x, y, color.Gray{uint8(x + 2*y)})
		}
	}
	var file bytes.Buffer
	require.NoError(t, jpeg.Encode(&file, picture, &jpeg.Options{Quality: 100}))
	dst := make([]uint8, 64*64*3)
	require.NoError(t, decodeTinyImage(dst, file.Bytes()))
	for y := range 64 {
		for x := range 64 {
			require.InDelta(t, x+2*y, int(dst[(y*64+x)*3+1]), 3)
		}
	}
}

func TestOpenTinyImageNetErrors(t *testing.T) {
	good := jpegOf(t, 64, 64, color.Gray{1})
	huge := bytes.Clone(good)
	frame := bytes.Index(huge, []byte{0xff, 0xc0})
	copy(huge[frame+5:], []byte{0xff, 0xff, 0xff, 0xff}) // height and width
	for _, c := range []struct {
		culprit  string
		content  []byte // nil: the file is not there
		messages []string
	}{
		{"wnids.txt", nil, []string{"neither wnids.txt nor", "tiny-imagenet-200.zip", "put the published archive there"}},
		{"words.txt", nil, []string{"is missing"}},
		{"val/val_annotations.txt", nil, []string{"is missing"}},
		{"train/n01/images/n01_0.JPEG", nil, []string{"n01"}},
		{"val/images/val_2.JPEG", nil, []string{"is missing", "val_annotations.txt"}},
		{"wnids.txt", []byte("\n\n"), []string{"no class is listed"}},
		{"wnids.txt", []byte("n02\nn01\nn02\n"), []string{"line 3", "class n02 is listed twice"}},
		{"wnids.txt", []byte("../../etc"), []string{"line 1", "cannot be the name of a class"}},
		{"wnids.txt", []byte(".."), []string{"cannot be the name of a class"}},
		{"wnids.txt", []byte("n02\nn01\nn04\n"), []string{"n04", "is missing"}},
		{"wnids.txt", manyClasses(201), []string{"line 201", "more than 200 classes"}},
		{"wnids.txt", bytes.Repeat([]byte("n"), 1<<17), []string{"line 1", "more than 65536 bytes"}},
		{"val/val_annotations.txt", []byte("val_0.JPEG\n"), []string{"line 1", "names no class"}},
		{"val/val_annotations.txt", []byte("val_0.JPEG\tn09\n"), []string{"line 1", `class "n09", which wnids.txt does not list`}},
		{"val/val_annotations.txt", []byte("val_0.JPEG\tn01\nval_0.JPEG\tn01\n"), []string{"line 2", "listed twice"}},
		{"val/val_annotations.txt", []byte("val_0.JPEG\tn01\nval_2.JPEG\tn01\n"), []string{"val_11.JPEG is not listed"}},
		{"train/n02/images/n02_9.JPEG", jpegOf(t, 64, 63, color.Gray{1}), []string{"an image of 64x63", "64x64"}},
		{"train/n02/images/n02_9.JPEG", huge, []string{"an image of 65535x65535"}},
		{"train/n02/images/n02_9.JPEG", good[:len(good)/2], []string{"truncated", "unpack it again"}},
		{"train/n02/images/n02_9.JPEG", []byte{}, []string{"truncated"}},
		{"val/images/val_2.JPEG", []byte("\x89PNG\r\n"), []string{"not a sound JPEG file"}},
		{"val/images/val_2.JPEG", make([]byte, largestImage+1), []string{"more than 1048576 bytes"}},
	} {
		t.Run(c.culprit+" "+c.messages[0], func(t *testing.T) {
			files := tinyFiles(t)
			delete(files, c.culprit)
			if c.content != nil {
				files[c.culprit] = c.content
			}
			dir := writeTree(t, files)
			train, test, err := OpenTinyImageNet(dir)
			require.Nil(t, train)
			require.Nil(t, test)
			require.ErrorContains(t, err, "data: ")
			require.ErrorContains(t, err, dir)
			for _, message := range c.messages {
				require.ErrorContains(t, err, message)
			}
			require.Less(t, len(err.Error()), 500)
			if c.content == nil {
				require.ErrorIs(t, err, fs.ErrNotExist)
			} else if !strings.Contains(c.messages[0], "n04") {
				require.ErrorContains(t, err, filepath.Base(c.culprit))
			}
		})
	}
}

func manyClasses(n int) []byte {
	var list []byte
	for i := range n {
		list = fmt.Appendf(list, "n%03d\n", i)
	}
	return list
}

func TestOpenTinyImageNetNeedsAFolder(t *testing.T) {
	dir := t.TempDir()
	_, _, err := OpenTinyImageNet(filepath.Join(dir, "absent"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorContains(t, err, "absent")
	path := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(path, nil, 0o644))
	_, _, err = OpenTinyImageNet(path)
	require.ErrorContains(t, err, "is not a folder")
}

func TestCompareNumbered(t *testing.T) {
	sorted := []string{"", "1", "01", "2", "10", "a", "a_1", "a_1.b", "a_02", "a_2x", "a_10", "a_18446744073709551617", "b"}
	for i, a := range sorted {
		for j, b := range sorted {
			got := compareNumbered(a, b)
			switch {
			case a == "1" && b == "01", a == "01" && b == "1":
				require.NotZero(t, got)
			default:
				require.Equal(t, i < j, got < 0, "%q %q", a, b)
				require.Equal(t, i == j, got == 0, "%q %q", a, b)
			}
			require.Equal(t, got, -compareNumbered(b, a), "%q %q", a, b)
		}
	}
}

// Of several errors the one of the first image is reported, whatever the cores
// do.
func TestOnAllCoresReportsTheFirstError(t *testing.T) {
	for range 50 {
		err := onAllCores(100, func(i int) error {
			if i >= 17 {
				return fmt.Errorf("number %d", i)
			}
			runtime.Gosched()
			return nil
		})
		require.EqualError(t, err, "number 17")
	}
	require.NoError(t, onAllCores(0, func(int) error { panic("nothing to do") }))
}
