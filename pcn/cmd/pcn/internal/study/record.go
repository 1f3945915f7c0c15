package study

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

// A record is all that is kept of a cell: what its folder holds in config.json,
// metrics.jsonl and audit.json. A line of results.jsonl is a record.
type record struct {
	Cell   string            `json:"cell"`
	Config json.RawMessage   `json:"config"`
	Events []json.RawMessage `json:"events"`
	Audit  *Cosines          `json:"audit,omitempty"`
}

// A Result is what a cell came to.
type Result struct {
	Cell   string
	Levels int

	// Epochs are those that were trained, in order.
	Epochs []run.EpochEvent

	// Best is the epoch that was best on the validation images, if there are
	// any.
	Best *run.BestEvent

	// Done is nil if training failed, and Failed is the reason.
	Done   *run.DoneEvent
	Failed string

	// Cosines are nil of backpropagation, and of cells that were not audited.
	Cosines *Cosines
}

// Accuracy is that on the test images after the last epoch, NaN if training
// failed.
func (r *Result) Accuracy() float64 {
	if r.Done == nil {
		return nan
	}
	return float64(r.Done.Test)
}

// result reads a record. It is nil if training has not come to an end.
func (r *record) result() (*Result, error) {
	res := &Result{Cell: r.Cell, Cosines: r.Audit}
	ended := false
	for i, text := range r.Events {
		var kind struct {
			Event string `json:"event"`
		}
		if err := json.Unmarshal(text, &kind); err != nil {
			return nil, r.damaged(i, err)
		}
		var err error
		switch kind.Event {
		case "start":
			var e struct {
				Levels int `json:"levels"`
			}
			err = json.Unmarshal(text, &e)
			res.Levels = e.Levels
		case "epoch":
			var e run.EpochEvent
			err = json.Unmarshal(text, &e)
			res.Epochs = append(res.Epochs, e)
		case "best":
			res.Best = new(run.BestEvent)
			err = json.Unmarshal(text, res.Best)
		case "done":
			res.Done, ended = new(run.DoneEvent), true
			err = json.Unmarshal(text, res.Done)
		case "failed":
			var e run.FailedEvent
			err = json.Unmarshal(text, &e)
			if e.Diverged { // other failures may be gone the next time
				res.Failed, ended = e.Message, true
			}
		}
		if err != nil {
			return nil, r.damaged(i, err)
		}
	}
	if !ended {
		return nil, nil
	}
	return res, nil
}

func (r *record) damaged(event int, err error) error {
	return fmt.Errorf("event %d of the cell %s is damaged: %w; remove the cell to have it trained again", event+1, r.Cell, err)
}

// lines splits JSON lines. A last line without its end is left out: whoever
// wrote it was stopped.
func lines(text []byte) []json.RawMessage {
	var list []json.RawMessage
	for {
		line, rest, whole := bytes.Cut(text, []byte("\n"))
		if !whole {
			return list
		}
		if len(bytes.TrimSpace(line)) > 0 {
			list = append(list, json.RawMessage(bytes.TrimSpace(line)))
		}
		text = rest
	}
}

// spread is a figure over seeds: its mean, and its standard deviation, that of
// a sample, which is NaN for one seed.
type spread struct {
	Mean, Std cli.Number
	N         int
}

func spreadOf(results []*Result, figure func(*Result) float64) spread {
	mean, std := run.MeanStd(results, figure)
	return spread{mean, std, len(results)}
}
