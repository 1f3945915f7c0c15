package run

import "fmt"

// RuleText is the learning rule of completed settings in words.
func (s *Settings) RuleText() string {
	if s.Rule == "bp" {
		return "bp, loss " + s.Loss
	}
	precision := s.Precision + " precision"
	switch {
	case s.Precision == "spiking":
		precision += fmt.Sprintf(" alpha %v", s.Alpha)
	case s.Precision == "decaying" && s.Normalised:
		precision += fmt.Sprintf(" k %v normalised", s.DecayK)
	case s.Precision == "decaying":
		precision += fmt.Sprintf(" k %v", s.DecayK)
	}
	text := fmt.Sprintf("%s, %s, %s update, loss %s", s.Rule, precision, s.Update, s.Loss)
	if s.Nudge != "none" {
		text += fmt.Sprintf(", nudge %s beta %v", s.Nudge, s.Beta)
	}
	return text
}

// LatentText is how completed settings move the latents, in words.
func (s *Settings) LatentText() string {
	text := fmt.Sprintf("%d steps, rate %v, momentum %v", s.Steps, s.LatentRate, s.Momentum)
	if s.Nesterov {
		return text + " (nesterov)"
	}
	return text + " (heavy ball)"
}

func (s *Settings) optimizerText() string {
	text := fmt.Sprintf("%s, rate %v %s", s.Optimizer, s.Rate, s.Schedule)
	if s.Optimizer == "adamw" {
		text += fmt.Sprintf(", weight decay %v", s.WeightDecay)
	}
	if s.SkipZero != "off" {
		text += ", skip-zero " + s.SkipZero
	}
	if s.TrainTop > 0 {
		text += fmt.Sprintf(", of the top %d levels only", s.TrainTop)
	}
	return text
}

func (s *Settings) seedText() string {
	if s.Seeds == 1 {
		return fmt.Sprintf("seed %d", s.Seed)
	}
	return fmt.Sprintf("seeds %d to %d", s.Seed, s.lastSeed())
}

// lastSeed is the seed of the last of -seeds runs.
func (s *Settings) lastSeed() uint64 { return s.Seed + uint64(s.Seeds) - 1 }
