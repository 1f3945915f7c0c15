package energy

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/tinyset"
	"github.com/gopcn/gopcn/pcn/data"
)

// task is a small one: four levels, four batches an epoch, two epochs.
func task(t *testing.T, changes ...string) *run.Task {
	t.Helper()
	s := run.Defaults()
	for _, c := range append([]string{"data=mnist", "dir=" + tinyset.MNIST(t), "model=mlp:784-16-14-12-10", "limit=256", "batch=64", "epochs=2"}, changes...) {
		name, value, _ := strings.Cut(c, "=")
		require.NoError(t, s.Set(name, value))
	}
	result, err := run.NewTask(s)
	require.NoError(t, err)
	return result
}

func train(t *testing.T, every int, changes ...string) *Method {
	t.Helper()
	m, err := Train(t.Context(), "PC", task(t, changes...), every, nil)
	require.NoError(t, err)
	return m
}

// when says at which batches the looks were taken.
func when(m *Method) [][2]int {
	var list [][2]int
	for _, l := range m.Looks {
		list = append(list, [2]int{l.Epoch, l.Batch})
	}
	return list
}

func TestTrainLooksNowAndThen(t *testing.T) {
	m := train(t, 0)
	require.Equal(t, [][2]int{{1, 1}, {1, 4}, {2, 4}}, when(m))
	require.Equal(t, []string{"first batch", "epoch 1", "epoch 2"}, []string{m.name(&m.Looks[0]), m.name(&m.Looks[1]), m.name(&m.Looks[2])})
	require.Equal(t, []int{3, 2, 1, 0}, m.Arrives)
	require.Equal(t, 4, m.Batches)
	require.NotNil(t, m.Test)
	for _, l := range m.Looks {
		require.Len(t, l.Energy, 5)
		require.Len(t, l.Error, 5)
		require.Len(t, l.Update, 4)
		require.Len(t, l.Moved, 4)
		require.Empty(t, l.Warnings)
		for step := range l.Energy {
			for level := range m.Levels {
				reached := level >= m.Levels-1-step
				require.Equal(t, reached, l.Energy[step][level] > 0, "level %d, state %d", level, step)
				if level < m.Levels-1 { // half the square, of norms that are roots of means
					e := float64(l.Error[step][level])
					require.InDelta(t, e*e/2, float64(l.Energy[step][level]), 1e-6*e*e)
				}
			}
		}
	}

	m = train(t, 3)
	require.Equal(t, [][2]int{{1, 1}, {1, 3}, {2, 2}}, when(m))
	require.Equal(t, "3/4 of epoch 1", m.name(&m.Looks[1]))
	require.Equal(t, [][2]int{{1, 1}}, when(train(t, 100)))
}

// A network is looked at as the first batch of its training would be.
func TestInspect(t *testing.T) {
	k := task(t)
	order := make([]int32, k.Data.Train.Len())
	data.Order(order, 0, 0)
	batch := &data.Batch{Set: k.Data.Train, Places: order[:64]}
	m, err := Inspect("PC", k, nil, batch)
	require.NoError(t, err)
	require.Len(t, m.Looks, 1)
	require.Equal(t, "as it is", m.name(&m.Looks[0]))
	require.Nil(t, m.Test)
	want := train(t, 100).Looks[0]
	want.Epoch, want.Batch = 0, 0
	require.Equal(t, want, m.Looks[0])

	trainer, err := k.NewTrainer(7)
	require.NoError(t, err)
	defer trainer.Close()
	w := trainer.Weights()
	m, err = Inspect("PC", k, &w, batch)
	require.NoError(t, err)
	require.NotEqual(t, want, m.Looks[0])
	w.Parameters = w.Parameters[:1]
	_, err = Inspect("PC", k, &w, batch)
	require.Error(t, err)
}

func TestTrainingThatGoesWrong(t *testing.T) {
	m := train(t, 0, "latent-lr=1e20", "steps=20")
	require.Nil(t, m.Test)
	require.Len(t, m.Looks, 1, "the batch in which it began")
	require.Contains(t, m.Looks[0].Warnings[0], "not finite at relaxation step 0: lower -latent-lr")
	require.True(t, math.IsNaN(m.Looks[0].imbalance()))
	_, err := (&Report{Methods: []*Method{m}}).Save(t.TempDir())
	require.NoError(t, err)
	require.Regexp(t, `^training diverged in batch 1 of epoch 1: the latents of level \d are not finite at relaxation step \d; lower -latent-lr`, m.Warnings[len(m.Warnings)-1])

	m = train(t, 0, "precision=uniform", "latent-lr=1.5", "steps=6")
	require.Contains(t, strings.Join(m.Looks[0].Warnings, "\n"), "lower -latent-lr (1.5)")
	require.NotContains(t, strings.Join(m.Looks[0].Warnings, "\n"), "LatentRate")

	ctx, cancel := context.WithCancel(t.Context())
	_, err = Train(ctx, "PC", task(t), 0, func(int, int, int) { cancel() })
	require.ErrorIs(t, err, cli.ErrInterrupted)
}

func TestSave(t *testing.T) {
	r := &Report{Methods: []*Method{train(t, 0), train(t, 0, "precision=uniform")}}
	r.Methods[1].Looks[2].Energy[1][0] = cli.Number(math.NaN())
	dir := filepath.Join(t.TempDir(), "a", "b")
	names, err := r.Save(dir)
	require.NoError(t, err)
	require.Len(t, names, 14)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, len(names))
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		switch filepath.Ext(name) {
		case ".png":
			require.True(t, bytes.HasPrefix(content, []byte("\x89PNG")), name)
		case ".svg":
			require.Contains(t, string(content), "<svg", name)
		}
	}

	var again Report
	content, err := os.ReadFile(filepath.Join(dir, "energy.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(content, &again))
	require.Equal(t, r.Methods[0].Looks, again.Methods[0].Looks)
	require.True(t, math.IsNaN(float64(again.Methods[1].Looks[2].Energy[1][0])))

	file, err := os.Open(filepath.Join(dir, "energy.csv"))
	require.NoError(t, err)
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	require.Len(t, lines, 1+2*3*5*4)
	require.Equal(t, []string{"method", "epoch", "batch", "step", "level", "energy", "error", "latent", "update"}, lines[0])
	look := &r.Methods[0].Looks[1]
	for _, line := range lines[1+20 : 1+40] {
		require.Equal(t, []string{"PC", "1", "4"}, line[:3])
		step, level := number(t, line[3]), number(t, line[4])
		require.InEpsilon(t, 1+float64(look.Energy[int(step)][int(level)]), 1+number(t, line[5]), 1e-8)
		if step == 4 {
			require.Empty(t, line[8], "the state after the last step")
		} else {
			require.InEpsilon(t, 1+float64(look.Update[int(step)][int(level)]), 1+number(t, line[8]), 1e-8)
		}
	}

	// A report without a look has no figures.
	names, err = (&Report{Methods: []*Method{{Label: "PC", Levels: 3}}}).Save(t.TempDir())
	require.NoError(t, err)
	require.Equal(t, []string{"energy.csv", "energy.json"}, names)
}

func number(t *testing.T, text string) float64 {
	v, err := strconv.ParseFloat(text, 64)
	require.NoError(t, err)
	return v
}

func TestPrint(t *testing.T) {
	r := &Report{Methods: []*Method{train(t, 1), train(t, 0, "precision=uniform", "steps=2")}}
	var text strings.Builder
	require.NoError(t, r.Print(&text))
	out := text.String()
	require.Contains(t, out, "PC: pc, spiking precision alpha 0.001, forward update, loss se; 4 steps")
	require.Regexp(t, `level +step +first batch +1/4 of epoch 2 +2/4 of epoch 2 +3/4 of epoch 2 +epoch 2 +error +moved\n`, out,
		"the first look and the latest")
	require.Regexp(t, `level +step +first batch +epoch 1 +epoch 2 +error`, out)
	require.Regexp(t, `\n +0 +3 +\d`, out)
	require.Regexp(t, `\n +3 +0 .* 0\n`, out, "the output does not move")
	require.Contains(t, out, "warning: level 0 is never reached")
	require.Regexp(t, `method +test accuracy +imbalance`, out)
	require.Contains(t, out, "infinite: there is a level without energy")
	require.Regexp(t, `PC +\d+\.\d\d % +\d\S*\n`, out)
}
