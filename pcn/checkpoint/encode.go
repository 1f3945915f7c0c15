package checkpoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/safetensors"
)

// A state is what metadata keeps of a run, as JSON. Numbers come back to the bit.
type state struct {
	Optimizer  string   `json:"optimizer"`
	Count      int      `json:"count"`
	Steps      []int    `json:"steps"`
	Moments    [2]bool  `json:"moments"` // whether there are first, and second
	Parameters []string `json:"parameters"`
	Statistics []string `json:"statistics"`
	Moved      bool     `json:"statistics_moved"`
	Progress   progress `json:"progress"`
}

type progress struct {
	Epoch    int     `json:"epoch"`
	Batch    int     `json:"batch"`
	Samples  int     `json:"samples"`
	Loss     float64 `json:"loss"`
	Correct  int     `json:"correct"`
	Training int64   `json:"training_ns"`
}

// encode makes the file of a checkpoint.
func (c *Checkpoint) encode() (*safetensors.File, error) {
	if c.optimizer == "" {
		return nil, errors.New("a checkpoint comes from Capture or Load")
	}
	s := &c.Snapshot
	text, err := json.Marshal(state{
		Optimizer: c.optimizer, Count: s.Optimizer.Count, Steps: s.Optimizer.Steps,
		Moments:    [2]bool{len(s.Optimizer.First) > 0, len(s.Optimizer.Second) > 0},
		Parameters: names(s.Parameters), Statistics: names(s.Statistics.Tensors), Moved: s.Statistics.Moved,
		Progress: progress{c.Progress.Epoch, c.Progress.Batch, c.Progress.Samples, c.Progress.Loss, c.Progress.Correct, int64(c.Progress.Training)},
	})
	if err != nil {
		return nil, err
	}
	network, err := json.Marshal(c.network)
	if err != nil {
		return nil, err
	}
	f := &safetensors.File{Metadata: map[string]string{
		keyFormat: "pt", keyKind: kindCheckpoint, keyNetwork: string(network), keyState: string(text),
	}}
	for k, v := range c.Notes {
		if reserved(k) {
			return nil, fmt.Errorf("a note cannot be called %q: give it another name", k)
		}
		f.Metadata[k] = v
	}
	prefixes := momentNames(c.optimizer)
	f.Tensors = slices.Concat(
		renamed("", s.Parameters), renamed("", s.Statistics.Tensors),
		renamed(prefixes[0], s.Optimizer.First), renamed(prefixes[1], s.Optimizer.Second),
	)
	return f, nil
}

func names(list []pcn.Tensor) []string {
	names := []string{}
	for _, t := range list {
		names = append(names, t.Name)
	}
	return names
}

// renamed are tensors with their names in files.
func renamed(prefix string, list []pcn.Tensor) []safetensors.Tensor {
	var tensors []safetensors.Tensor
	for _, t := range list {
		t.Name = prefix + torchName(t.Name)
		tensors = append(tensors, safetensors.Tensor(t))
	}
	return tensors
}

// decode is the way back.
func decode(f *safetensors.File) (*Checkpoint, error) {
	switch kind, ok := f.Metadata[keyKind]; {
	case !ok:
		return nil, fmt.Errorf("%w: it is not a checkpoint of this program, but perhaps weights that a run can start from", ErrMismatch)
	case kind == kindWeights:
		return nil, fmt.Errorf("%w: it holds weights alone, and not the rest of a run's state; a new run can start from them", ErrMismatch)
	case kind != kindCheckpoint:
		return nil, fmt.Errorf("%w: it is a %q and this version reads %q; use the version that wrote it", ErrMismatch, kind, kindCheckpoint)
	}
	var s state
	c := &Checkpoint{}
	if err := json.Unmarshal([]byte(f.Metadata[keyState]), &s); err != nil {
		return nil, fmt.Errorf("%w: the metadata %s: %w", ErrDamaged, keyState, err)
	}
	if err := json.Unmarshal([]byte(f.Metadata[keyNetwork]), &c.network); err != nil {
		return nil, fmt.Errorf("%w: the metadata %s: %w", ErrDamaged, keyNetwork, err)
	}
	for k, v := range f.Metadata {
		if !reserved(k) {
			if c.Notes == nil {
				c.Notes = map[string]string{}
			}
			c.Notes[k] = v
		}
	}
	p := s.Progress
	c.Progress = pcn.Progress{Epoch: p.Epoch, Batch: p.Batch, Samples: p.Samples, Loss: p.Loss, Correct: p.Correct, Training: time.Duration(p.Training)}
	c.optimizer = s.Optimizer
	return c, s.snapshot(&c.Snapshot, f.Tensors)
}

// snapshot sorts the tensors of a file into a snapshot.
func (s *state) snapshot(dst *pcn.Snapshot, tensors []safetensors.Tensor) (err error) {
	all := byName(tensors)
	prefixes := momentNames(s.Optimizer)
	take := func(prefix string, names []string, there bool) (list []pcn.Tensor) {
		for _, name := range names {
			t, ok := all[prefix+torchName(name)]
			switch {
			case there && ok:
				t.Name = name
				list = append(list, t)
			case there && err == nil:
				err = fmt.Errorf("%w: the tensor %q is missing", ErrDamaged, prefix+torchName(name))
			}
		}
		return list
	}
	dst.Parameters = take("", s.Parameters, true)
	dst.Statistics = pcn.Statistics{Tensors: take("", s.Statistics, true), Moved: s.Moved}
	dst.Optimizer = pcn.OptimizerState{
		Count: s.Count, Steps: s.Steps,
		First:  take(prefixes[0], s.Parameters, s.Moments[0]),
		Second: take(prefixes[1], s.Parameters, s.Moments[1]),
	}
	return err
}

func byName(tensors []safetensors.Tensor) map[string]pcn.Tensor {
	m := map[string]pcn.Tensor{}
	for _, t := range tensors {
		m[t.Name] = pcn.Tensor(t)
	}
	return m
}
