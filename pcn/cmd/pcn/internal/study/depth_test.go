package study

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

// accuracyOf returns what a question has found in a folder.
func accuracyOf(t *testing.T, dir string, d *Depth) *Accuracy {
	t.Helper()
	f, err := Open(dir)
	require.NoError(t, err)
	study, err := f.Add(d)
	require.NoError(t, err)
	a, err := f.Accuracy(study)
	require.NoError(t, err)
	return a
}

// invent puts a cell with this result into a folder: an accuracy, or a failure
// if it is below zero.
func invent(t *testing.T, dir, cell string, accuracy float64) {
	t.Helper()
	folder := filepath.Join(dir, cell)
	require.NoError(t, os.MkdirAll(folder, 0o777))
	end := fmt.Sprintf(`{"event":"done","test_accuracy":%v,"seconds":90,"samples_per_second":1,"weights_sha256":"00"}`, accuracy)
	if accuracy < 0 {
		end = `{"event":"failed","seed":0,"message":"training diverged","diverged":true}`
	}
	require.NoError(t, os.WriteFile(filepath.Join(folder, run.ConfigFile), []byte(`{"epochs": 2}`), 0o666))
	require.NoError(t, os.WriteFile(filepath.Join(folder, run.MetricsFile), []byte(
		`{"event":"start","levels":3}`+"\n"+
			`{"event":"epoch","epoch":1,"train_accuracy":0.25}`+"\n"+
			`{"event":"epoch","epoch":2,"train_accuracy":0.5}`+"\n"+end+"\n"), 0o666))
}

// invented is a study of two seeds with a gap and a failure.
func invented(t *testing.T) (dir string, a *Accuracy) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "mlp-tiny")
	d := tiny(t)
	d.Methods = []Method{"bp", "pc:latent-lr=0.3"}
	for cell, accuracy := range map[string]float64{
		"mlp2-bp-seed0": 0.5, "mlp2-bp-seed1": 0.6, "mlp3-bp-seed0": 0.875,
		"mlp2-pc,latent-lr=0.3-seed0": 0.1234, "mlp2-pc,latent-lr=0.3-seed1": 0.1234,
		"mlp3-pc,latent-lr=0.3-seed0": 0.3, "mlp3-pc,latent-lr=0.3-seed1": -1,
	} {
		invent(t, dir, cell, accuracy)
	}
	return dir, accuracyOf(t, dir, d)
}

func TestTables(t *testing.T) {
	_, a := invented(t)
	caption := "MLPs with hidden layers of 8 on mnist. Test accuracy in percent after the last epoch, mean and standard deviation of seeds 0 and 1; " +
		"-limit 128 -epochs 2 -batch 64. 7 runs, 9 min of training and evaluating in all, 1 still to be done."
	require.Equal(t, caption+`

| method       | 2 levels     | 3 levels             |
|--------------|--------------|----------------------|
| BP           | 55.00 ± 7.07 | 87.50 (1 of 2 seeds) |
| PC, rate 0.3 | 12.34 ± 0.00 | diverged (1 of 2)    |
`, a.Markdown())
	require.Equal(t, caption+`

method         2 levels       3 levels
BP             55.00 ± 7.07   87.50 (1 of 2 seeds)
PC, rate 0.3   12.34 ± 0.00   diverged (1 of 2)
`, a.Text())
}

func TestCSV(t *testing.T) {
	_, a := invented(t)
	text, err := a.CSV()
	require.NoError(t, err)
	require.Equal(t, `depth,levels,method,seeds,diverged,test_accuracy_mean,test_accuracy_std,train_accuracy_mean,seconds_mean
2,2,bp,2,0,0.55,0.0707107,0.5,90
3,3,bp,1,0,0.875,,0.5,90
2,2,pc:latent-lr=0.3,2,0,0.1234,0,0.5,90
3,3,pc:latent-lr=0.3,2,1,,,,
`, string(text))
}

func TestJSON(t *testing.T) {
	_, a := invented(t)
	text, err := a.JSON()
	require.NoError(t, err)
	var got struct {
		Study, Family string
		Settings      map[string]string
		Rows          []map[string]any
	}
	require.NoError(t, json.Unmarshal(text, &got))
	require.Equal(t, "depth mlp 2", got.Study+" "+got.Family+" "+got.Settings["epochs"])
	require.Len(t, got.Rows, 4)
	require.Equal(t, map[string]any{
		"depth": 2.0, "levels": 2.0, "method": "bp", "label": "BP", "seeds": []any{0.0, 1.0}, "diverged": 0.0,
		"test_accuracies": []any{0.5, 0.6}, "test_accuracy_mean": 0.55, "test_accuracy_std": got.Rows[0]["test_accuracy_std"],
		"train_accuracy_mean": 0.5, "seconds_mean": 90.0,
	}, got.Rows[0])
	require.InDelta(t, 0.0707106781, got.Rows[0]["test_accuracy_std"], 1e-9)
	require.Nil(t, got.Rows[1]["test_accuracy_std"], "one seed")
	require.Equal(t, []any{0.3, nil}, got.Rows[3]["test_accuracies"])
	require.Nil(t, got.Rows[3]["test_accuracy_mean"], "the mean of the seed that went well would flatter")
}

func TestChart(t *testing.T) {
	_, a := invented(t)
	c := a.Chart()
	require.Len(t, c.Lines, 2)
	require.True(t, c.Lines[0].Reference)
	require.False(t, c.Lines[1].Reference)
	require.Equal(t, "PC, rate 0.3", c.Lines[1].Name)
	require.InDelta(t, 55, c.Lines[0].Points[0].Y, 1e-9)
	require.InDelta(t, 7.0710678, c.Lines[0].Points[0].Spread, 1e-6)
	require.Equal(t, 3.0, c.Lines[0].Points[1].X)
}

// A packed study is as good as its folders.
func TestPackedStudy(t *testing.T) {
	dir, d := t.TempDir(), tiny(t)
	_, _, err := train(t, t.Context(), dir, d, 0)
	require.NoError(t, err)
	f, err := Open(dir)
	require.NoError(t, err)
	a := accuracyOf(t, dir, d)
	paths, err := f.Save(a)
	require.NoError(t, err)
	for _, p := range paths {
		require.FileExists(t, p)
	}
	for _, c := range cellsOf(t, d) {
		require.NoError(t, os.RemoveAll(filepath.Join(dir, c.Name)))
	}
	packed, err := os.ReadFile(f.Path(resultsFile))
	require.NoError(t, err)
	require.Len(t, lines(packed), 8)

	again := accuracyOf(t, dir, d)
	require.Equal(t, a.Markdown(), again.Markdown())
	f, err = Open(dir)
	require.NoError(t, err)
	_, err = f.Save(again)
	require.NoError(t, err)
	repacked, err := os.ReadFile(f.Path(resultsFile))
	require.NoError(t, err)
	require.Equal(t, string(packed), string(repacked))
	names, _, err := train(t, t.Context(), dir, d, 0)
	require.NoError(t, err)
	require.Empty(t, names, "nothing is trained again")

	require.NoError(t, os.WriteFile(f.Path(resultsFile), append(packed, []byte("{\n")...), 0o666))
	_, err = Open(dir)
	require.ErrorContains(t, err, "line 9 of ")
}

func TestQuestionsAddUp(t *testing.T) {
	dir, d := t.TempDir(), tiny(t)
	f, err := Open(dir)
	require.NoError(t, err)
	d.Methods, d.Seeds = []Method{"pc"}, 1
	_, err = f.Add(d)
	require.NoError(t, err)
	d.Methods, d.Depths = []Method{"bp", "pc"}, []int{3, 5}
	_, err = f.Add(d)
	require.NoError(t, err)
	study, err := f.ReadDepth()
	require.NoError(t, err)
	require.Equal(t, []Method{"pc", "bp"}, study.Methods)
	require.Equal(t, []string{"mlp2-pc-seed0", "mlp3-pc-seed0", "mlp3-bp-seed0", "mlp5-bp-seed0", "mlp5-pc-seed0"}, study.CellNames())

	require.NoError(t, d.Base.Set("epochs", "9"))
	_, err = f.Add(d)
	require.EqualError(t, err, "the study in "+dir+" has -epochs 2, not 9: name another folder, or give -epochs 2")
	d.Base, d.Hidden = tiny(t).Base, 9
	_, err = f.Add(d)
	require.ErrorContains(t, err, "has -hidden 8, not 9")
	d = tiny(t)
	d.Family, d.Depths = "vgg", []int{5}
	_, err = f.Add(d)
	require.ErrorContains(t, err, "holds a study of mlp networks, not vgg")
}

func TestDepthsOfFamilies(t *testing.T) {
	d := tiny(t)
	require.NoError(t, d.Base.Set("data", "cifar10"))
	for _, c := range []struct {
		family string
		depth  int
		model  string
		levels int
	}{
		{"mlp", 2, "mlp:3072-8x1-10", 2},
		{"mlp", 17, "mlp:3072-8x16-10", 17},
		{"vgg", 5, "vgg5", 5},
		{"vgg", 19, "vgg19", 17},
		{"resnet", 18, "resnet18", 18},
	} {
		d.Family, d.Depths, d.Seeds, d.Methods = c.family, []int{c.depth}, 1, []Method{"bp"}
		cells, about, err := d.cells()
		require.NoError(t, err)
		require.Equal(t, c.model, cells[0].Task.Settings.Model)
		require.Equal(t, c.levels, about[0].Levels)
	}
	for _, c := range []struct {
		family string
		depth  int
		want   string
	}{
		{"mlp", 1, "an mlp of 1 levels has no hidden layer"},
		{"vgg", 6, "there is no vgg6: use depths of vgg5, vgg7"},
		{"resnet", 9, "there is no resnet9: use depths of resnet10 or resnet18"},
	} {
		d.Family, d.Depths = c.family, []int{c.depth}
		_, err := d.Cells()
		require.ErrorContains(t, err, c.want)
		require.ErrorAs(t, err, new(cli.UsageError))
	}
	for _, family := range Families {
		require.NotEmpty(t, DefaultDepths(family))
		require.Contains(t, DefaultMethods(family), Method("bp"))
	}
}

func TestInsert(t *testing.T) {
	dir, a := invented(t)
	path := filepath.Join(t.TempDir(), "results.md")
	before, after := "# Results\n\n<!-- study mlp-tiny -->\n", "<!-- end of study mlp-tiny -->\n\nThe end.\n"
	require.NoError(t, os.WriteFile(path, []byte(before+"old\n"+after), 0o666))
	for range 2 {
		require.NoError(t, Insert(path, dir, a.Markdown()))
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, before+"\n"+a.Markdown()+"\n"+after, string(text))
		inner, err := Between(string(text), "mlp-tiny")
		require.NoError(t, err)
		require.Equal(t, "\n"+a.Markdown()+"\n", inner)
	}
	err := Insert(path, t.TempDir(), "")
	require.ErrorContains(t, err, "mark it by two lines")
}

func TestDamagedCells(t *testing.T) {
	dir, a := invented(t)
	metrics := filepath.Join(dir, "mlp2-bp-seed0", run.MetricsFile)
	text, err := os.ReadFile(metrics)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(metrics, bytes.Replace(text, []byte(`"epoch":1,`), []byte(`"epoch":"one",`), 1), 0o666))
	f, err := Open(dir)
	require.NoError(t, err)
	_, err = f.Accuracy(a.Study)
	require.ErrorContains(t, err, "event 2 of the cell mlp2-bp-seed0 is damaged")
	require.ErrorContains(t, err, "remove the cell")

	require.NoError(t, os.WriteFile(filepath.Join(dir, "mlp2-bp-seed0", run.ConfigFile), []byte("{"), 0o666))
	_, err = f.Accuracy(a.Study)
	require.ErrorContains(t, err, "config.json is damaged")
}

// A study of which all training diverged has tables, and no figure.
func TestDivergedStudyHasNoFigure(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mlp-tiny")
	d := tiny(t)
	d.Methods = []Method{"bp"}
	invent(t, dir, "mlp2-bp-seed0", -1)
	invent(t, dir, "mlp2-bp-seed1", 0.5) // a mean without the other says nothing
	a := accuracyOf(t, dir, d)
	f, err := Open(dir)
	require.NoError(t, err)
	paths, err := f.Save(a)
	require.NoError(t, err)
	require.Equal(t, []string{f.Path("accuracy.csv"), f.Path("accuracy.json"), f.Path("accuracy.md")}, paths)
	require.Contains(t, a.Markdown(), "diverged (1 of 2)")
}

// Packed results that end in the middle of a line are reported, and left as they
// are.
func TestDamagedResults(t *testing.T) {
	dir, a := invented(t)
	f, err := Open(dir)
	require.NoError(t, err)
	_, err = f.Save(a)
	require.NoError(t, err)
	text, err := os.ReadFile(f.Path(resultsFile))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(f.Path(resultsFile), text[:len(text)-10], 0o666))
	_, err = Open(dir)
	require.ErrorContains(t, err, "line 7 of "+f.Path(resultsFile)+" is damaged")
	require.NoError(t, os.WriteFile(f.Path(resultsFile), text[:len(text)-1], 0o666))
	_, err = Open(dir)
	require.NoError(t, err, "only the end of the line is missing")

	empty, err := Open(t.TempDir())
	require.NoError(t, err)
	nothing, err := empty.Accuracy(a.Study)
	require.NoError(t, err)
	_, err = empty.Save(nothing)
	require.ErrorContains(t, err, "nothing to report")
	require.NoFileExists(t, empty.Path(resultsFile))
}
