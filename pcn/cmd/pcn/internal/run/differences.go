package run

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// Bitless are the settings that change no bit of a result: what computes, and
// where the images lie.
var Bitless = []string{"workers", "isa", "profile", "dir"}

// Differences lists how settings that were written as JSON differ from s, in the
// order of the help, but for those of Bitless. What they leave out, since an
// older version wrote them, has its default.
func Differences(written []byte, s *Settings) ([]string, error) {
	defaults := Defaults()
	there := fields(&defaults)
	if err := json.Unmarshal(written, &there); err != nil {
		return nil, fmt.Errorf("the settings are damaged: %w", err)
	}
	here := fields(s)
	var list []string
	for _, name := range Names() {
		a, b := there[jsonName(name)], here[jsonName(name)]
		if !slices.Contains(Bitless, name) && !bytes.Equal(a, b) {
			list = append(list, fmt.Sprintf("-%s is %s there and %s here", name, orNothing(a), orNothing(b)))
		}
	}
	return list, nil
}

// fields are the settings by their names in JSON.
func fields(s *Settings) map[string]json.RawMessage {
	text, err := json.Marshal(s)
	m := map[string]json.RawMessage{}
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err != nil {
		panic(err) // settings are made of what JSON has
	}
	return m
}

func orNothing(value []byte) string {
	if value == nil {
		return "nothing"
	}
	return string(value)
}
