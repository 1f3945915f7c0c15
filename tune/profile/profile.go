// Package profile keeps what the command tune has measured: files with the
// settings of kernels (a [kernels.Profile]) and the machine they hold for.
//
// Nothing is loaded unless it is asked for. A profile changes how fast a handle
// works and no bit of its results; a file that is damaged, or that was measured
// on another CPU, for another tier or with other kernels, is an error.
package profile

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/gopcn/gopcn/kernels"
)

// Auto is the name that [Open] takes for [Find].
const Auto = "auto"

// Open returns a handle like h with a profile: h itself if the name is empty,
// that of [Find] if it is "auto", and otherwise that of a file.
func Open(name string, h *kernels.Handle) (*kernels.Handle, error) {
	switch name {
	case "":
		return h, nil
	case Auto:
		tuned, _, err := Find(h)
		return tuned, err
	}
	return Load(name, h)
}

// Load returns a handle like h with the profile of a file.
func Load(name string, h *kernels.Handle) (*kernels.Handle, error) {
	text, err := readFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("profile %s: no such file: go run github.com/gopcn/gopcn/tune -out %s writes it", name, name)
	}
	if err != nil {
		return nil, fmt.Errorf("profile: %w", err)
	}
	f, err := Decode(text)
	if err == nil {
		h, err = f.Apply(h)
	}
	if err != nil {
		return nil, fmt.Errorf("profile %s: %w", name, err)
	}
	return h, nil
}

// mostBytes is more than any profile has.
const mostBytes = 64 << 10

func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, mostBytes+1))
	if err == nil && len(text) > mostBytes {
		err = fmt.Errorf("%s: larger than any profile: choose a file that tune wrote", name)
	}
	return text, err
}

// Path returns where tune puts the profile of h on this machine: in the user's
// cache folder, under a name made of CPU, tier and kernels.
func Path(h *kernels.Handle) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("profile: no cache folder (%w): name a file", err)
	}
	c := ThisCPU()
	name := fmt.Sprintf("%s-%d-%d-%d-%d-%d-%v-%s.json", letters(c.Vendor), c.Family, c.Model, c.L1Data, c.L2, c.L3, h.ISA(), kernels.ProductSum)
	return filepath.Join(cache, "gopcn", "profiles", name), nil
}

// letters keeps the letters of a vendor's name.
func letters(s string) string {
	var kept []rune
	for _, r := range s {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			kept = append(kept, r)
		}
	}
	if len(kept) == 0 {
		return "unknown"
	}
	return string(kept)
}

// The profiles of the CPUs that have been measured. As they are part of the
// sources, they hold for the kernels beside them.
//
//go:embed embedded/*.json
var embedded embed.FS

// Find returns a handle like h with the profile for this machine, and where that
// comes from: the file that tune wrote, else a built-in one, else h itself, whose
// defaults follow from the caches. A file that is there and cannot be used is an
// error.
func Find(h *kernels.Handle) (tuned *kernels.Handle, from string, err error) {
	if name, err := Path(h); err == nil {
		if _, err := os.Lstat(name); err == nil {
			tuned, err := Load(name, h)
			return tuned, name, err
		}
	}
	entries, err := embedded.ReadDir("embedded")
	if err != nil {
		return nil, "", fmt.Errorf("profile: %w", err)
	}
	for _, entry := range entries {
		text, err := embedded.ReadFile(path.Join("embedded", entry.Name()))
		if err != nil {
			return nil, "", fmt.Errorf("profile: %w", err)
		}
		f, err := Decode(text)
		if err != nil {
			return nil, "", fmt.Errorf("profile: built in, %s: %w", entry.Name(), err)
		}
		if f.fits(h) != nil {
			continue
		}
		tuned, err := f.apply(h)
		return tuned, "built in, " + entry.Name(), err
	}
	return h, "defaults, from the caches", nil
}
