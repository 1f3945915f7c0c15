package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/tinyset"
	"github.com/stretchr/testify/require"
)

func TestHelpExplainsEveryFlag(t *testing.T) {
	_, out, _ := call("help", "train")
	for _, g := range newTrainFlags().groups() {
		require.Contains(t, out, "\n"+g.Title+"\n")
		for _, f := range g.Flags {
			require.Contains(t, out, "\n  -"+f.Name+" ")
			require.NotEmpty(t, f.Text, f.Name)
		}
	}
	for _, line := range strings.Split(out, "\n") {
		require.LessOrEqual(t, len(line), 80, line)
	}
}

func TestHelpNamesDefaults(t *testing.T) {
	var out bytes.Buffer
	cli.PrintFlags(&out, newTrainFlags().groups())
	help := strings.Join(strings.Fields(out.String()), " ")
	for _, want := range []string{
		"-epochs n passes over the training images (default 5)",
		"-alpha x precision before and after the spike (default 0.001)",
		"-steps T relaxation steps of a batch (default the number of levels)",
	} {
		require.Contains(t, help, want)
	}
}

// Every mistake is named with what to do about it, costs nothing and gives
// exit code 2.
func TestUsageErrors(t *testing.T) {
	tiny := tinyset.MNIST(t)
	for _, c := range []struct {
		args string
		want string
	}{
		{"-epoch 3", `unknown flag -epoch (did you mean "epochs"?)`},
		{"-gpu", "unknown flag -gpu\n"},
		{"-epochs", "flag needs an argument: -epochs"},
		{"-epochs x", "want a whole number from 1 on"},
		{"-epochs 0", "want a whole number from 1 on"},
		{"-batch 1.5", "want a whole number from 1 on"},
		{"-workers -1", "want a whole number from 0 on"},
		{"-seed -1", "want a whole number from 0 on, less than 2^64"},
		{"-lr 0", "want a number greater than 0"},
		{"-lr NaN", "want a number greater than 0"},
		{"-latent-lr Inf", "want a number greater than 0"},
		{"-momentum 1.1", "want a number from 0 to 1"},
		{"-alpha -0.1", "want a number from 0 on"},
		{"-train-top 10", "-train-top is 10; set it to 0 for all levels, or to 1 to 9"},
		{"-alpha 1e50", "want a number from 0 on"},
		{"-nesterov=maybe", "want true or false"},
		{"-rule bpp", `use pc, ipc or bp (did you mean "bp"?)`},
		{"-data cifar", "use glyphs, mnist"},
		{"-activation gulu", `did you mean "gelu"?`},
		{"-isa sse", "use generic, avx2 or avx512"},
		{"glyphs", `unexpected argument "glyphs"`},
		{"-json true", `unexpected argument "true"`},
		{"-model vgg:5x", "-model: unknown model"},
		{"-model mlp:784-x-10", `-model: "mlp:784-x-10"`},
		{"-data mnist -dir TINY -model mlp:100-10", "begin the widths with 784"},
		{"-data mnist -dir TINY -model mlp:784-11", "end the widths with 10"},
		{"-data mnist", "-data mnist needs -dir"},
		{"-dir somewhere", "-data glyphs is built in"},
		{"-rule ipc -update forward", "leave -update out, or use -rule pc"},
		{"-rule ipc -nudge positive", "-nudge positive needs -rule pc, not ipc"},
		{"-rule bp -nudge centred", "-nudge centred needs -rule pc, not bp"},
		{"-precision decaying -steps 4", "set -steps to 9 or more, not 4"},
		{"-limit 100", "lower -batch or raise -limit"},
		{"-data mnist -dir TINY -val 300", "choose at most 272"},
		{"-data mnist -dir TINY -val 500", "choose at most 272"},
		{"-data mnist -dir TINY -batch 401", "400 training images are less than one batch of 401"},
		{"-out=", "-out needs a name"},
		{"-view=", "-view needs an address"},
		{"-view 8080", "-view 8080: want [host]:port: write :8080"},
	} {
		args := strings.Fields(strings.Replace(c.args, "TINY", tiny, 1))
		code, out, err := call(append([]string{"train"}, args...)...)
		require.Equal(t, cli.ExitUsage, code, c.args)
		require.Empty(t, out, c.args)
		require.Contains(t, err, c.want, c.args)
		require.True(t, strings.HasPrefix(err, "pcn train: "), err)
		require.True(t, strings.HasSuffix(err, "See: pcn help train\n"), err)
	}
}
