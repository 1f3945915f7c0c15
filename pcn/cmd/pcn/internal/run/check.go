package run

import (
	"regexp"
	"strings"

	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

// checkFolder refuses folders that make no sense.
func (s *Settings) checkFolder() error {
	switch {
	case s.Data == "glyphs" && s.Dir != "":
		return cli.Usagef("-data glyphs is built in and reads no folder: leave -dir out, or choose the set in it with -data mnist or -data fashion-mnist")
	case s.Data != "glyphs" && s.Dir == "":
		return cli.Usagef("-data %s needs -dir, the folder that holds its files", s.Data)
	}
	return nil
}

// check refuses combinations of flags that make no sense.
func (s *Settings) check(net *pcn.Network) error {
	switch {
	case s.Rule == "ipc" && s.Update == "forward":
		return cli.Usagef("-rule ipc moves the weights while relaxing, which leaves no forward update: leave -update out, or use -rule pc")
	case s.Rule != "pc" && s.Nudge != "none":
		return cli.Usagef("-nudge %s needs -rule pc, not %s", s.Nudge, s.Rule)
	case s.Rule != "bp" && s.Precision == "decaying" && s.Steps < net.Levels():
		return cli.Usagef("-precision decaying needs at least as many relaxation steps as levels: set -steps to %d or more, not %d", net.Levels(), s.Steps)
	case s.Paper && s.Val > 0:
		return cli.Usagef("-paper-protocol chooses the epoch by the test images, which leaves nothing to validate: leave -val out, or -paper-protocol")
	}
	return nil
}

// withoutEffect warns about flags that the user gave in vain.
func (s *Settings) withoutEffect() []string {
	var list []string
	vain := func(when bool, why string, flags ...string) {
		for _, f := range flags {
			if when && s.given[f] == byFlag {
				list = append(list, "-"+f+" has no effect with "+why)
			}
		}
	}
	bp := s.Rule == "bp"
	vain(bp, "-rule bp", "update", "precision", "alpha", "decay-k", "normalised", "steps", "latent-lr", "momentum", "nesterov", "beta")
	vain(!bp && s.Precision != "spiking", "-precision "+s.Precision, "alpha")
	vain(!bp && s.Precision != "decaying", "-precision "+s.Precision, "decay-k", "normalised")
	vain(!bp && s.Nudge == "none", "-nudge none", "beta")
	mlp := strings.HasPrefix(s.Model, "mlp:")
	vain(mlp, "-model mlp", "width", "bn")
	vain(mlp || !s.Norms, "no batch normalisation", "bn-mode", "bn-freeze")
	vain(!strings.HasPrefix(s.Model, "resnet"), "-model "+s.Model, "aux")
	vain(s.Init != "", "-init", "gain")
	vain(s.Optimizer != "adamw", "-optimizer "+s.Optimizer, "wd")
	return list
}

// Fields of pcn.Config, as texts of package pcn mention them, and their flags.
var fieldFlags = map[string]string{
	"Batch": "-batch", "Beta": "-beta", "Gain": "-gain", "LatentRate": "-latent-lr", "Momentum": "-momentum",
	"Norm": "-bn-mode", "NormBatch": "batch", "NormEMA": "ema", "NormUnfrozen": "-bn-freeze=false",
	"Nudge": "-nudge", "Rule": "-rule", "Steps": "-steps", "TrainTop": "-train-top", "Update": "-update", "Workers": "-workers",
}

var word = regexp.MustCompile(`\w+`)

// InFlags puts the names of flags for those of fields.
func InFlags(message string) string {
	return word.ReplaceAllStringFunc(strings.TrimPrefix(message, "pcn: "), func(w string) string {
		if flag, ok := fieldFlags[w]; ok {
			return flag
		}
		return w
	})
}
