package study

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

// bitless are settings that change no bit of a result, and where data lies.
var bitless = []string{"workers", "isa", "profile", "dir"}

// differences lists how the settings in a config.json differ from others, the
// names in the order of the help. Settings that the file does not know, since
// an older version wrote it, have their defaults.
func differences(config []byte, settings *run.Settings) ([]string, error) {
	defaults := run.Defaults()
	there, err := fields(&defaults)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(config, &there); err != nil {
		return nil, fmt.Errorf("the settings are damaged: %w", err)
	}
	here, err := fields(settings)
	if err != nil {
		return nil, err
	}
	var list []string
	for _, flag := range run.Names() {
		name := strings.ReplaceAll(flag, "-", "_")
		if slices.Contains(bitless, name) {
			continue
		}
		if a, b := there[name], here[name]; !reflect.DeepEqual(a, b) {
			list = append(list, fmt.Sprintf("-%s is %v there and %v here", flag, a, b))
		}
	}
	return list, nil
}

// fields returns what JSON makes of settings.
func fields(s *run.Settings) (map[string]any, error) {
	text, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	var m map[string]any
	return m, json.Unmarshal(text, &m)
}
