package pcn

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
)

func TestCheckSaysWhatToDo(t *testing.T) {
	net := chain(kernels.Tanh, 6, 5, 5, 5, 4)
	for want, change := range map[string]func(*Config){
		"unknown rule Rule(9)":            func(c *Config) { c.Rule = 9 },
		"unknown loss Loss(9)":            func(c *Config) { c.Loss = 9 },
		"unknown update Update(9)":        func(c *Config) { c.Update = 9 },
		"unknown nudge Nudge(9)":          func(c *Config) { c.Nudge = 9 },
		"Batch is 0; set it to":           func(c *Config) { c.Batch = 0 },
		"Workers is -1; set it to 0":      func(c *Config) { c.Workers = -1 },
		"unknown Norm NormMode(7)":        func(c *Config) { c.Norm = 7 },
		"unset NormUnfrozen, or set Norm": func(c *Config) { c.Norm, c.NormUnfrozen = NormEMA, true },
		"Gain is -1; set it to":           func(c *Config) { c.Gain = -1 },
		"Steps is -2; set it to 0":        func(c *Config) { c.Steps = -2 },
		"LatentRate is 0; set it to":      func(c *Config) { c.LatentRate = 0 },
		"Momentum is 1.5; set it to":      func(c *Config) { c.Momentum = 1.5 },
		"Beta is 0; nudging needs":        func(c *Config) { c.Nudge = NudgePositive },
		"cannot be nudged: set Nudge":     func(c *Config) { c.Rule, c.Nudge, c.Beta = IPC, NudgeCentred, 1 },
		"has no nudging: set Nudge":       func(c *Config) { c.Rule, c.Nudge, c.Beta = BP, NudgeCentred, 1 },
		"no forward update: set Update":   func(c *Config) { c.Rule, c.Update = IPC, Forward },
		"set Steps to 4 or more, not 3":   func(c *Config) { c.Precision, c.Steps = Decaying(1), 3 },
		"normalised k 1 precision needs":  func(c *Config) { c.Precision, c.Steps = DecayingNormalised(1), 3 },
		"precision of level 0 at step 0":  func(c *Config) { c.Precision = Spiking(-1) },
		"no learning rate: set Optimizer": func(c *Config) { c.Optimizer.Rate = nil },
		"learning rate -1 is not":         func(c *Config) { c.Optimizer.Rate = Constant(-1) },
		"must exceed WarmupSteps":         func(c *Config) { c.Optimizer.Rate = WarmupCosine{Peak: 1, WarmupSteps: 5, DecaySteps: 5} },
		"the peak rate must not be 0":     func(c *Config) { c.Optimizer.Rate = WarmupCosine{DecaySteps: 5} },
		"exponent -1":                     func(c *Config) { c.Optimizer.Rate = WarmupCosine{Peak: 1, DecaySteps: 5, Exponent: -1} },
		"-3 is not a number from 0 on":    func(c *Config) { c.Optimizer.Rate = WarmupCosine{Peak: 1, DecaySteps: 5, End: -3} },
		"unknown optimiser":               func(c *Config) { c.Optimizer.Kind = 9 },
		"unknown SkipZero SkipZero(9)":    func(c *Config) { c.Optimizer.SkipZero = 9 },
		"optimiser's momentum 2":          func(c *Config) { c.Optimizer.Momentum = 2 },
		"betas 1 and 0.999":               func(c *Config) { c.Optimizer.Beta1 = 1 },
		"eps -1":                          func(c *Config) { c.Optimizer.Eps = -1 },
		"weight decay -1":                 func(c *Config) { c.Optimizer.WeightDecay = -1 },
	} {
		cfg := testConfig()
		require.NoError(t, cfg.Check(net))
		change(&cfg)
		require.ErrorContains(t, cfg.Check(net), want)
		_, err := NewTrainer(net, cfg)
		require.ErrorContains(t, err, want)
	}
	_, err := NewTrainer(&Network{}, testConfig())
	require.ErrorContains(t, err, "has no nodes")
}

func TestBackpropNeedsNoLatentRate(t *testing.T) {
	cfg := Config{Rule: BP, Batch: 1, Optimizer: Optimizer{Rate: Constant(1)}}
	require.NoError(t, cfg.Check(chain(kernels.Tanh, 2, 2)))
}

func TestPresets(t *testing.T) {
	net := chain(kernels.Tanh, 6, 5, 5, 4)
	for _, name := range PresetNames() {
		cfg, err := Preset(name)
		require.NoError(t, err)
		require.NoError(t, cfg.Check(net), name)
		require.Empty(t, cfg.Warnings(net), name)
	}
	_, err := Preset("s+bf")
	require.ErrorContains(t, err, `unknown preset "s+bf": use one of [s+fu d+fu pc ipc ipc+s bp]`)

	cfg := DefaultConfig()
	require.Equal(t, "spiking alpha 0.001", cfg.Precision.String())
	require.Equal(t, 100, cfg.OptimizerSteps(net, 100))
	cfg.Rule = IPC
	require.Equal(t, 300, cfg.OptimizerSteps(net, 100), "T steps a batch")
}

func TestDefaults(t *testing.T) {
	net := chain(kernels.Tanh, 6, 5, 5, 4)
	cfg := testConfig()
	cfg.Gain = 0
	tr := startTrainer(t, net, cfg, allShortcuts)
	got := tr.Config()
	require.Equal(t, 3, got.Steps)
	require.Equal(t, 1.0, got.Gain)
	require.Equal(t, kernels.Default(), got.Kernels)
	require.Equal(t, []float64{0.9, 0.999, 1e-8}, []float64{got.Optimizer.Beta1, got.Optimizer.Beta2, got.Optimizer.Eps})
	require.Same(t, net, tr.Network())
}

func TestNames(t *testing.T) {
	for want, got := range map[string]interface{ String() string }{
		"pc": PC, "ipc": IPC, "bp": BP, "settled": Settled, "forward": Forward, "se": SquaredError, "ce": CrossEntropy,
		"none": NudgeNone, "positive": NudgePositive, "negative": NudgeNegative, "centred": NudgeCentred,
		"adamw": AdamW, "adam": Adam, "sgd": SGD, "off": SkipOff, "update": SkipUpdate, "full": SkipFull,
		"main": Main, "skip": Skip, "output": Output, "Role(7)": Role(7), "OptimizerKind(7)": OptimizerKind(7),
		"uniform": Precision{}, "custom": Precision{Schedule: Uniform().Schedule}, "decaying k 2": Decaying(2),
		"dense 4": Dense(4, true), "dense 4 without bias": Dense(4, false), "tanh": Activate(kernels.Tanh),
		"conv 3x3 8 stride 2 padding 1": Conv2D(8, 3, 2, 1, true), "conv 1x1 8 without bias": Conv2D(8, 1, 1, 0, false),
		"batchnorm": BatchNorm(), "maxpool 2x2": MaxPool2x2(), "flatten": Flatten(), "global average pool": GlobalAvgPool(),
		"batch": NormBatch, "ema": NormEMA, "NormMode(7)": NormMode(7),
		"784": Features(784), "4x5x3": Image(4, 5, 3),
	} {
		require.Equal(t, want, got.String())
	}
}

func TestWarnings(t *testing.T) {
	deep := chain(kernels.Tanh, 6, 5, 5, 5, 5, 5, 5, 5, 4)
	warnings := func(change func(*Config)) []string {
		cfg := DefaultConfig()
		change(&cfg)
		return cfg.Warnings(deep)
	}
	require.Empty(t, warnings(func(*Config) {}))

	got := warnings(func(c *Config) { c.Momentum = 0.5 }) // a = 1.2
	require.Len(t, got, 1)
	require.Contains(t, got[0], "levels 0 to 6: the signal that reaches the weights has the wrong sign")
	require.Contains(t, got[0], "lower LatentRate from 0.8 to less than 0.67")

	got = warnings(func(c *Config) { c.LatentRate, c.Momentum, c.Precision = 1, 0, Spiking(0) })
	require.Empty(t, warnings(func(c *Config) { c.LatentRate, c.Momentum, c.Precision = 0.9, 0, Spiking(0) }))
	require.Len(t, got, 1)
	require.Contains(t, got[0], "levels 0 to 6: the signal that reaches the weights is lost", "a = 1 wipes the signal out")

	got = warnings(func(c *Config) { c.Precision, c.Update, c.LatentRate = Uniform(), Settled, 0.01 })
	require.Len(t, got, 1)
	require.Contains(t, got[0], "is lost")
	require.Contains(t, got[0], "raise LatentRate (0.01) or Steps (8)")

	got = warnings(func(c *Config) { c.Steps = 7 })
	require.Equal(t, []string{"level 0 takes part in no relaxation step: there are 8 levels but only 7 relaxation steps; set Steps to 8 or more"}, got)
	got = warnings(func(c *Config) { c.Steps = 4 })
	require.Equal(t, []string{"levels 0 to 2 are never reached by the error and will not learn: there are 8 levels but only 4 relaxation steps; set Steps to 8 or more"}, got)
	got = warnings(func(c *Config) { c.Steps = 6; c.Rule, c.Update = IPC, Settled })
	require.Equal(t, []string{"level 0 is never reached by the error and will not learn: there are 8 levels but only 6 relaxation steps; set Steps to 8 or more"}, got)
	require.Empty(t, warnings(func(c *Config) { c.Rule = BP; c.Steps = 1 }))
}
