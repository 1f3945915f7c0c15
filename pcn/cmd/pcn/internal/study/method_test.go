package study

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

// applied returns the settings of a deep network trained by a method.
func applied(t *testing.T, m Method, base ...string) run.Settings {
	t.Helper()
	s := run.Defaults()
	s.Model = "mlp:784-16x8-10"
	for _, setting := range base {
		name, value, _ := strings.Cut(setting, "=")
		require.NoError(t, s.Set(name, value))
	}
	require.NoError(t, m.Apply(&s))
	task, err := run.Plan(s)
	require.NoError(t, err)
	return task.Settings
}

func TestMethods(t *testing.T) {
	for _, c := range []struct{ method, want string }{
		{"pc", "pc uniform settled 0.1 0"}, // at any depth, unlike the default of pcn train
		{"s", "pc spiking settled 0.8 0.1"},
		{"d", "pc decaying settled 0.8 0"},
		{"fu", "pc uniform forward 0.1 0"},
		{"s+fu", "pc spiking forward 0.8 0.1"},
		{"d+fu", "pc decaying forward 0.8 0"},
		{"ipc", "ipc uniform settled 0.1 0"},
		{"ipc+s", "ipc spiking settled 0.8 0.1"},
		{"pc:latent-lr=0.3:momentum=0.5", "pc uniform settled 0.3 0.5"},
	} {
		s := applied(t, Method(c.method))
		require.Equal(t, c.want, strings.Join([]string{s.Rule, s.Precision, s.Update, s.Get("latent-lr"), s.Get("momentum")}, " "), c.method)
	}
	require.Equal(t, "bp", applied(t, "bp").Rule)
	require.Equal(t, 0.0003, applied(t, "ipc").Rate)
	top := applied(t, "bp-top3")
	require.Equal(t, "bp 3", top.Rule+" "+top.Get("train-top"))
	require.True(t, applied(t, "s+fu:normalised").Normalised, "a name alone stands for true")
}

// The settings of the study count more than those of a method's name, and less
// than those behind it.
func TestWhichSettingsCount(t *testing.T) {
	require.Equal(t, float32(0.2), applied(t, "pc", "latent-lr=0.2").LatentRate)
	require.Equal(t, float32(0.3), applied(t, "pc:latent-lr=0.3", "latent-lr=0.2").LatentRate)
}

func TestUnknownMethods(t *testing.T) {
	for method, want := range map[string]string{
		"s+fo":               `unknown method "s+fo" (did you mean "s+fu"?)`,
		"bp-top0":            `unknown method "bp-top0"`,
		"":                   "unknown method",
		"pc:latent-rl=1":     `method pc:latent-rl=1: there is no setting "latent-rl" (did you mean "latent-lr"?)`,
		"pc:latent-lr=quick": "method pc:latent-lr=quick: latent-lr: ",
	} {
		s := run.Defaults()
		err := Method(method).Apply(&s)
		require.ErrorContains(t, err, want)
		require.ErrorAs(t, err, new(cli.UsageError))
	}
}

func TestLabels(t *testing.T) {
	for method, want := range map[Method]string{
		"bp": "BP", "bp-top5": "BP, top 5 levels", "s+fu": "PC+S+FU", "ipc+s": "iPC+S",
		"pc:latent-lr=0.3:steps=40":        "PC, rate 0.3, T = 40",
		"s+fu:aux=false:bn:bn-mode=ema":    "PC+S+FU, no aux, bn, bn-mode ema",
		"s+fu:aux=false:bn-freeze=false":   "PC+S+FU, no aux, no bn-freeze",
		"nobody knows it, but it is shown": "nobody knows it, but it is shown",
	} {
		require.Equal(t, want, method.Label())
	}
}
