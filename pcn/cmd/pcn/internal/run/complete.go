package run

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/models"
	"github.com/gopcn/gopcn/tune/profile"
)

// network makes the network of -model for the images of -data.
func (s *Settings) network(activation kernels.Activation) (*pcn.Network, error) {
	o := models.Options{Activation: activation, Width: s.Width, BatchNorm: s.Norms, NoAux: !s.Aux, LatentRate: s.LatentRate}
	if o.LatentRate == 0 { // backpropagation, or not known yet
		o.LatentRate = 1
	}
	o.Input, o.Classes = s.ImageShape()
	return models.New(s.Model, o)
}

// handle returns the kernels of -isa, or the best ones, with -profile. It fails
// if GOPCN_ISA makes no sense, whatever -isa says.
func (s *Settings) handle() (*kernels.Handle, error) {
	available, err := kernels.Available()
	if err != nil {
		return nil, err
	}
	isa := available[len(available)-1]
	if s.ISA != "" {
		if isa, err = kernels.ParseISA(s.ISA); err != nil {
			return nil, err
		}
	}
	s.ISA = isa.String()
	handle, err := kernels.For(isa)
	if err != nil {
		return nil, fmt.Errorf("-isa: %s", cli.WithoutPackage(err.Error()))
	}
	if handle, err = profile.Open(s.Profile, handle); err != nil {
		return nil, fmt.Errorf("-profile: %s", cli.WithoutPackage(err.Error()))
	}
	return handle, nil
}

// preset returns the name of the settings in package pcn that serve for the
// rule and the precision.
func (s *Settings) preset() string {
	switch {
	case s.Rule == "bp":
		return "bp"
	case s.Rule == "ipc" && s.Precision == "uniform":
		return "ipc"
	case s.Rule == "ipc":
		return "ipc+s"
	case s.Precision == "uniform":
		return "pc"
	case s.Precision == "decaying":
		return "d+fu"
	}
	return "s+fu"
}

// complete fills in the defaults that depend on other flags.
func (s *Settings) complete(net *pcn.Network) {
	preset, err := pcn.Preset(s.preset())
	if err != nil {
		panic(err) // all that preset returns are there
	}
	if s.Precision == "decaying" {
		preset.Momentum = 0
	}
	if s.Rule == "pc" && s.Precision == "uniform" && s.Activation == kernels.Tanh.String() && net.Levels() > 6 {
		preset.LatentRate = 0.3
	}
	fill(&s.Update, preset.Update.String(), s.Given("update"))
	fill(&s.LatentRate, preset.LatentRate, s.Given("latent-lr"))
	fill(&s.Momentum, preset.Momentum, s.Given("momentum"))
	fill(&s.Rate, preset.Optimizer.Rate.At(0), s.Given("lr"))
	fill(&s.WeightDecay, preset.Optimizer.WeightDecay, s.Given("wd"))
	fill(&s.SkipZero, preset.Optimizer.SkipZero.String(), s.Given("skip-zero"))
	fill(&s.Augment, strings.HasPrefix(s.Data, "cifar"), s.Given("augment"))
	if s.Steps == 0 {
		s.Steps = net.Levels()
	}
	if s.Workers == 0 {
		s.Workers = runtime.GOMAXPROCS(0)
	}
}

// fill sets a value that the user did not give.
func fill[T any](value *T, standard T, given bool) {
	if !given {
		*value = standard
	}
}
