package study

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

func parseSweep(t *testing.T, text string) *Sweep {
	t.Helper()
	s, err := ParseSweep([]byte(text), false)
	require.NoError(t, err)
	return s
}

// points lists what the trials chose.
func points(s *Sweep) []string {
	var list []string
	for _, t := range s.Trials {
		list = append(list, t.describe())
	}
	return list
}

func TestGrid(t *testing.T) {
	s := parseSweep(t, `{"settings": {"val": 100, "epochs": 3, "seeds": 2, "seed": 5},
		"grid": {"precision": ["uniform", "spiking"], "latent-lr": [0.1, 3e-1], "bn": [true]}}`)
	require.Equal(t, []string{
		"bn true, latent-lr 0.1, precision uniform",
		"bn true, latent-lr 0.1, precision spiking",
		"bn true, latent-lr 3e-1, precision uniform",
		"bn true, latent-lr 3e-1, precision spiking",
	}, points(s))
	last := s.Trials[3].Settings
	require.Equal(t, float32(0.3), last.LatentRate)
	require.Equal(t, "spiking", last.Precision)
	require.Equal(t, 3, last.Epochs)

	cells, err := s.Cells()
	require.NoError(t, err)
	require.Len(t, cells, 8)
	require.Equal(t, "trial000-seed5", cells[0].Name)
	require.Equal(t, "trial003-seed6", cells[7].Name)
	require.EqualValues(t, 6, cells[7].Task.Settings.Seed)
	for _, c := range cells {
		require.True(t, c.Blind)
	}
}

func TestRandomPoints(t *testing.T) {
	text := func(trials, draw int) string {
		return fmt.Sprintf(`{"settings": {"val": 100}, "trials": %d, "draw": %d, "random": {
			"lr": {"from": 1e-4, "to": 1e-2, "log": true}, "gain": {"from": 1, "to": 2},
			"steps": {"from": 3, "to": 5}, "precision": ["uniform", "spiking"]}}`, trials, draw)
	}
	s := parseSweep(t, text(200, 0))
	require.Len(t, s.Trials, 200)
	steps, precisions, small := map[int]int{}, map[string]int{}, 0
	for _, trial := range s.Trials {
		v := trial.Settings
		require.True(t, v.Rate >= 1e-4 && v.Rate <= 1e-2, v.Rate)
		require.True(t, v.Gain >= 1 && v.Gain <= 2, v.Gain)
		steps[v.Steps]++
		precisions[v.Precision]++
		if v.Rate < 1e-3 {
			small++
		}
		for _, c := range trial.Point {
			if c.Name == "lr" {
				require.LessOrEqual(t, len(strings.Trim(strings.Split(strings.ReplaceAll(c.Value, ".", ""), "e")[0], "0")), 3, c.Value)
			}
		}
	}
	require.Len(t, steps, 3)
	for n := 3; n <= 5; n++ {
		require.Greater(t, steps[n], 40, "%d steps", n)
	}
	require.Len(t, precisions, 2)
	require.InDelta(t, 100, small, 25, "half of a range of two decades")
	require.Equal(t, points(s)[:7], points(parseSweep(t, text(7, 0))), "more trials add to fewer")
	require.NotEqual(t, points(s)[:7], points(parseSweep(t, text(7, 1))))
}

func TestBadSweeps(t *testing.T) {
	for text, want := range map[string]string{
		`[]`:           "no valid JSON object",
		`{"gird": {}}`: `unknown field "gird" (did you mean "grid"?)`,
		`{"settings": {"epohcs": 3}, "grid": {"lr": [1]}}`:                   `settings, line 1: unknown field "epohcs" (did you mean "epochs"?)`,
		`{"settings": {"epochs": "3"}, "grid": {"lr": [1]}}`:                 "want a number",
		`{"grid": {"latent_rl": [1]}}`:                                       `there is no setting "latent_rl" (did you mean "latent-lr"?)`,
		`{"grid": {"lr": [-1]}}`:                                             "want a number greater than 0",
		`{"grid": {"lr": [[1]]}}`:                                            "grid, lr: [1] is no value of a setting",
		`{"grid": {"lr": 1}}`:                                                "grid is an object of lists",
		`{"grid": {}}`:                                                       "the grid is empty",
		`{"grid": {"lr": []}}`:                                               "the grid is empty",
		`{"settings": {}}`:                                                   "either a grid",
		`{"grid": {"lr": [1]}, "random": {"lr": [1]}}`:                       "either a grid",
		`{"grid": {"lr": [1]}, "trials": 3}`:                                 "leave trials and draw out",
		`{"random": {"lr": [1]}}`:                                            "needs the number of its trials",
		`{"random": {"lr": [1]}, "trials": 0}`:                               "from 1 to 10000",
		`{"random": {"lr": [1]}, "trials": 1, "draw": -1}`:                   "draw is the seed of drawing",
		`{"random": {"lr": []}, "trials": 1}`:                                "random, lr: the list is empty",
		`{"random": {"lr": {"from": 2, "to": 1}}, "trials": 1}`:              "is neither a list nor a range",
		`{"random": {"lr": {"from": 1, "too": 2}}, "trials": 1}`:             "is neither a list nor a range",
		`{"random": {"lr": {"from": 0, "to": 1, "log": true}}, "trials": 1}`: "begins above 0",
		`{"grid": {"seed": [1, 2]}}`:                                         "seed cannot be varied",
		`{"grid": {"paper-protocol": [true]}}`:                               "paper-protocol cannot be varied",
		`{"settings": {"paper_protocol": true}, "grid": {"lr": [1]}}`:        "say so with the flag -paper-protocol too",
		`{"grid": {"lr": [` + strings.Repeat("1,", mostTrials) + `1]}}`:      "more than 10000 points",
	} {
		_, err := ParseSweep([]byte(text), false)
		require.ErrorContains(t, err, want, text)
	}
	_, err := ParseSweep([]byte(`{"settings": {"val": 1}, "grid": {"lr": [1]}}`), true)
	require.ErrorContains(t, err, "leave val out")
	_, err = parseSweep(t, `{"grid": {"lr": [1]}}`).Cells()
	require.ErrorContains(t, err, `set "val" under settings`)
	_, err = parseSweep(t, `{"settings": {"val": 9}, "grid": {"update": ["forward"], "rule": ["pc", "ipc"]}}`).Cells()
	require.ErrorContains(t, err, "trial 1 (rule ipc, update forward): -rule ipc moves the weights")
}

// inventTrial puts a cell of a sweep into a folder, with the accuracies at its
// best epoch; a validation below zero stands for a failure.
func inventTrial(t *testing.T, dir, cell string, epoch int, validation, test float64) {
	t.Helper()
	folder := filepath.Join(dir, cell)
	require.NoError(t, os.MkdirAll(folder, 0o777))
	text := `{"event":"start","levels":3}` + "\n"
	if validation < 0 {
		text += `{"event":"failed","seed":0,"message":"training diverged","diverged":true}` + "\n"
	} else {
		number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
		text += fmt.Sprintf(`{"event":"best","epoch":%d,"validation_accuracy":%s,"test_accuracy":%s}`+"\n", epoch, number(validation), number(test)) +
			`{"event":"done","test_accuracy":` + number(test-0.25) + `,"seconds":9,"weights_sha256":"` + strings.TrimPrefix(cell, testPrefix) + `"}` + "\n"
	}
	require.NoError(t, os.WriteFile(filepath.Join(folder, run.ConfigFile), []byte(`{"epochs": 2}`), 0o666))
	require.NoError(t, os.WriteFile(filepath.Join(folder, run.MetricsFile), []byte(text), 0o666))
}

// Trials are selected by the mean of their validation accuracies, whatever they
// would do on the test images.
func TestSelection(t *testing.T) {
	dir := t.TempDir()
	s := parseSweep(t, `{"settings": {"val": 100, "seeds": 2}, "grid": {"lr": [0.1, 0.2, 0.3, 0.4, 0.5]}}`)
	for trial, v := range [][4]float64{
		{0.50, 0.70, 0.99, 0.99}, // the best test accuracies
		{0.60, 0.80, 0.50, 0.75}, // the best validation accuracies
		{0.95, -1, 0.90, 0.90},   // the best of one seed, and a failure
		{0.65, 0.75, 0.90, 0.90}, // as good, but later
		{0.99, 0.10, 0.90, 0.90}, // the best of one seed
	} {
		inventTrial(t, dir, s.Trials[trial].cellName(0), 2, v[0], v[2])
		inventTrial(t, dir, s.Trials[trial].cellName(1), 3, v[1], v[3])
	}
	f, err := Open(dir)
	require.NoError(t, err)
	k, err := f.Rank(s)
	require.NoError(t, err)
	require.Equal(t, 1, k.Best().Number)
	require.Equal(t, `trial   lr    validation accuracy   at epoch
1       0.2   70.00 ± 14.14 %       2.5
3       0.4   70.00 ± 7.07 %        2.5
0       0.1   60.00 ± 14.14 %       2.5
4       0.5   54.50 ± 62.93 %       2.5
2       0.3   diverged              
`, k.Text())
	csv, err := k.CSV()
	require.NoError(t, err)
	require.Equal(t, `trial,lr,seeds,validation_accuracy_mean,validation_accuracy_std,epoch_mean
1,0.2,2,0.7,0.141421,2.5
3,0.4,2,0.7,0.0707107,2.5
0,0.1,2,0.6,0.141421,2.5
4,0.5,2,0.545,0.629325,2.5
2,0.3,2,,,
`, string(csv))

	_, err = f.Judge(k)
	require.ErrorContains(t, err, "test-trial001-seed0 of "+dir+" has no test accuracy", "a sweep alone knows none")
	inventTrial(t, dir, "test-trial001-seed0", 2, 0.60, 0.50)
	inventTrial(t, dir, "test-trial001-seed1", 3, 0.80, 0.75)
	v, err := f.Judge(k)
	require.NoError(t, err)
	require.True(t, v.Repeated)
	require.Equal(t, "selected: trial 1 (lr 0.2)\ntest accuracy 62.50 ± 17.68 % at the best validation epoch, 37.50 ± 17.68 % after the last one\n", k.Outcome(v))

	text, err := k.JSON(v)
	require.NoError(t, err)
	var report struct {
		Measure  string
		Trials   []map[string]any
		Selected map[string]any
	}
	require.NoError(t, json.Unmarshal(text, &report))
	require.Equal(t, "validation_accuracy", report.Measure)
	require.Len(t, report.Trials, 5)
	require.Nil(t, report.Trials[4]["score_mean"])
	require.Equal(t, 1.0, report.Selected["trial"])
	require.Equal(t, 0.625, report.Selected["best_test_accuracy_mean"])

	inventTrial(t, dir, s.Trials[1].cellName(1), 3, 0.80, 0.75)
	require.NoError(t, os.WriteFile(f.Path("test-trial001-seed1/metrics.jsonl"), []byte(
		`{"event":"best","epoch":3,"validation_accuracy":0.8,"test_accuracy":0.75}`+"\n"+
			`{"event":"done","test_accuracy":0.5,"seconds":9,"weights_sha256":"others"}`+"\n"), 0o666))
	v, err = f.Judge(k)
	require.NoError(t, err)
	require.False(t, v.Repeated)
	require.Contains(t, k.Outcome(v), "gave other weights")
}

func TestAllDiverged(t *testing.T) {
	dir := t.TempDir()
	s := parseSweep(t, `{"settings": {"val": 100}, "grid": {"lr": [0.1]}}`)
	f, err := Open(dir)
	require.NoError(t, err)
	_, err = f.Rank(s)
	require.ErrorContains(t, err, "has not ended")
	inventTrial(t, dir, "trial000-seed0", 1, -1, 0)
	k, err := f.Rank(s)
	require.NoError(t, err)
	require.Nil(t, k.Best())
}
