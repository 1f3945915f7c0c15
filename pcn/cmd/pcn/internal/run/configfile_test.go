package run

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A record of completed settings gives the same settings back, whatever the
// defaults of the others are.
func TestRecordsAreReadBack(t *testing.T) {
	for _, changes := range []string{
		"", "rule=bp", "rule=ipc", "rule=ipc precision=uniform", "precision=decaying normalised=true", "precision=uniform",
		"model=resnet10 data=cifar10 bn=true width=0.1", "latent-lr=0.123456789 lr=1e-9 seed=18446744073709551615 alpha=1e-7",
		"activation=relu momentum=0.5 wd=0 train-top=2 skip-zero=full augment=true", "nudge=centred beta=0.25 loss=ce seeds=3 val=100 limit=1000",
	} {
		s := Defaults()
		for _, c := range strings.Fields(changes) {
			name, value, _ := strings.Cut(c, "=")
			require.NoError(t, s.Set(name, value))
		}
		task, err := Plan(s)
		require.NoError(t, err)
		record := task.Record().JSON()
		var fields map[string]any
		require.NoError(t, json.Unmarshal(record, &fields))
		require.NotContains(t, fields, "workers")
		require.NotContains(t, fields, "isa")

		path := filepath.Join(t.TempDir(), "config.json")
		require.NoError(t, os.WriteFile(path, record, 0o666))
		s, err = LoadConfig(path)
		require.NoError(t, err, changes)
		again, err := Plan(s)
		require.NoError(t, err)
		require.Equal(t, string(record), string(again.Record().JSON()))
		require.Equal(t, task.Config.Precision.Name, again.Config.Precision.Name)
		for _, w := range again.Warnings {
			require.NotContains(t, w, "has no effect", "nobody asked for what a record has besides")
		}
	}
}

// Every setting has a field in records, named like its flag, or changes no bit.
func TestEverySettingIsRecorded(t *testing.T) {
	s := Defaults()
	s.LatentRate, s.Dir, s.Init, s.Paper = 1, "somewhere", "weights", true
	text, err := json.Marshal(s)
	require.NoError(t, err)
	var fields map[string]any
	require.NoError(t, json.Unmarshal(text, &fields))
	want := []string{}
	for _, name := range Names() {
		if name != "workers" && name != "isa" && name != "profile" {
			want = append(want, jsonName(name))
		}
	}
	got := []string{}
	for name := range fields {
		got = append(got, name)
	}
	require.ElementsMatch(t, want, got)
}

func TestBadConfigFiles(t *testing.T) {
	for text, want := range map[string]string{
		``:                                       "does not end",
		`{"rule": "bp"`:                          "does not end",
		`[]`:                                     "settings are a JSON object",
		`{"rule" "bp"}`:                          "line 1: no valid JSON",
		"{\n\"rule\": bp}":                       "line 2: no valid JSON",
		`{"rule": "bp"} 1`:                       "something behind the object",
		"{\n\n\"rul\": \"bp\"}":                  `line 3: unknown field "rul" (did you mean "rule"?)`,
		`{"latent-lr": 1}`:                       `unknown field "latent-lr" (did you mean "latent_lr"?)`,
		`{"rule": "bpp"}`:                        `rule: "bpp": use pc, ipc or bp (did you mean "bp"?)`,
		`{"rule": 1}`:                            "rule: 1: want a string",
		`{"rule": null}`:                         "rule: null: want a string",
		`{"epochs": "3"}`:                        `epochs: "3": want a number, without quotes`,
		`{"epochs": 2.5}`:                        "epochs: 2.5: want a whole number from 1 on",
		`{"epochs": null}`:                       "epochs: null: want a number, without quotes",
		`{"epochs": [3]}`:                        "want a number, without quotes",
		`{"seed": -1}`:                           "want a whole number from 0 on, less than 2^64",
		`{"bn": "true"}`:                         `bn: "true": want true or false, without quotes`,
		`{"lr": 0}`:                              "want a number greater than 0",
		`{"lr": 1e-3, "rule": "bp", "lr": 2e-3}`: `field "lr" is there twice`,
	} {
		s := Defaults()
		require.ErrorContains(t, s.ReadConfig([]byte(text)), want, text)
	}
	_, err := LoadConfig(filepath.Join(t.TempDir(), "absent.json"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestSettingsByName(t *testing.T) {
	s := Defaults()
	require.NoError(t, s.Set("latent-lr", "0.3"))
	require.NoError(t, s.Set("bn_mode", "ema"))
	require.Equal(t, float32(0.3), s.LatentRate)
	require.Equal(t, "0.3", s.Get("latent_lr"))
	require.Equal(t, "ema", s.NormMode)
	require.True(t, s.Given("latent-lr"))
	require.False(t, s.Given("lr"))
	require.ErrorContains(t, s.Set("latentlr", "1"), `there is no setting "latentlr" (did you mean "latent-lr"?)`)
	require.ErrorContains(t, s.Set("epochs", "0"), "want a whole number")
	require.Panics(t, func() { s.Get("out") })

	// Copies do not share what was given.
	c := s
	require.NoError(t, c.Set("lr", "0.5"))
	require.False(t, s.Given("lr"))
	task, err := Plan(s)
	require.NoError(t, err)
	require.Equal(t, 0.001, task.Settings.Rate)
	require.Equal(t, float32(0.3), task.Settings.LatentRate)
	task, err = Plan(c)
	require.NoError(t, err)
	require.Equal(t, 0.5, task.Settings.Rate)
}
