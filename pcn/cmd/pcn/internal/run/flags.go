package run

import (
	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/models"
)

// Flags are the settings as flags, with what explains them. A flag that is set
// changes s.
func (s *Settings) Flags() []cli.Group {
	groups := s.groups()
	for _, g := range groups {
		for i := range g.Flags {
			name := g.Flags[i].Name // not the place, which may get another flag
			g.Flags[i].OnSet = func() { s.give(name, byFlag) }
		}
	}
	return groups
}

func (s *Settings) groups() []cli.Group {
	return []cli.Group{
		{Title: "Data", Flags: []cli.Flag{
			{Name: "data", Arg: "set", Value: cli.Choice(&s.Data, DataNames()),
				Text: cli.Alternatives(DataNames()) + "; glyphs are built in"},
			{Name: "dir", Arg: "folder", Value: cli.Text(&s.Dir),
				Text: "folder that holds the files of the set; glyphs need none"},
			{Name: "val", Arg: "n", Value: cli.Whole(&s.Val, 0),
				Text: "hold out the last n training images, and report the test accuracy at the epoch that is best on them too"},
			{Name: "paper-protocol", Value: cli.Toggle(&s.Paper),
				Text: "report the best test epoch, chosen by the test images themselves as the paper does, and stop after 10 epochs without a new best"},
			{Name: "limit", Arg: "n", Value: cli.Whole(&s.Limit, 0), Fallback: "all",
				Text: "train on the first n images only"},
			{Name: "augment", Value: cli.Toggle(&s.Augment), Fallback: "true for cifar10 and cifar100, else false",
				Text: "flip and shift training images at random"},
		}},
		{Title: "Network", Flags: []cli.Flag{
			{Name: "model", Arg: "m", Value: cli.Text(&s.Model),
				Text: "mlp: and layer widths, from the input to the output, or " + cli.Alternatives(models.Names())},
			{Name: "activation", Arg: "f", Value: cli.Choice(&s.Activation, names(kernels.Activations()...)),
				Fallback: "tanh; gelu in image networks",
				Text:     cli.Alternatives(names(kernels.Activations()...))},
			{Name: "gain", Arg: "x", Value: cli.Above(&s.Gain, 0, cli.AnyMost),
				Text: "factor of the initial weights"},
			{Name: "init", Arg: "file", Value: cli.Text(&s.Init), Fallback: "none",
				Text: "start from the weights in this file, PyTorch's for instance, instead of drawing them"},
			{Name: "width", Arg: "x", Value: cli.Above(&s.Width, 0, 64),
				Text: "factor of the channels of all convolutions and of hidden dense layers behind them"},
			{Name: "bn", Value: cli.Toggle(&s.Norms),
				Text: "batch normalisation behind convolutions"},
			{Name: "bn-mode", Arg: "m", Value: cli.Choice(&s.NormMode, normModeNames),
				Text: "normalise by the statistics of the batch, or by a blend with running ones (ema)"},
			{Name: "bn-freeze", Value: cli.Toggle(&s.NormFreeze),
				Text: "running statistics move with the weights only; -bn-freeze=false lets them move while relaxing too"},
			{Name: "aux", Value: cli.Toggle(&s.Aux),
				Text: "auxiliary nodes on the skip connections of residual networks; -aux=false for none"},
		}},
		{Title: "Learning rule", Flags: []cli.Flag{
			{Name: "rule", Arg: "r", Value: cli.Choice(&s.Rule, ruleNames),
				Text: "pc (predictive coding), ipc (incremental: weights move at every relaxation step) or bp (backpropagation)"},
			{Name: "precision", Arg: "p", Value: cli.Choice(&s.Precision, precisionNames),
				Text: "weight of a level's error over time: uniform, spiking (1 when the error arrives, else alpha) or decaying"},
			{Name: "update", Arg: "u", Value: cli.Choice(&s.Update, updateNames),
				Fallback: "forward; settled with -precision uniform and with -rule ipc",
				Text:     "weight updates use the settled latents, or the forward pass"},
			{Name: "alpha", Arg: "x", Value: cli.Real(&s.Alpha, 0, cli.AnyMost),
				Text: "precision before and after the spike"},
			{Name: "decay-k", Arg: "x", Value: cli.Real(&s.DecayK, 0, cli.AnyMost),
				Text: "speed of the decay, for decaying precision"},
			{Name: "normalised", Value: cli.Toggle(&s.Normalised),
				Text: "divide decaying precision by its sum, instead of multiplying as the authors do"},
			{Name: "steps", Arg: "T", Value: cli.Whole(&s.Steps, 0), Fallback: "the number of levels",
				Text: "relaxation steps of a batch"},
			{Name: "latent-lr", Arg: "x", Value: cli.Above(&s.LatentRate, 0, cli.AnyMost),
				Fallback: "0.8; with -precision uniform 0.1, or 0.3 with -rule pc in tanh networks of more than 6 levels",
				Text:     "rate at which latents move"},
			{Name: "momentum", Arg: "x", Value: cli.Real(&s.Momentum, 0, 1),
				Fallback: "0.1 with -precision spiking, else 0",
				Text:     "momentum of the latents"},
			{Name: "nesterov", Value: cli.Toggle(&s.Nesterov),
				Text: "momentum is Nesterov's; -nesterov=false for heavy ball"},
			{Name: "loss", Arg: "l", Value: cli.Choice(&s.Loss, lossNames),
				Text: "energy of the output: se (squared error) or ce (cross-entropy)"},
			{Name: "nudge", Arg: "n", Value: cli.Choice(&s.Nudge, nudgeNames),
				Text: "clamp the output to the target (none), or beta of the way to it (positive), away from it (negative) or both (centred)"},
			{Name: "beta", Arg: "x", Value: cli.Above(&s.Beta, 0, cli.AnyMost),
				Text: "strength of the nudge"},
		}},
		{Title: "Optimiser of the weights", Flags: []cli.Flag{
			{Name: "optimizer", Arg: "o", Value: cli.Choice(&s.Optimizer, optimizerNames),
				Text: "sgd, adam or adamw"},
			{Name: "lr", Arg: "x", Value: cli.Above(&s.Rate, 0, cli.AnyMost),
				Fallback: "0.001; with -rule ipc 0.0003",
				Text:     "learning rate"},
			{Name: "wd", Arg: "x", Value: cli.Real(&s.WeightDecay, 0, cli.AnyMost),
				Fallback: "0.0001",
				Text:     "weight decay of adamw"},
			{Name: "schedule", Arg: "s", Value: cli.Choice(&s.Schedule, scheduleNames),
				Text: "constant, or warmup-cosine: up to 1.1 lr over the first tenth, then down to 0.1 lr"},
			{Name: "skip-zero", Arg: "m", Value: cli.Choice(&s.SkipZero, skipZeroNames),
				Fallback: "off; with -rule ipc update",
				Text:     "of a tensor whose gradient is zero everywhere, leave nothing (off), the weights (update) or the optimiser's state too (full) as it is"},
			{Name: "train-top", Arg: "k", Value: cli.Whole(&s.TrainTop, 0), Fallback: "all",
				Text: "only the top k levels learn, the parameters below stay as they are drawn"},
		}},
		{Title: "Run", Flags: []cli.Flag{
			{Name: "epochs", Arg: "n", Value: cli.Whole(&s.Epochs, 1), Text: "passes over the training images"},
			{Name: "batch", Arg: "n", Value: cli.Whole(&s.Batch, 1), Text: "images of a step; a last partial batch is left out"},
			{Name: "seed", Arg: "n", Value: cli.Seed(&s.Seed), Text: "decides the initial weights and the order of the images"},
			{Name: "seeds", Arg: "n", Value: cli.Whole(&s.Seeds, 1),
				Text: "train n times, with seeds from -seed on, and report mean and standard deviation"},
			{Name: "workers", Arg: "n", Value: cli.Whole(&s.Workers, 0), Fallback: "GOMAXPROCS",
				Text: "threads that compute; they change no bit of the result"},
			{Name: "isa", Arg: "t", Value: cli.Choice(&s.ISA, isaNames), Fallback: "the best within GOPCN_ISA",
				Text: "instructions to use: " + cli.Alternatives(isaNames) + "; they change no bit of the result"},
			{Name: "profile", Arg: "file", Value: cli.Text(&s.Profile), Fallback: "none",
				Text: "profile that the command tune wrote for this CPU, or auto for the one in the user's cache; it changes no bit of the result"},
		}},
	}
}
