package run

import (
	"slices"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/data"
	"github.com/gopcn/gopcn/pcn/models"
)

// A Task is what settings amount to: all that training takes, but the seed.
type Task struct {
	Settings Settings // completed
	Net      *pcn.Network
	Config   pcn.Config

	// Data is empty before it is loaded.
	Data Sets

	// Warnings say what keeps the settings from doing what they look like.
	Warnings []string
}

// Sets are the images of a task. Training does without Val, which is nil if the
// setting val is 0, and without Test.
type Sets struct{ Train, Test, Val *data.Set }

// NewTask checks the settings, completes them and loads the data.
func NewTask(s Settings) (*Task, error) {
	t, err := Plan(s)
	if err != nil {
		return nil, err
	}
	return t, t.Load(new(Shelf))
}

// Plan is NewTask without the data.
func Plan(s Settings) (*Task, error) {
	t := &Task{Settings: s}
	if err := t.plan(&t.Settings); err != nil {
		return nil, err
	}
	return t, nil
}

func (t *Task) plan(s *Settings) error {
	handle, err := s.handle()
	if err != nil {
		return cli.UsageError{Err: err}
	}
	if !s.Given("activation") && slices.Contains(models.Names(), s.Model) {
		s.Activation = kernels.GELU.String() // what image networks are published with
	}
	activation, err := kernels.ParseActivation(s.Activation)
	if err != nil {
		return cli.UsageError{Err: err}
	}
	if t.Net, err = s.network(activation); err != nil {
		return cli.Usagef("-model: %s", cli.WithoutPackage(err.Error()))
	}
	s.complete(t.Net)
	// The weight of auxiliary nodes depends on the latent rate, whose default
	// depends on the number of levels.
	if t.Net, err = s.network(activation); err != nil {
		return cli.Usagef("-model: %s", cli.WithoutPackage(err.Error()))
	}
	if err := s.check(t.Net); err != nil {
		return err
	}
	t.Config = s.config()
	t.Config.Kernels = handle
	if err := t.Config.Check(t.Net); err != nil {
		return cli.Usagef("%s", InFlags(err.Error()))
	}
	t.Warnings = s.withoutEffect()
	for _, w := range t.Config.Warnings(t.Net) {
		t.Warnings = append(t.Warnings, InFlags(w))
	}
	return nil
}

// Load loads the sets, from the shelf if they are there, and splits them as the
// settings val and limit say. Only then is the rate of the optimiser known.
func (t *Task) Load(shelf *Shelf) error {
	s := &t.Settings
	if err := s.checkFolder(); err != nil {
		return err
	}
	if err := t.loadData(shelf); err != nil {
		return err
	}
	t.Config.Optimizer.Rate = s.rate(t.Config.OptimizerSteps(t.Net, s.Epochs*t.Batches()))
	return nil
}

// Batches is the number of batches of an epoch.
func (t *Task) Batches() int { return t.Data.Train.Len() / t.Settings.Batch }

// NewTrainer makes a trainer with the initial parameters of a seed.
func (t *Task) NewTrainer(seed uint64) (*pcn.Trainer, error) {
	config := t.Config
	config.Seed = seed
	return pcn.NewTrainer(t.Net, config)
}

// Parameters counts the network's parameters.
func (t *Task) Parameters() int {
	n := 0
	for _, p := range pcn.InitialParameters(t.Net, 0, 1) {
		n += len(p.Data)
	}
	return n
}
