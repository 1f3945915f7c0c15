package run

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

// An Event is one line of -json. Accuracies are shares from 0 to 1; a value
// that is not finite is null.
type Event interface {
	// Text is what people read, without the last line end, or "" for nothing.
	Text() string
}

// StartEvent comes first, once.
type StartEvent struct {
	Event      string    `json:"event"` // "start"
	Settings   *Settings `json:"settings"`
	Code       Code      `json:"code"`
	Machine    Machine   `json:"machine"`
	Levels     int       `json:"levels"`
	Parameters int       `json:"parameters"`
	Train      int       `json:"train_images"`
	Validation int       `json:"validation_images"`
	Test       int       `json:"test_images"`
}

// Text implements Event.
func (e StartEvent) Text() string {
	s := e.Settings
	images := fmt.Sprintf("%s: %s training", s.Data, cli.Grouped(float64(e.Train)))
	if e.Validation > 0 {
		images += fmt.Sprintf(", %s validation", cli.Grouped(float64(e.Validation)))
	}
	lines := []string{
		"data       " + images + fmt.Sprintf(", %s test images", cli.Grouped(float64(e.Test))),
		fmt.Sprintf("network    %s, %s, gain %v: %d levels, %s parameters", s.Model, s.Activation, s.Gain, e.Levels, cli.Grouped(float64(e.Parameters))),
		"rule       " + s.RuleText(),
	}
	if s.Rule != "bp" {
		lines = append(lines, "latents    "+s.LatentText())
	}
	return strings.Join(append(lines,
		"weights    "+s.optimizerText(),
		fmt.Sprintf("run        epochs %d, batch %d, %s, workers %d, %s", s.Epochs, s.Batch, s.seedText(), e.Machine.Workers, e.Machine.ISA),
	), "\n")
}

// WarningEvent says what keeps the settings from doing what they look like.
type WarningEvent struct {
	Event   string `json:"event"` // "warning"
	Message string `json:"message"`
}

// Text implements Event.
func (e WarningEvent) Text() string { return "warning: " + e.Message }

// EpochEvent follows every epoch, the first being number 1. Loss and accuracy
// are taken in the forward passes of training, each before its weight update.
// Energy is that of each level, from 0 on, per sample in the relaxed last
// batch; backpropagation has none. Seconds and speed are those of training
// alone.
type EpochEvent struct {
	Event      string       `json:"event"` // "epoch"
	Seed       uint64       `json:"seed"`
	Epoch      int          `json:"epoch"`
	Epochs     int          `json:"epochs"`
	Loss       cli.Number   `json:"loss"`
	Train      cli.Number   `json:"train_accuracy"`
	Validation *cli.Number  `json:"validation_accuracy,omitempty"`
	Test       *cli.Number  `json:"test_accuracy,omitempty"` // with the paper's protocol only
	Seconds    cli.Number   `json:"seconds"`
	Speed      cli.Number   `json:"samples_per_second"`
	Energy     []cli.Number `json:"energy,omitempty"`
}

// Text implements Event.
func (e EpochEvent) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "epoch %*d/%d  loss %-8.4g train %s", len(strconv.Itoa(e.Epochs)), e.Epoch, e.Epochs, float64(e.Loss), e.Train.Percent())
	if e.Validation != nil {
		fmt.Fprintf(&b, "  validation %s", e.Validation.Percent())
	}
	if e.Test != nil {
		fmt.Fprintf(&b, "  test %s", e.Test.Percent())
	}
	fmt.Fprintf(&b, "  %s samples/s", cli.Grouped(float64(e.Speed)))
	if len(e.Energy) > 0 {
		b.WriteString("\n  energy of levels 0 to " + strconv.Itoa(len(e.Energy)-1) + ":")
		for _, v := range e.Energy {
			fmt.Fprintf(&b, " %.1e", float64(v))
		}
	}
	return b.String()
}

// BestEvent comes with -val, before the run's result: the epoch that was best
// on the images held out (the first of equals), and the test accuracy there.
//
// With the paper's protocol it is the epoch that was best on the test images
// themselves, a last partial batch of them left out: an accuracy that flatters,
// and that Protocol sets apart.
type BestEvent struct {
	Event      string      `json:"event"` // "best"
	Seed       uint64      `json:"seed"`
	Epoch      int         `json:"epoch"`
	Validation *cli.Number `json:"validation_accuracy,omitempty"` // nil with the paper's protocol
	Test       cli.Number  `json:"test_accuracy"`
	Protocol   string      `json:"protocol,omitempty"` // "paper", or nothing
}

// The paper's protocol ends training after so many epochs without a new best.
const (
	paperProtocol = "paper"
	paperPatience = 10
)

// ChosenBy is the accuracy that makes this epoch the best.
func (e *BestEvent) ChosenBy() cli.Number {
	if e.Validation == nil {
		return e.Test
	}
	return *e.Validation
}

// Text implements Event.
func (e BestEvent) Text() string {
	if e.Validation == nil {
		return fmt.Sprintf("best test accuracy %s at epoch %d, chosen by the test images themselves (the paper's protocol)", e.Test.Percent(), e.Epoch)
	}
	return fmt.Sprintf("test accuracy %s at epoch %d, the best on the validation images (%s)",
		e.Test.Percent(), e.Epoch, e.Validation.Percent())
}

// DoneEvent comes last if nothing failed. Test accuracy is that after the last
// epoch; seconds are those of training and evaluating, while the speed counts
// training alone. The hash is that of the bits of all parameters in canonical
// order, see pcn.Digest.
//
// With several seeds it sums up: the mean accuracy, all seconds, the speed of
// all training together, and the SHA-256 of the runs' hashes, 32 bytes each, in
// the order of the seeds.
type DoneEvent struct {
	Event   string     `json:"event"` // "done"
	Test    cli.Number `json:"test_accuracy"`
	Seconds cli.Number `json:"seconds"`
	Speed   cli.Number `json:"samples_per_second"`
	Weights string     `json:"weights_sha256"`
}

// Text implements Event.
func (e DoneEvent) Text() string {
	return fmt.Sprintf("test accuracy %s after the last epoch; %.1f s, %s samples/s in training\nweights sha256 %s",
		e.Test.Percent(), float64(e.Seconds), cli.Grouped(float64(e.Speed)), e.Weights)
}

// RunEvent ends each of several runs, with what done tells of a single one.
type RunEvent struct {
	DoneEvent
	Seed uint64 `json:"seed"`
}

// Text implements Event.
func (e RunEvent) Text() string { return fmt.Sprintf("seed %d: %s", e.Seed, e.DoneEvent.Text()) }

// TotalEvent is the DoneEvent of several runs, whose accuracy the summary has
// told.
type TotalEvent struct{ DoneEvent }

// Text implements Event.
func (e TotalEvent) Text() string {
	return fmt.Sprintf("in all %.1f s, %s samples/s in training\nsha256 of the hashes %s",
		float64(e.Seconds), cli.Grouped(float64(e.Speed)), e.Weights)
}

// SummaryEvent comes before done if there are several seeds. The standard
// deviation is that of a sample: it divides by one less than the runs.
type SummaryEvent struct {
	Event    string      `json:"event"` // "summary"
	Seeds    []uint64    `json:"seeds"`
	Mean     cli.Number  `json:"test_accuracy_mean"`
	Std      cli.Number  `json:"test_accuracy_std"`
	BestMean *cli.Number `json:"best_test_accuracy_mean,omitempty"` // with -val: at the best validation epoch
	BestStd  *cli.Number `json:"best_test_accuracy_std,omitempty"`
	Protocol string      `json:"protocol,omitempty"` // "paper": the best epochs were chosen by the test images
}

// Text implements Event.
func (e SummaryEvent) Text() string {
	text := fmt.Sprintf("%d seeds: test accuracy %s, standard deviation %s", len(e.Seeds), e.Mean.Percent(), e.Std.Percent())
	if e.BestMean != nil {
		where := "at the best validation epoch"
		if e.Protocol == paperProtocol {
			where = "at the best test epoch (the paper's protocol)"
		}
		text += fmt.Sprintf("; %s %s, standard deviation %s", where, e.BestMean.Percent(), e.BestStd.Percent())
	}
	return text
}

// FailedEvent comes last if training failed.
type FailedEvent struct {
	Event    string `json:"event"` // "failed"
	Seed     uint64 `json:"seed"`
	Message  string `json:"message"`
	Diverged bool   `json:"diverged,omitempty"` // so that the same settings will fail again
}

// Text implements Event.
func (e FailedEvent) Text() string { return "" } // the command says it when it ends

// InterruptedEvent comes last after Ctrl-C.
type InterruptedEvent struct {
	Event   string `json:"event"` // "interrupted"
	Seed    uint64 `json:"seed"`
	Epoch   int    `json:"epoch"` // the one that was not finished
	Batches int    `json:"batches"`
	Folder  string `json:"folder,omitempty"` // where all this is saved
}

// Text implements Event.
func (e InterruptedEvent) Text() string {
	text := fmt.Sprintf("interrupted after %d batches of epoch %d", e.Batches, e.Epoch)
	if e.Folder != "" {
		text += "; to go on: pcn train -resume " + e.Folder
	}
	return text
}
