package main

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// An event is one line of -json. Accuracies are shares from 0 to 1; a value
// that is not finite is null.
type event interface {
	// text is what people read, without the last line end, or "" for nothing.
	text() string
}

// number is a float64 that JSON always has room for.
type number float64

// MarshalJSON writes null for infinities and NaN.
func (n number) MarshalJSON() ([]byte, error) {
	if v := float64(n); math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// percent formats an accuracy.
func (n number) percent() string { return fmt.Sprintf("%.2f %%", 100*float64(n)) }

// startEvent comes first, once.
type startEvent struct {
	Event      string    `json:"event"` // "start"
	Settings   *settings `json:"settings"`
	Levels     int       `json:"levels"`
	Parameters int       `json:"parameters"`
	Train      int       `json:"train_images"`
	Validation int       `json:"validation_images"`
	Test       int       `json:"test_images"`
}

func (e startEvent) text() string {
	s := e.Settings
	images := fmt.Sprintf("%s: %s training", s.Data, grouped(float64(e.Train)))
	if e.Validation > 0 {
		images += fmt.Sprintf(", %s validation", grouped(float64(e.Validation)))
	}
	lines := []string{
		"data       " + images + fmt.Sprintf(", %s test images", grouped(float64(e.Test))),
		fmt.Sprintf("network    %s, %s, gain %v: %d levels, %s parameters", s.Model, s.Activation, s.Gain, e.Levels, grouped(float64(e.Parameters))),
		"rule       " + s.ruleText(),
	}
	if s.Rule != "bp" {
		lines = append(lines, "latents    "+s.latentText())
	}
	return strings.Join(append(lines,
		"weights    "+s.optimizerText(),
		fmt.Sprintf("run        epochs %d, batch %d, %s, workers %d, %s", s.Epochs, s.Batch, s.seedText(), s.Workers, s.ISA),
	), "\n")
}

func (s *settings) ruleText() string {
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

func (s *settings) latentText() string {
	text := fmt.Sprintf("%d steps, rate %v, momentum %v", s.Steps, s.LatentRate, s.Momentum)
	if s.Nesterov {
		return text + " (nesterov)"
	}
	return text + " (heavy ball)"
}

func (s *settings) optimizerText() string {
	text := fmt.Sprintf("%s, rate %v %s", s.Optimizer, s.Rate, s.Schedule)
	if s.Optimizer == "adamw" {
		text += fmt.Sprintf(", weight decay %v", s.WeightDecay)
	}
	if s.SkipZero != "off" {
		text += ", skip-zero " + s.SkipZero
	}
	return text
}

func (s *settings) seedText() string {
	if s.Seeds == 1 {
		return fmt.Sprintf("seed %d", s.Seed)
	}
	return fmt.Sprintf("seeds %d to %d", s.Seed, s.lastSeed())
}

// lastSeed is the seed of the last of -seeds runs.
func (s *settings) lastSeed() uint64 { return s.Seed + uint64(s.Seeds) - 1 }

// warningEvent says what keeps the settings from doing what they look like.
type warningEvent struct {
	Event   string `json:"event"` // "warning"
	Message string `json:"message"`
}

func (e warningEvent) text() string { return "warning: " + e.Message }

// epochEvent follows every epoch, the first being number 1. Loss and accuracy
// are taken in the forward passes of training, each before its weight update.
// Energy is that of each level, from 0 on, per sample in the relaxed last
// batch; backpropagation has none. Seconds and speed are those of training
// alone.
type epochEvent struct {
	Event      string   `json:"event"` // "epoch"
	Seed       uint64   `json:"seed"`
	Epoch      int      `json:"epoch"`
	Epochs     int      `json:"epochs"`
	Loss       number   `json:"loss"`
	Train      number   `json:"train_accuracy"`
	Validation *number  `json:"validation_accuracy,omitempty"`
	Seconds    number   `json:"seconds"`
	Speed      number   `json:"samples_per_second"`
	Energy     []number `json:"energy,omitempty"`
}

func (e epochEvent) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "epoch %*d/%d  loss %-8.4g train %s", len(strconv.Itoa(e.Epochs)), e.Epoch, e.Epochs, float64(e.Loss), e.Train.percent())
	if e.Validation != nil {
		fmt.Fprintf(&b, "  validation %s", e.Validation.percent())
	}
	fmt.Fprintf(&b, "  %s samples/s", grouped(float64(e.Speed)))
	if len(e.Energy) > 0 {
		b.WriteString("\n  energy of levels 0 to " + strconv.Itoa(len(e.Energy)-1) + ":")
		for _, v := range e.Energy {
			fmt.Fprintf(&b, " %.1e", float64(v))
		}
	}
	return b.String()
}

// bestEvent comes with -val, before the run's result: the epoch that was best
// on the images held out (the first of equals), and the test accuracy there.
type bestEvent struct {
	Event      string `json:"event"` // "best"
	Seed       uint64 `json:"seed"`
	Epoch      int    `json:"epoch"`
	Validation number `json:"validation_accuracy"`
	Test       number `json:"test_accuracy"`
}

func (e bestEvent) text() string {
	return fmt.Sprintf("test accuracy %s at epoch %d, the best on the validation images (%s)",
		e.Test.percent(), e.Epoch, e.Validation.percent())
}

// doneEvent comes last if nothing failed. Test accuracy is that after the last
// epoch; seconds are those of training and evaluating, while the speed counts
// training alone. The hash is that of the bits of all parameters in canonical
// order, see pcn.Digest.
//
// With several seeds it sums up: the mean accuracy, all seconds, the speed of
// all training together, and the SHA-256 of the runs' hashes, 32 bytes each, in
// the order of the seeds.
type doneEvent struct {
	Event   string `json:"event"` // "done"
	Test    number `json:"test_accuracy"`
	Seconds number `json:"seconds"`
	Speed   number `json:"samples_per_second"`
	Weights string `json:"weights_sha256"`
}

func (e doneEvent) text() string {
	return fmt.Sprintf("test accuracy %s after the last epoch; %.1f s, %s samples/s in training\nweights sha256 %s",
		e.Test.percent(), float64(e.Seconds), grouped(float64(e.Speed)), e.Weights)
}

// runEvent ends each of several runs, with what done tells of a single one.
type runEvent struct {
	doneEvent
	Seed uint64 `json:"seed"`
}

func (e runEvent) text() string { return fmt.Sprintf("seed %d: %s", e.Seed, e.doneEvent.text()) }

// totalEvent is the doneEvent of several runs, whose accuracy the summary has
// told.
type totalEvent struct{ doneEvent }

func (e totalEvent) text() string {
	return fmt.Sprintf("in all %.1f s, %s samples/s in training\nsha256 of the hashes %s",
		float64(e.Seconds), grouped(float64(e.Speed)), e.Weights)
}

// summaryEvent comes before done if there are several seeds. The standard
// deviation is that of a sample: it divides by one less than the runs.
type summaryEvent struct {
	Event    string   `json:"event"` // "summary"
	Seeds    []uint64 `json:"seeds"`
	Mean     number   `json:"test_accuracy_mean"`
	Std      number   `json:"test_accuracy_std"`
	BestMean *number  `json:"best_test_accuracy_mean,omitempty"` // with -val: at the best validation epoch
	BestStd  *number  `json:"best_test_accuracy_std,omitempty"`
}

func (e summaryEvent) text() string {
	text := fmt.Sprintf("%d seeds: test accuracy %s, standard deviation %s", len(e.Seeds), e.Mean.percent(), e.Std.percent())
	if e.BestMean != nil {
		text += fmt.Sprintf("; at the best validation epoch %s, standard deviation %s", e.BestMean.percent(), e.BestStd.percent())
	}
	return text
}

// failedEvent comes last if training failed.
type failedEvent struct {
	Event   string `json:"event"` // "failed"
	Seed    uint64 `json:"seed"`
	Message string `json:"message"`
}

func (e failedEvent) text() string { return "" } // the command says it when it ends

// interruptedEvent comes last after Ctrl-C.
type interruptedEvent struct {
	Event   string `json:"event"` // "interrupted"
	Seed    uint64 `json:"seed"`
	Epoch   int    `json:"epoch"` // the one that was not finished
	Batches int    `json:"batches"`
}

func (e interruptedEvent) text() string {
	return fmt.Sprintf("interrupted after %d batches of epoch %d", e.Batches, e.Epoch)
}

// grouped formats a number without decimals, its digits in groups of three.
func grouped(v float64) string {
	digits := strconv.FormatFloat(v, 'f', 0, 64)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
