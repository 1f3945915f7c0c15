package run

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/gopcn/gopcn/pcn/checkpoint"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/data"
)

// A state is what a checkpoint notes of a run besides the trainer.
type state struct {
	Settings json.RawMessage `json:"settings"`      // see Settings.ofSeed
	Data     string          `json:"data_sha256"`   // see Sets.digest
	Metrics  int64           `json:"metrics_bytes"` // length of metrics.jsonl

	Best     *BestEvent    `json:"best,omitempty"`
	Samples  int           `json:"samples"` // of whole epochs, as the next
	Training time.Duration `json:"training_ns"`
	Seconds  float64       `json:"seconds"` // of all sittings

	// Done says that the seed is through, with these results.
	Done    bool       `json:"done"`
	Test    cli.Number `json:"test_accuracy"`
	Weights string     `json:"weights_sha256,omitempty"`
}

// noteKey is where checkpoints keep the state.
const noteKey = "run"

// ofSeed are the settings of a run with that seed alone.
func (s Settings) ofSeed(seed uint64) Settings {
	s.Seed, s.Seeds = seed, 1
	return s
}

// digest is the SHA-256 of all images and labels.
func (s Sets) digest() string {
	h := sha256.New()
	for _, set := range []*data.Set{s.Train, s.Val, s.Test} {
		if set == nil {
			set = &data.Set{}
		}
		for _, n := range []int{set.Len(), set.Height, set.Width, set.Channels} {
			h.Write(binary.LittleEndian.AppendUint64(nil, uint64(n)))
		}
		h.Write(set.Pixels)
		h.Write(set.Labels)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// readState takes the state out of a checkpoint and says whether it is one of
// these settings and these images.
func readState(c *checkpoint.Checkpoint, settings *Settings, data string) (*state, error) {
	text, there := c.Notes[noteKey]
	if !there {
		return nil, fmt.Errorf("%w: it was not saved by pcn train", checkpoint.ErrMismatch)
	}
	s := new(state)
	if err := json.Unmarshal([]byte(text), s); err != nil {
		return nil, fmt.Errorf("%w: its notes: %w", checkpoint.ErrDamaged, err)
	}
	if s.Metrics < 0 {
		return nil, fmt.Errorf("%w: its notes", checkpoint.ErrDamaged)
	}
	different, err := Differences(s.Settings, settings)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", checkpoint.ErrDamaged, err)
	}
	if len(different) > 0 {
		return nil, fmt.Errorf("%w: it was saved with other settings: %s; set that back in %s, or begin a new run with -config and -out",
			checkpoint.ErrMismatch, different[0], ConfigFile)
	}
	if s.Data != data {
		return nil, fmt.Errorf("%w: it was saved with other images: have the files of the set be those the run was begun with", checkpoint.ErrMismatch)
	}
	return s, nil
}

// result is what the state of a seed that is through tells.
func (s *state) result(seed uint64) (Result, error) {
	r := Result{Seed: seed, Test: float64(s.Test), Best: s.Best, Seconds: s.Seconds, Samples: s.Samples, Training: s.Training}
	digest, err := hex.DecodeString(s.Weights)
	if err != nil || len(digest) != len(r.Digest) {
		return r, fmt.Errorf("%w: the digest of its weights", checkpoint.ErrDamaged)
	}
	copy(r.Digest[:], digest)
	return r, nil
}
