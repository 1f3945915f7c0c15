package study

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

// sweepFields are the fields of a file that describes a sweep.
var sweepFields = []string{"settings", "grid", "random", "trials", "draw"}

// mostTrials bounds what a grid asks for.
const mostTrials = 10000

// ParseSweep reads the description of a sweep, a JSON object:
//
//	settings   of all trials, named as in config.json
//	grid       lists of values by the names of settings: every combination is tried
//	random     instead of a grid: lists to draw from, or ranges
//	           {"from": 1e-4, "to": 1e-2, "log": true}
//	trials     how many points random draws
//	draw       the seed of drawing, 0 if there is none
//
// A sweep needs images for validation, the setting val, or the paper's protocol,
// which must be asked for aloud: the file alone does not choose it.
func ParseSweep(text []byte, paper bool) (*Sweep, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		return nil, fmt.Errorf("no valid JSON object: %w", err)
	}
	for name := range fields {
		if !slices.Contains(sweepFields, name) {
			return nil, fmt.Errorf("unknown field %q%s: use %s", name, cli.DidYouMean(name, sweepFields), cli.Alternatives(sweepFields))
		}
	}
	s := &Sweep{Settings: run.Defaults()}
	if settings, there := fields["settings"]; there {
		if err := s.Settings.ReadConfig(settings); err != nil {
			return nil, fmt.Errorf("settings, %w", err)
		}
	}
	if s.Settings.Paper && !paper {
		return nil, errors.New("paper_protocol selects by the test images: say so with the flag -paper-protocol too, or leave it out")
	}
	s.Settings.Paper = paper
	if paper && s.Settings.Val > 0 {
		return nil, errors.New("-paper-protocol selects by the test images, which leaves nothing to validate: leave val out")
	}
	_, grid := fields["grid"]
	_, random := fields["random"]
	var points [][]Choice
	var err error
	switch {
	case grid == random:
		return nil, errors.New(`a sweep has either a grid, as in {"grid": {"latent_lr": [0.1, 0.3]}}, or a random part`)
	case grid && (fields["trials"] != nil || fields["draw"] != nil):
		return nil, errors.New("a grid tries every combination: leave trials and draw out, or use random instead of grid")
	case grid:
		points, err = gridPoints(fields["grid"])
	default:
		points, err = randomPoints(fields)
	}
	if err != nil {
		return nil, err
	}
	for i, point := range points {
		t := Trial{Number: i, Settings: s.Settings, Point: point}
		for _, c := range point {
			if slices.Contains(notVaried, strings.ReplaceAll(c.Name, "-", "_")) {
				return nil, fmt.Errorf("%s cannot be varied: all trials are compared on the same images, with the same seeds; set it under settings", c.Name)
			}
			if err := t.Settings.Set(c.Name, c.Value); err != nil {
				return nil, err
			}
		}
		s.Trials = append(s.Trials, t)
	}
	return s, nil
}

// notVaried are settings that all trials must have in common.
var notVaried = []string{"data", "dir", "val", "paper_protocol", "seed", "seeds"}

// gridPoints returns all combinations, the last name varying fastest.
func gridPoints(text []byte) ([][]Choice, error) {
	var lists map[string][]json.RawMessage
	if err := json.Unmarshal(text, &lists); err != nil {
		return nil, errors.New(`grid is an object of lists, as in {"latent_lr": [0.1, 0.3], "precision": ["uniform", "spiking"]}`)
	}
	points := [][]Choice{nil}
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		var longer [][]Choice
		if len(lists[name])*len(points) > mostTrials {
			return nil, fmt.Errorf("the grid has more than %d points: shorten its lists, or draw random ones", mostTrials)
		}
		for _, p := range points {
			for _, value := range lists[name] {
				text, err := scalar(value)
				if err != nil {
					return nil, fmt.Errorf("grid, %s: %w", name, err)
				}
				longer = append(longer, append(slices.Clone(p), Choice{name, text}))
			}
		}
		points = longer
	}
	if len(lists) == 0 || len(points) == 0 {
		return nil, errors.New("the grid is empty: name settings with lists of values")
	}
	return points, nil
}

// scalar returns a JSON string, number, true or false as it is written behind a
// flag.
func scalar(value json.RawMessage) (string, error) {
	var v any
	if err := json.Unmarshal(value, &v); err != nil {
		return "", err
	}
	switch v := v.(type) {
	case string:
		return v, nil
	case float64, bool:
		return string(value), nil
	}
	return "", fmt.Errorf("%s is no value of a setting", value)
}
