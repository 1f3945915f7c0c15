package run

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

// notes are fields of a [Record] that decide nothing.
var notes = []string{"code", "machine"}

// LoadConfig reads a file of settings, config.json of a run for instance. What
// it leaves out is as in Defaults.
func LoadConfig(path string) (Settings, error) {
	s := Defaults()
	text, err := os.ReadFile(path)
	if err != nil {
		return s, err
	}
	if err := s.ReadConfig(text); err != nil {
		return s, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// ReadConfig sets the settings that a JSON object names. Its fields are named
// as in [Settings]; unknown ones, values that the flag would not take and
// fields that come twice are errors.
func (s *Settings) ReadConfig(text []byte) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	if start, err := dec.Token(); err != nil {
		return jsonError(text, dec, err)
	} else if start != json.Delim('{') {
		return errors.New(`settings are a JSON object, as in {"rule": "bp", "epochs": 3}`)
	}
	seen := map[string]bool{}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return jsonError(text, dec, err)
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return jsonError(text, dec, err)
		}
		field := name.(string) // the decoder takes nothing else here
		if seen[field] {
			return fmt.Errorf("line %d: field %q is there twice", line(text, dec), field)
		}
		seen[field] = true
		if err := s.setField(field, value); err != nil {
			return fmt.Errorf("line %d: %w", line(text, dec), err)
		}
	}
	if _, err := dec.Token(); err != nil {
		return jsonError(text, dec, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("line %d: there is something behind the object", line(text, dec))
	}
	return nil
}

func (s *Settings) setField(name string, value []byte) error {
	if slices.Contains(notes, name) {
		return nil
	}
	var names []string
	for _, g := range s.groups() {
		for _, f := range g.Flags {
			if jsonName(f.Name) != name {
				names = append(names, jsonName(f.Name))
				continue
			}
			if err := f.SetJSON(value); err != nil {
				return fmt.Errorf("%s: %s: %w", name, value, err)
			}
			s.give(f.Name, byFile)
			return nil
		}
	}
	return fmt.Errorf("unknown field %q%s", name, cli.DidYouMean(name, names))
}

// line is the line that the decoder has reached, from 1 on.
func line(text []byte, dec *json.Decoder) int {
	return 1 + bytes.Count(text[:min(int(dec.InputOffset()), len(text))], []byte("\n"))
}

// jsonError says where JSON is malformed.
func jsonError(text []byte, dec *json.Decoder, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the JSON object does not end: the file is cut off")
	}
	return fmt.Errorf("line %d: no valid JSON: %w", line(text, dec), err)
}
