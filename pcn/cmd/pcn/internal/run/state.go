package run

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/gopcn/gopcn/pcn/checkpoint"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/data"
)

// A state is what a checkpoint notes of a run besides the trainer.
type state struct {
	Settings json.RawMessage `json:"settings"`      // see identity
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

// identity is what decides the bits of one seed's run, and where data lies does
// not.
func (s Settings) identity(seed uint64) json.RawMessage {
	s.Seed, s.Seeds, s.Dir = seed, 1, ""
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // settings are made of what JSON has
	}
	return text
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
// this run.
func readState(c *checkpoint.Checkpoint, want *state) (*state, error) {
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
	if !bytes.Equal(s.Settings, want.Settings) {
		return nil, fmt.Errorf("%w: it was saved with other settings: %w", checkpoint.ErrMismatch, otherSettings(s.Settings, want.Settings))
	}
	if s.Data != want.Data {
		return nil, fmt.Errorf("%w: it was saved with other images: have the files of the set be those the run was begun with", checkpoint.ErrMismatch)
	}
	return s, nil
}

// otherSettings says how settings differ.
func otherSettings(there, here []byte) error {
	var a, b map[string]json.RawMessage
	if err := errors.Join(json.Unmarshal(there, &a), json.Unmarshal(here, &b)); err != nil {
		return err
	}
	names := maps.Clone(a)
	maps.Copy(names, b)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if !bytes.Equal(a[name], b[name]) {
			return fmt.Errorf("%s was %s and is %s; set it back in %s, or begin a new run with -config and -out", name, orNothing(a[name]), orNothing(b[name]), ConfigFile)
		}
	}
	return errors.New("they are written differently")
}

func orNothing(value []byte) string {
	if value == nil {
		return "not there"
	}
	return string(value)
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
