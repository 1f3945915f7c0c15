package run

import (
	"encoding/json"
	"runtime"
	"runtime/debug"
	"strings"
)

// A Record is what config.json in the folder of a run holds: all settings, and
// what is worth knowing of the program and the machine. ReadConfig takes it
// back and passes over the latter.
type Record struct {
	Settings
	Code    Code    `json:"code"`
	Machine Machine `json:"machine"`
}

// Code is the program that trained. A release may change bits.
type Code struct {
	Version  string `json:"version,omitempty"`  // of the module
	Revision string `json:"revision,omitempty"` // of its repository
	Modified bool   `json:"modified,omitempty"` // since that revision
	Go       string `json:"go"`
}

// String names the version, as far as it is known.
func (c Code) String() string {
	text := strings.TrimSpace(c.Version + " " + c.Revision)
	if text == "" {
		text = "unknown"
	}
	if c.Modified {
		text += " modified"
	}
	return text
}

// ThisCode tells of the program that runs, as far as its build recorded it.
func ThisCode() Code {
	c := Code{Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return c
	}
	c.Version = info.Main.Version
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			c.Revision = s.Value
		case "vcs.modified":
			c.Modified = s.Value == "true"
		}
	}
	return c
}

// differs says whether the two are known to be different programs.
func (c Code) differs(d Code) bool {
	return c.Version != d.Version || c.Revision != d.Revision
}

// Machine is what computed. It changes no bit of the result.
type Machine struct {
	ISA     string `json:"isa"`
	Workers int    `json:"workers"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
}

// Record returns what the folder of the task's run records.
func (t *Task) Record() Record {
	return Record{t.Settings, ThisCode(), t.machine()}
}

func (t *Task) machine() Machine {
	return Machine{t.Settings.ISA, t.Settings.Workers, runtime.GOOS, runtime.GOARCH}
}

// JSON returns the record as config.json has it.
func (r Record) JSON() []byte {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		panic(err) // settings are made of what JSON has
	}
	return append(text, '\n')
}
