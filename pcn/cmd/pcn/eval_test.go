package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/tinyset"
)

// trained trains a network and returns the folder of the run and the last event.
func trained(t *testing.T, more ...string) (dir string, done map[string]any) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "run")
	list := events(t, small(t, append(more, "-out", dir, "-epochs", "20", "-lr", "1e-2")...)...)
	return dir, list[len(list)-1]
}

func evalOf(t *testing.T, args ...string) evalReport {
	t.Helper()
	code, out, err := call(append([]string{"eval", "-json"}, args...)...)
	require.Equal(t, cli.ExitOK, code, err)
	require.Equal(t, 1, strings.Count(out, "\n"))
	var r evalReport
	require.NoError(t, json.Unmarshal([]byte(out), &r))
	return r
}

func TestEval(t *testing.T) {
	dir, done := trained(t, "-val", "80")
	r := evalOf(t, dir)
	require.EqualValues(t, done["test_accuracy"], r.Accuracy)
	require.Equal(t, "mnist test", r.Set)
	require.Equal(t, tinyset.Test, r.Samples)
	require.Len(t, r.Classes, 10)
	samples, correct := 0, 0
	for i, c := range r.Classes {
		require.Equal(t, string(rune('0'+i)), c.Name)
		require.Equal(t, r.Confusion[i][i], c.Correct)
		sum := 0
		for _, n := range r.Confusion[i] {
			sum += n
		}
		require.Equal(t, sum, c.Samples)
		samples, correct = samples+c.Samples, correct+c.Correct
	}
	require.Equal(t, r.Samples, samples)
	require.Equal(t, r.Correct, correct)

	require.Equal(t, 80, evalOf(t, dir, "-split", "val").Samples)
	require.Equal(t, 256, evalOf(t, "-split", "train", dir).Samples)
	best := evalOf(t, dir, "-best")
	require.Equal(t, filepath.Join(dir, "best.safetensors"), best.Weights)

	// The same weights in a file of their own, with flags that say what they are.
	file := filepath.Join(t.TempDir(), "w.safetensors")
	code, _, err := call("export", dir, file)
	require.Equal(t, cli.ExitOK, code, err)
	same := evalOf(t, "-weights", file, "-config", filepath.Join(dir, "config.json"))
	same.Weights = r.Weights
	require.Equal(t, r, same)
	config, readErr := os.ReadFile(filepath.Join(dir, "config.json"))
	require.NoError(t, readErr)
	var settings struct{ Dir string }
	require.NoError(t, json.Unmarshal(config, &settings))
	same = evalOf(t, "-weights", file, "-data", "mnist", "-dir", settings.Dir, "-model", "mlp:784-16-16-10")
	same.Weights = r.Weights
	require.Equal(t, r, same)
	other := evalOf(t, "-weights", file, "-data", "mnist", "-dir", settings.Dir, "-model", "mlp:784-16-16-10", "-activation", "relu")
	require.NotEqual(t, r.Loss, other.Loss, "the control")
}

func TestEvalText(t *testing.T) {
	r := evalReport{
		Set: "pets test", Samples: 1300, Correct: 1200, Accuracy: 12. / 13, Loss: 0.25,
		Classes:   []evalClass{{"cat", 300, 250, 250. / 300}, {"guinea pig", 1000, 950, 0.95}, {"dog", 0, 0, 0}},
		Confusion: [][]int{{250, 20, 30}, {25, 950, 25}, {0, 0, 0}},
	}
	var text strings.Builder
	require.NoError(t, r.print(&text))
	require.Equal(t, `pets test: 92.31 % of 1,300 images right, loss 0.25

class       images     right  most taken for
cat            300   83.33 %  dog (30)
guinea pig    1000   95.00 %  cat (25)
dog              0    0.00 %  

images of a class (rows), by what they were taken for (columns, in the same order)
              0    1    2
cat         250   20   30
guinea pig   25  950   25
dog           0    0    0
`, text.String())

	r.Classes = make([]evalClass, 21)
	r.Confusion = make([][]int, 21)
	text.Reset()
	require.NoError(t, r.print(&text))
	require.Contains(t, text.String(), "21 classes are too many for a table")
}

func TestModelsThatCannotBeFound(t *testing.T) {
	dir, _ := trained(t)
	file := filepath.Join(dir, "checkpoint.safetensors")
	for _, c := range []struct {
		want string
		code int
		args []string
	}{
		{"name a run: the folder of pcn train -out", cli.ExitUsage, nil},
		{"no such file", cli.ExitFailure, []string{filepath.Join(dir, "none")}},
		{`unexpected argument "more"`, cli.ExitUsage, []string{dir, "more"}},
		{"-best chooses among the files of a run", cli.ExitUsage, []string{"-weights", file, "-best"}},
		{"-config goes with -weights", cli.ExitUsage, []string{dir, "-config", "x"}},
		{"no such file", cli.ExitUsage, []string{"-weights", file, "-config", filepath.Join(dir, "none")}},
		{`"n0.weight" has the shape [16 784], but the network needs [128 784]`, cli.ExitFailure, []string{"-weights", file}},
		{"-split val: the run held out no images", cli.ExitUsage, []string{dir, "-split", "val"}},
		{`use test, val or train (did you mean "test"?)`, cli.ExitUsage, []string{dir, "-split", "tets"}},
		{"unknown flag -splitt", cli.ExitUsage, []string{dir, "-splitt", "val"}},
		{"no best.safetensors", cli.ExitFailure, []string{dir, "-best"}},
	} {
		code, out, err := call(append([]string{"eval"}, c.args...)...)
		require.Equal(t, c.code, code, err)
		require.Empty(t, out)
		require.Contains(t, err, c.want)
	}
}
