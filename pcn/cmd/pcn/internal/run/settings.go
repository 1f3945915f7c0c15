package run

import (
	"fmt"
	"maps"
	"strings"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

// Settings are everything that decides a run, named after the flags. They are a
// value: a copy can be changed without changing the original.
//
// What nobody gave is filled in by [Plan], so that the record of a run holds
// what was used. Given is what Set, a flag or a file of settings has set;
// assigning to a field gives a value only to those whose default depends on no
// other setting (see [Defaults]).
type Settings struct {
	Data  string `json:"data"`
	Dir   string `json:"dir,omitempty"`
	Val   int    `json:"val"`
	Paper bool   `json:"paper_protocol,omitzero"`
	Limit int    `json:"limit"` // 0: no limit

	Model      string  `json:"model"`
	Activation string  `json:"activation"`
	Gain       float64 `json:"gain"`
	Init       string  `json:"init,omitempty"` // file of weights to start from
	Width      float64 `json:"width"`
	Norms      bool    `json:"bn"`
	NormMode   string  `json:"bn_mode"`
	NormFreeze bool    `json:"bn_freeze"`
	Aux        bool    `json:"aux"`
	Augment    bool    `json:"augment"`

	Rule       string  `json:"rule"`
	Update     string  `json:"update"`
	Precision  string  `json:"precision"`
	Alpha      float32 `json:"alpha"`
	DecayK     float64 `json:"decay_k"`
	Normalised bool    `json:"normalised"`
	Steps      int     `json:"steps"`
	LatentRate float32 `json:"latent_lr,omitzero"` // 0: backpropagation has none
	Momentum   float32 `json:"momentum"`
	Nesterov   bool    `json:"nesterov"`
	Loss       string  `json:"loss"`
	Nudge      string  `json:"nudge"`
	Beta       float32 `json:"beta"`

	Optimizer   string  `json:"optimizer"`
	Rate        float64 `json:"lr"`
	WeightDecay float64 `json:"wd"`
	Schedule    string  `json:"schedule"`
	SkipZero    string  `json:"skip_zero"`
	TrainTop    int     `json:"train_top"` // 0: all levels

	Epochs int    `json:"epochs"`
	Batch  int    `json:"batch"`
	Seed   uint64 `json:"seed"`
	Seeds  int    `json:"seeds"`

	// They change no bit of the result, so that records of runs tell them apart
	// from what does: see Machine.
	Workers int    `json:"-"`
	ISA     string `json:"-"`
	Profile string `json:"-"` // of the kernels: a file, auto, or "" for none

	// given are the settings that somebody set. The map is never changed, only
	// replaced, since copies of the settings share it.
	given map[string]origin
}

// An origin says who set a setting.
type origin uint8

const (
	byDefault origin = iota
	byFlag
	byFile // of settings, which may hold some that have no effect
)

// Defaults are the values of settings whose default depends on no other one.
func Defaults() Settings {
	return Settings{
		Data:  "glyphs",
		Model: "mlp:784-128x8-10", Activation: "tanh", Gain: 1,
		Width: 1, NormMode: "batch", NormFreeze: true, Aux: true,
		Rule: "pc", Precision: "spiking", Alpha: 0.001, DecayK: 1, Nesterov: true,
		Loss: "se", Nudge: "none", Beta: 0.1,
		Optimizer: "adamw", Schedule: "warmup-cosine",
		Epochs: 5, Batch: 128, Seeds: 1,
	}
}

// Names lists the settings, as flags are written, in the order of the help.
func Names() []string {
	var list []string
	for _, g := range new(Settings).groups() {
		for _, f := range g.Flags {
			list = append(list, f.Name)
		}
	}
	return list
}

// flagName returns a setting's name as flags are written.
func flagName(name string) string { return strings.ReplaceAll(name, "_", "-") }

// jsonName returns a setting's name as files of settings have it.
func jsonName(name string) string { return strings.ReplaceAll(name, "-", "_") }

// Set gives a setting, by the name of its flag or of its JSON field, a value as
// it is written behind the flag.
func (s *Settings) Set(name, value string) error {
	for _, g := range s.Flags() {
		for _, f := range g.Flags {
			if f.Name != flagName(name) {
				continue
			}
			if err := f.Set(value); err != nil {
				return cli.Usagef("%s: %q: %w", name, value, err)
			}
			return nil
		}
	}
	return cli.Usagef("there is no setting %q%s", name, cli.DidYouMean(flagName(name), Names()))
}

// Get returns the value of a setting, by either name, as Set takes it. It
// panics if there is no such setting.
func (s *Settings) Get(name string) string {
	for _, g := range s.groups() {
		for _, f := range g.Flags {
			if f.Name == flagName(name) {
				return f.Value.String()
			}
		}
	}
	panic(fmt.Sprintf("run: there is no setting %q", name))
}

// Given says whether somebody set the setting of that flag.
func (s *Settings) Given(name string) bool { return s.given[name] != byDefault }

func (s *Settings) give(name string, by origin) {
	given := maps.Clone(s.given)
	if given == nil {
		given = map[string]origin{}
	}
	given[name] = by
	s.given = given
}
