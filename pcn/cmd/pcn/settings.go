package main

import (
	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/models"
)

// settings are everything that decides a run, named after the flags. What the
// user left out is filled in by complete, so that the record of a run holds
// what was used.
type settings struct {
	Data  string `json:"data"`
	Dir   string `json:"dir,omitempty"`
	Val   int    `json:"val"`
	Limit int    `json:"limit"` // 0: no limit

	Model      string  `json:"model"`
	Activation string  `json:"activation"`
	Gain       float64 `json:"gain"`
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
	LatentRate float32 `json:"latent_lr"`
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

	Epochs  int    `json:"epochs"`
	Batch   int    `json:"batch"`
	Seed    uint64 `json:"seed"`
	Seeds   int    `json:"seeds"`
	Workers int    `json:"workers"`
	ISA     string `json:"isa"`

	out  string // folder of the run, or ""
	json bool
}

// defaultSettings are the values of flags whose default depends on no other
// flag.
func defaultSettings() *settings {
	return &settings{
		Data:  "glyphs",
		Model: "mlp:784-128x8-10", Activation: "tanh", Gain: 1,
		Width: 1, NormMode: "batch", NormFreeze: true, Aux: true,
		Rule: "pc", Precision: "spiking", Alpha: 0.001, DecayK: 1, Nesterov: true,
		Loss: "se", Nudge: "none", Beta: 0.1,
		Optimizer: "adamw", Schedule: "warmup-cosine",
		Epochs: 5, Batch: 128, Seeds: 1,
	}
}

// Names that flags take, in the order of the help.
var (
	ruleNames      = names(pcn.PC, pcn.IPC, pcn.BP)
	updateNames    = names(pcn.Settled, pcn.Forward)
	precisionNames = []string{"uniform", "spiking", "decaying"}
	lossNames      = names(pcn.SquaredError, pcn.CrossEntropy)
	nudgeNames     = names(pcn.NudgeNone, pcn.NudgePositive, pcn.NudgeNegative, pcn.NudgeCentred)
	optimizerNames = names(pcn.SGD, pcn.Adam, pcn.AdamW)
	scheduleNames  = []string{"constant", "warmup-cosine"}
	skipZeroNames  = names(pcn.SkipOff, pcn.SkipUpdate, pcn.SkipFull)
	normModeNames  = names(pcn.NormBatch, pcn.NormEMA)
	isaNames       = names(kernels.Generic, kernels.AVX2, kernels.AVX512)
)

// names returns what values call themselves.
func names[T interface{ String() string }](values ...T) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = v.String()
	}
	return list
}

// named returns the value that calls itself so. Flags have made sure that one
// does.
func named[T interface{ String() string }](name string, values ...T) T {
	for _, v := range values {
		if v.String() == name {
			return v
		}
	}
	panic("no value is called " + name)
}

// flags are the flags of train, with what explains them.
func (s *settings) flags() []flagGroup {
	return []flagGroup{
		{"Data", []flagDoc{
			{name: "data", arg: "set", value: choice{&s.Data, dataNames()},
				text: alternatives(dataNames()) + "; glyphs are built in"},
			{name: "dir", arg: "folder", value: text{&s.Dir},
				text: "folder that holds the files of the set; glyphs need none"},
			{name: "val", arg: "n", value: whole{&s.Val, 0},
				text: "hold out the last n training images, and report the test accuracy at the epoch that is best on them too"},
			{name: "limit", arg: "n", value: whole{&s.Limit, 0}, fallback: "all",
				text: "train on the first n images only"},
			{name: "augment", value: toggle{&s.Augment}, fallback: "true for cifar10 and cifar100, else false",
				text: "flip and shift training images at random"},
		}},
		{"Network", []flagDoc{
			{name: "model", arg: "m", value: text{&s.Model},
				text: "mlp: and layer widths, from the input to the output, or " + alternatives(models.Names())},
			{name: "activation", arg: "f", value: choice{&s.Activation, names(kernels.Activations()...)},
				fallback: "tanh; gelu in image networks",
				text:     alternatives(names(kernels.Activations()...))},
			{name: "gain", arg: "x", value: real[float64]{&s.Gain, 0, anyMost, true},
				text: "factor of the initial weights"},
			{name: "width", arg: "x", value: real[float64]{&s.Width, 0, 64, true},
				text: "factor of the channels of all convolutions and of hidden dense layers behind them"},
			{name: "bn", value: toggle{&s.Norms},
				text: "batch normalisation behind convolutions"},
			{name: "bn-mode", arg: "m", value: choice{&s.NormMode, normModeNames},
				text: "normalise by the statistics of the batch, or by a blend with running ones (ema)"},
			{name: "bn-freeze", value: toggle{&s.NormFreeze},
				text: "running statistics move with the weights only; -bn-freeze=false lets them move while relaxing too"},
			{name: "aux", value: toggle{&s.Aux},
				text: "auxiliary nodes on the skip connections of residual networks; -aux=false for none"},
		}},
		{"Learning rule", []flagDoc{
			{name: "rule", arg: "r", value: choice{&s.Rule, ruleNames},
				text: "pc (predictive coding), ipc (incremental: weights move at every relaxation step) or bp (backpropagation)"},
			{name: "precision", arg: "p", value: choice{&s.Precision, precisionNames},
				text: "weight of a level's error over time: uniform, spiking (1 when the error arrives, else alpha) or decaying"},
			{name: "update", arg: "u", value: choice{&s.Update, updateNames},
				fallback: "forward; settled with -precision uniform and with -rule ipc",
				text:     "weight updates use the settled latents, or the forward pass"},
			{name: "alpha", arg: "x", value: real[float32]{&s.Alpha, 0, anyMost, false},
				text: "precision before and after the spike"},
			{name: "decay-k", arg: "x", value: real[float64]{&s.DecayK, 0, anyMost, false},
				text: "speed of the decay, for decaying precision"},
			{name: "normalised", value: toggle{&s.Normalised},
				text: "divide decaying precision by its sum, instead of multiplying as the authors do"},
			{name: "steps", arg: "T", value: whole{&s.Steps, 0}, fallback: "the number of levels",
				text: "relaxation steps of a batch"},
			{name: "latent-lr", arg: "x", value: real[float32]{&s.LatentRate, 0, anyMost, true},
				fallback: "0.8; with -precision uniform 0.1, or 0.3 with -rule pc in tanh networks of more than 6 levels",
				text:     "rate at which latents move"},
			{name: "momentum", arg: "x", value: real[float32]{&s.Momentum, 0, 1, false},
				fallback: "0.1 with -precision spiking, else 0",
				text:     "momentum of the latents"},
			{name: "nesterov", value: toggle{&s.Nesterov},
				text: "momentum is Nesterov's; -nesterov=false for heavy ball"},
			{name: "loss", arg: "l", value: choice{&s.Loss, lossNames},
				text: "energy of the output: se (squared error) or ce (cross-entropy)"},
			{name: "nudge", arg: "n", value: choice{&s.Nudge, nudgeNames},
				text: "clamp the output to the target (none), or beta of the way to it (positive), away from it (negative) or both (centred)"},
			{name: "beta", arg: "x", value: real[float32]{&s.Beta, 0, anyMost, true},
				text: "strength of the nudge"},
		}},
		{"Optimiser of the weights", []flagDoc{
			{name: "optimizer", arg: "o", value: choice{&s.Optimizer, optimizerNames},
				text: "sgd, adam or adamw"},
			{name: "lr", arg: "x", value: real[float64]{&s.Rate, 0, anyMost, true},
				fallback: "0.001; with -rule ipc 0.0003",
				text:     "learning rate"},
			{name: "wd", arg: "x", value: real[float64]{&s.WeightDecay, 0, anyMost, false},
				fallback: "0.0001",
				text:     "weight decay of adamw"},
			{name: "schedule", arg: "s", value: choice{&s.Schedule, scheduleNames},
				text: "constant, or warmup-cosine: up to 1.1 lr over the first tenth, then down to 0.1 lr"},
			{name: "skip-zero", arg: "m", value: choice{&s.SkipZero, skipZeroNames},
				fallback: "off; with -rule ipc update",
				text:     "of a tensor whose gradient is zero everywhere, leave nothing (off), the weights (update) or the optimiser's state too (full) as it is"},
		}},
		{"Run", []flagDoc{
			{name: "epochs", arg: "n", value: whole{&s.Epochs, 1}, text: "passes over the training images"},
			{name: "batch", arg: "n", value: whole{&s.Batch, 1}, text: "images of a step; a last partial batch is left out"},
			{name: "seed", arg: "n", value: seed{&s.Seed}, text: "decides the initial weights and the order of the images"},
			{name: "seeds", arg: "n", value: whole{&s.Seeds, 1},
				text: "train n times, with seeds from -seed on, and report mean and standard deviation"},
			{name: "workers", arg: "n", value: whole{&s.Workers, 0}, fallback: "GOMAXPROCS",
				text: "threads that compute; they change no bit of the result"},
			{name: "isa", arg: "t", value: choice{&s.ISA, isaNames}, fallback: "the best within GOPCN_ISA",
				text: "instructions to use: " + alternatives(isaNames) + "; they change no bit of the result"},
			{name: "out", arg: "folder", value: text{&s.out},
				text: "make this folder and write config.json and metrics.jsonl to it"},
			{name: "json", value: toggle{&s.json}, text: "print one JSON object a line to standard output"},
		}},
	}
}
