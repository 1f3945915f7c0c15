package pcn

import "fmt"

// presets are settings that serve, by the short names of the remedies: S
// spiking precision, D decaying precision, FU forward update.
var presets = []struct {
	name   string
	change func(*Config)
}{
	{"s+fu", func(c *Config) {
		c.Update, c.Precision = Forward, Spiking(0.001)
		c.LatentRate, c.Momentum = 0.8, 0.1
	}},
	{"d+fu", func(c *Config) {
		c.Update, c.Precision = Forward, Decaying(1)
		c.LatentRate = 0.8
	}},
	{"pc", func(c *Config) { c.LatentRate = 0.1 }},
	{"ipc", func(c *Config) { c.incremental(); c.LatentRate = 0.1 }},
	{"ipc+s", func(c *Config) {
		c.incremental()
		c.Precision = Spiking(0.001)
		c.LatentRate, c.Momentum = 0.8, 0.1
	}},
	{"bp", func(c *Config) { c.Rule = BP }},
}

// incremental sets what all incremental networks share: T updates a batch want
// a smaller rate, and levels the error has not reached are left alone.
func (c *Config) incremental() {
	c.Rule = IPC
	c.Optimizer.Rate, c.Optimizer.SkipZero = Constant(3e-4), SkipUpdate
}

// PresetNames lists what [Preset] understands.
func PresetNames() []string {
	names := make([]string, len(presets))
	for i := range presets {
		names[i] = presets[i].name
	}
	return names
}

// Preset returns settings that serve for a method:
//
//	s+fu   spiking precision and forward update (the default)
//	d+fu   decaying precision and forward update
//	pc     uniform precision and settled update; deep networks of tanh want a
//	       LatentRate of 0.3
//	ipc    incremental, uniform precision
//	ipc+s  incremental, spiking precision
//	bp     backpropagation
//
// All have T = N, squared error, batches of 128 and AdamW with rate 1e-3 (3e-4
// if incremental) and weight decay 1e-4. Any other name is an error.
func Preset(name string) (Config, error) {
	for i := range presets {
		if presets[i].name == name {
			c := Config{
				Nesterov:  true,
				Batch:     128,
				Gain:      1,
				Precision: Uniform(),
				Optimizer: Optimizer{Kind: AdamW, Rate: Constant(1e-3), WeightDecay: 1e-4},
			}
			presets[i].change(&c)
			return c, nil
		}
	}
	return Config{}, fmt.Errorf("pcn: unknown preset %q: use one of %v", name, PresetNames())
}

// DefaultConfig returns the preset "s+fu".
func DefaultConfig() Config {
	c, _ := Preset(presets[0].name)
	return c
}
