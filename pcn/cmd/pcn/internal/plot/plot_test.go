package plot

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	gonum "gonum.org/v1/plot"
)

func accuracy() Chart {
	return Chart{
		Title: "accuracy & depth", X: "levels", Y: "test accuracy (%)",
		Lines: []Line{
			{Name: "BP", Reference: true, Points: []Point{{5, 88, 0.2}, {9, 88, 0.1}}},
			{Name: "PC <0.1>", Points: []Point{{5, 87, math.NaN()}, {9, 76, 1.5}, {17, math.NaN(), 1}}},
		},
	}
}

func triangle() HeatMap {
	return HeatMap{
		Title: "energy", X: "step", Y: "level", Unit: "energy", Log: true,
		Panels: []Panel{{Title: "PC", Values: [][]float64{{0, 1e-3}, {1, math.NaN()}}}},
	}
}

func pixels(t *testing.T, f Figure) map[color.NRGBA]int {
	t.Helper()
	b, err := PNG(f)
	require.NoError(t, err)
	picture, err := png.Decode(bytes.NewReader(b))
	require.NoError(t, err)
	count := map[color.NRGBA]int{}
	for at := (image.Point{}); at.Y < picture.Bounds().Dy(); at.Y++ {
		for at.X = 0; at.X < picture.Bounds().Dx(); at.X++ {
			count[color.NRGBAModel.Convert(picture.At(at.X, at.Y)).(color.NRGBA)]++
		}
	}
	return count
}

// words returns the text of an SVG image, which must be XML.
func words(t *testing.T, f Figure) []string {
	t.Helper()
	b, err := SVG(f)
	require.NoError(t, err)
	require.NotContains(t, string(b), "NaN")
	var list []string
	for d := xml.NewDecoder(bytes.NewReader(b)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return list
		}
		require.NoError(t, err)
		if text, ok := token.(xml.CharData); ok && strings.TrimSpace(string(text)) != "" {
			list = append(list, string(text))
		}
	}
}

func TestChart(t *testing.T) {
	list := words(t, accuracy())
	for _, want := range []string{"accuracy & depth", "levels", "test accuracy (%)", "BP", "PC <0.1>", "5", "9", "80"} {
		require.Contains(t, list, want)
	}
	require.NotContains(t, list, "17", "a point without a value has no place")
	count := pixels(t, accuracy())
	require.Greater(t, count[palette[0].(color.NRGBA)], 100, "the first line's colour")
	require.Zero(t, count[palette[1].(color.NRGBA)], "the reference takes no colour")
	require.Greater(t, count[color.NRGBA{0, 0, 0, 0xff}], 100, "the reference is black")
}

func TestLogarithmicChart(t *testing.T) {
	c := Chart{Title: "energy", Log: true, Lines: []Line{
		{Name: "a", Points: []Point{{0, 1e-6, 1}, {1, 0, 0}, {2, 1, 0}}}}}
	list := words(t, c)
	require.Contains(t, list, "1e-6")
	require.Contains(t, list, "1")
	require.NotContains(t, list, "0.5")
}

func TestChartsOfOnePoint(t *testing.T) {
	c := Chart{Title: "one", Lines: []Line{{Name: "a", Points: []Point{{3, 50, 0}}}}}
	require.Contains(t, words(t, c), "3")
	c.Log = true
	require.Contains(t, words(t, c), "3")
}

func TestHeatMap(t *testing.T) {
	require.Subset(t, words(t, triangle()), []string{"energy", "PC", "step", "level", "0", "1", "1e-3"})
	count := pixels(t, triangle())
	s := scale{1e-3, 1, true}
	for what, shade := range map[string]color.NRGBA{
		"zero": nothing, "not finite": broken, "least": s.color(1e-3), "most": s.color(1),
	} {
		require.Greater(t, count[shade], 10_000, what)
	}
}

func TestPanelsInRows(t *testing.T) {
	h := triangle()
	for n, want := range map[int][2]int{1: {1, 1}, 2: {1, 2}, 3: {1, 3}, 4: {2, 2}, 5: {2, 3}, 7: {3, 3}} {
		h.Panels = nil
		for range n {
			h.Panels = append(h.Panels, triangle().Panels[0])
		}
		rows, columns := h.grid()
		require.Equal(t, want, [2]int{rows, columns}, n)
		titles := 0
		for _, w := range words(t, h) {
			if w == "PC" {
				titles++
			}
		}
		require.Equal(t, n, titles)
	}
}

func TestNamedColumns(t *testing.T) {
	h := triangle()
	h.Panels[0].Columns = []float64{100, 250}
	require.Subset(t, words(t, h), []string{"100", "250"})
}

func TestWhatCannotBeDrawn(t *testing.T) {
	for want, f := range map[string]Figure{
		"a chart needs a line":                   Chart{},
		"no line of the chart \"x\" has a point": Chart{Title: "x", Lines: []Line{{Points: []Point{{1, math.Inf(1), 0}}}}},
		"a heat map needs a panel":               HeatMap{},
		"panel 0 of the heat map \"x\" is empty": HeatMap{Title: "x", Panels: []Panel{{}}},
		"rows of 2 and 1 values":                 HeatMap{Panels: []Panel{{Values: [][]float64{{1, 2}, {3}}}}},
		"has 2 columns and names for 1":          HeatMap{Panels: []Panel{{Values: [][]float64{{1, 2}}, Columns: []float64{1}}}},
	} {
		_, err := SVG(f)
		require.ErrorContains(t, err, want)
		_, err = PNG(f)
		require.ErrorContains(t, err, want)
	}
}

// A table without any value to show has cells, but no scale.
func TestHeatMapOfNothing(t *testing.T) {
	for _, v := range []float64{0, math.NaN()} {
		h := triangle()
		h.Unit = "per sample"
		h.Panels[0].Values = [][]float64{{v, v}}
		require.NotContains(t, words(t, h), "per sample")
	}
}

func TestMoreIsLighter(t *testing.T) {
	light := func(c color.NRGBA) float64 {
		return 0.2126*float64(c.R) + 0.7152*float64(c.G) + 0.0722*float64(c.B)
	}
	s := scale{1, 1000, true}
	before := -1.0
	for i := range 40 {
		v := math.Pow(10, 3*float64(i)/39)
		now := light(s.color(v))
		require.Greater(t, now, before, v)
		before = now
	}
	require.Equal(t, s.color(1), s.color(0.01), "below the scale")
	require.Equal(t, s.color(1000), s.color(1e9), "above the scale")
	for _, share := range []float64{0, 0.25, 1} {
		require.InDelta(t, share, s.share(s.value(share)), 1e-12)
		flat := scale{-3, 5, false}
		require.InDelta(t, share, flat.share(flat.value(share)), 1e-12)
	}
}

func TestScale(t *testing.T) {
	s, found := newScale(true, [][]float64{{0, 3e-5, math.NaN()}}, [][]float64{{40}})
	require.True(t, found)
	require.InDelta(t, 1e-5, s.least, 1e-18)
	require.InDelta(t, 100, s.most, 1e-9)
	s, _ = newScale(true, [][]float64{{1e-30, 1}})
	require.InDelta(t, 1/reach, s.least, 1e-18)
	s, _ = newScale(true, [][]float64{{1, 1}})
	require.Equal(t, scale{1, 10, true}, s)
	s, _ = newScale(false, [][]float64{{2, 2}})
	require.Equal(t, scale{2, 3, false}, s)
	_, found = newScale(false, [][]float64{{math.Inf(1)}})
	require.False(t, found)
}

func labels(ticks []gonum.Tick) string {
	var list []string
	for _, t := range ticks {
		if t.Label != "" {
			list = append(list, t.Label)
		}
	}
	return strings.Join(list, " ")
}

func TestTicks(t *testing.T) {
	require.Equal(t, "60 65 70 75 80 85", labels(round{}.Ticks(59.2, 88)))
	require.Equal(t, "-0.2 0.0 0.2 0.4 0.6 0.8 1.0", labels(round{}.Ticks(-0.3, 1)))
	require.Equal(t, "0.0 0.2 0.4 0.6 0.8 1.0", labels(round{}.Ticks(-0.06, 1)))
	require.Equal(t, "87.0 87.2 87.4 87.6 87.8", labels(round{}.Ticks(86.9, 87.9)))
	require.Equal(t, "1e-4 1e-3 0.01 0.1 1 10 100 1000", labels(decades{}.Ticks(1e-4, 1e3)))
	require.Equal(t, "1e-8 1e-6 1e-4 0.01 1", labels(decades{}.Ticks(1e-8, 10)))
	require.Equal(t, "0 1 2 3", labels(counting{}.Ticks(-0.5, 3.5)))
	require.Equal(t, "0 2 4 6 8 10 12 14 16", labels(counting{}.Ticks(-0.5, 16.5)))
	require.Equal(t, "5 20 40", labels(counting{[]float64{5, 20, 40}}.Ticks(-0.5, 2.5)))
	for _, n := range []float64{1, 9, 24, 100, 999, 5000} {
		require.LessOrEqual(t, len(counting{}.Ticks(-0.5, n-0.5)), 10, n)
	}
}
