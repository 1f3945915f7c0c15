package cli

import (
	"encoding/json"
	"errors"
)

// SetJSON gives the flag a value as JSON has it: true or false for toggles, a
// number for numbers, and a string for everything else.
func (f *Flag) SetJSON(value []byte) error {
	plain := string(value)
	switch f.Value.(type) {
	case choice, text:
		if err := json.Unmarshal(value, &plain); err != nil || string(value) == "null" {
			return errors.New("want a string")
		}
	case toggle:
		if plain != "true" && plain != "false" {
			return errors.New("want true or false, without quotes")
		}
	default:
		if json.Unmarshal(value, new(json.Number)) != nil || value[0] == '"' || plain == "null" {
			return errors.New("want a number, without quotes")
		}
	}
	return f.Set(plain)
}
