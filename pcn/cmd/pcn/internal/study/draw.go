package study

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

// A source is what values are drawn from: a list, or a range.
type source struct {
	list     []string
	from, to float64
	log      bool
	whole    bool // whole numbers only
}

// randomPoints draws points. The same seed draws the same, and more trials add
// to fewer.
func randomPoints(fields map[string]json.RawMessage) ([][]Choice, error) {
	var trials int
	var draw uint64
	if err := json.Unmarshal(fields["trials"], &trials); err != nil || trials < 1 || trials > mostTrials {
		return nil, fmt.Errorf("a random sweep needs the number of its trials, from 1 to %d, as in \"trials\": 20", mostTrials)
	}
	if text, there := fields["draw"]; there {
		if err := json.Unmarshal(text, &draw); err != nil {
			return nil, fmt.Errorf("draw is the seed of drawing, a whole number from 0 on, not %s", text)
		}
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(fields["random"], &raw); err != nil || len(raw) == 0 {
		return nil, errors.New(`random is an object of lists and ranges, as in {"lr": {"from": 1e-4, "to": 1e-2, "log": true}}`)
	}
	names := slices.Sorted(maps.Keys(raw))
	sources := map[string]*source{}
	for _, name := range names {
		s, err := newSource(name, raw[name])
		if err != nil {
			return nil, fmt.Errorf("random, %s: %w", name, err)
		}
		sources[name] = s
	}
	random := rand.New(rand.NewPCG(draw, 0))
	points := make([][]Choice, trials)
	for i := range points {
		for _, name := range names {
			points[i] = append(points[i], Choice{name, sources[name].draw(random)})
		}
	}
	return points, nil
}

func newSource(name string, text json.RawMessage) (*source, error) {
	var list []json.RawMessage
	if json.Unmarshal(text, &list) == nil {
		s := new(source)
		for _, value := range list {
			v, err := scalar(value)
			if err != nil {
				return nil, err
			}
			s.list = append(s.list, v)
		}
		if len(s.list) == 0 {
			return nil, errors.New("the list is empty")
		}
		return s, nil
	}
	bounds := struct {
		From, To *float64
		Log      bool
	}{}
	dec := json.NewDecoder(strings.NewReader(string(text)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&bounds); err != nil || bounds.From == nil || bounds.To == nil || !(*bounds.From <= *bounds.To) {
		return nil, fmt.Errorf(`%s is neither a list nor a range such as {"from": 1e-4, "to": 1e-2, "log": true}`, text)
	}
	s := &source{from: *bounds.From, to: *bounds.To, log: bounds.Log, whole: takesWholeNumbers(name)}
	if s.log && s.from <= 0 {
		return nil, fmt.Errorf("a logarithmic range begins above 0, not at %v", s.from)
	}
	return s, nil
}

// takesWholeNumbers says whether a setting takes no fractions.
func takesWholeNumbers(name string) bool {
	s := run.Defaults()
	return s.Set(name, "0.5") != nil && s.Set(name, "1") == nil
}

// draw draws a value. Numbers of ranges have three digits, which read well and
// are the same on every machine.
func (s *source) draw(random *rand.Rand) string {
	if s.list != nil {
		return s.list[random.IntN(len(s.list))]
	}
	v, part := 0.0, random.Float64()
	switch {
	case s.log:
		v = s.from * math.Pow(s.to/s.from, part)
	case s.whole:
		v = math.Floor(s.from + part*(s.to-s.from+1))
	default:
		v = s.from + part*(s.to-s.from)
	}
	if s.whole {
		return strconv.FormatFloat(min(math.Floor(v+0.5), s.to), 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}
