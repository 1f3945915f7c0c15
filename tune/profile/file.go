package profile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/gopcn/gopcn/kernels"
)

// Version is that of the files' format.
const Version = 1

// A File is what tune writes: the settings that differ from the defaults, what
// they were measured with, and what they gained.
type File struct {
	Version  int            `json:"version"`
	CPU      CPU            `json:"cpu"`
	ISA      string         `json:"isa"`
	Kernels  string         `json:"kernels"` // kernels.ProductSum
	Measured time.Time      `json:"measured"`
	Settings map[string]int `json:"settings"` // by the names of kernels.Setting
	Gains    []Gain         `json:"gains,omitempty"`
}

// A Gain is how much faster a class of work runs than with the defaults.
type Gain struct {
	Class string  `json:"class"`
	Ratio float64 `json:"ratio"` // 1.02: 2 % faster
	Noise float64 `json:"noise"` // what two measurements of the same differ by
}

// Of returns the file of a handle whose profile was measured now, on this
// machine, where the defaults are those of standard.
func Of(h, standard *kernels.Handle, gains []Gain) File {
	p, other := h.Profile(), standard.Profile()
	f := File{
		Version: Version, CPU: ThisCPU(), ISA: h.ISA().String(), Kernels: kernels.ProductSum,
		Measured: time.Now().UTC().Truncate(time.Second), Settings: map[string]int{}, Gains: gains,
	}
	defaults := other.Settings()
	for i, s := range p.Settings() {
		if *s.Value != *defaults[i].Value {
			f.Settings[s.Name] = *s.Value
		}
	}
	return f
}

// again is what helps against files that do not fit.
const again = "measure again with go run github.com/gopcn/gopcn/tune"

// Decode reads a file's text. An error says what is wrong and what to do.
func Decode(text []byte) (*File, error) {
	var head struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, fmt.Errorf("not a profile, or a damaged one (%w): delete it and %s", err, again)
	}
	if head.Version != Version {
		return nil, fmt.Errorf("the format has version %d, and this program reads version %d: %s", head.Version, Version, again)
	}
	var f File
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return nil, fmt.Errorf("a damaged profile (%w): delete it and %s", err, again)
	}
	return &f, nil
}

// change makes the settings of f in p. All of them must be there.
func (f *File) change(p *kernels.Profile) error {
	known := map[string]*int{}
	for _, s := range p.Settings() {
		known[s.Name] = s.Value
	}
	for name, value := range f.Settings {
		if known[name] == nil {
			return fmt.Errorf("these kernels have no setting %q: %s", name, again)
		}
		*known[name] = value
	}
	return nil
}

// fits reports why the file is not for this CPU and tier.
func (f *File) fits(h *kernels.Handle) error {
	switch cpu := ThisCPU(); {
	case f.CPU != cpu:
		return fmt.Errorf("measured on another CPU (%v; this is %v): %s", f.CPU, cpu, again)
	case f.ISA != h.ISA().String():
		return fmt.Errorf("measured for the tier %s, and %v is in use: choose that tier, or %s -isa %v", f.ISA, h.ISA(), again, h.ISA())
	}
	return nil
}

// Apply returns a handle of h's tier with the settings of f. It is an error if
// they were measured on another CPU, tier or other kernels, or are out of bounds.
func (f *File) Apply(h *kernels.Handle) (*kernels.Handle, error) {
	if err := f.fits(h); err != nil {
		return nil, err
	}
	if f.Kernels != kernels.ProductSum {
		return nil, fmt.Errorf("measured with other kernels (%s; these are %s): %s", f.Kernels, kernels.ProductSum, again)
	}
	return f.apply(h)
}

func (f *File) apply(h *kernels.Handle) (*kernels.Handle, error) {
	p := h.Profile()
	if err := f.change(&p); err != nil {
		return nil, err
	}
	tuned, err := h.WithProfile(p)
	if err != nil {
		return nil, fmt.Errorf("%w; or %s", err, again)
	}
	return tuned, nil
}
