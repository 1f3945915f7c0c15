package checkpoint

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"strings"

	"github.com/gopcn/gopcn/pcn/safetensors"
)

// ErrDamaged is part of the error of a file that is not what was written: cut
// short, changed, or no safetensors file at all.
var ErrDamaged = errors.New("the file is damaged")

// What metadata has under which key.
const (
	keyFormat   = "format" // "pt", as PyTorch users expect
	keyKind     = "gopcn"
	keyChecksum = "gopcn.sha256"
	keyNetwork  = "gopcn.network"
	keyState    = "gopcn.state"
)

// What keyKind says.
const (
	kindCheckpoint = "checkpoint 1"
	kindWeights    = "weights 1"
)

// reserved reports whether a metadata key is not for notes.
func reserved(key string) bool {
	return key == keyFormat || key == keyKind || strings.HasPrefix(key, keyKind+".")
}

// save writes a file with its checksum.
func save(path string, f *safetensors.File) error {
	sum, err := checksum(f)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	f.Metadata[keyChecksum] = sum
	return WriteFile(path, func(w io.Writer) error { return safetensors.Write(w, f) })
}

// checksum is the SHA-256, in hexadecimal, of the file as this package writes it
// with zeros where the checksum goes.
func checksum(f *safetensors.File) (string, error) {
	blank := &safetensors.File{Metadata: maps.Clone(f.Metadata), Tensors: f.Tensors}
	blank.Metadata[keyChecksum] = strings.Repeat("0", hex.EncodedLen(sha256.Size))
	hash := sha256.New()
	if err := safetensors.Write(hash, blank); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// load reads a file and compares its checksum, which files of this package have.
func load(path string) (*safetensors.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	defer file.Close()
	return read(path, file)
}

// read is load of an open file.
func read(path string, r io.Reader) (*safetensors.File, error) {
	f, err := safetensors.Read(r)
	if err != nil {
		var system *os.PathError
		if errors.As(err, &system) { // the disk's fault, not the file's
			return nil, fmt.Errorf("checkpoint: %s: %w", path, err)
		}
		return nil, damaged(path, err.Error())
	}
	want, sum := f.Metadata[keyChecksum]
	_, ours := f.Metadata[keyKind]
	switch {
	case !sum && !ours:
		return f, nil
	case !sum:
		return nil, damaged(path, "its checksum is missing")
	}
	got, err := checksum(f)
	if err != nil {
		return nil, damaged(path, err.Error())
	}
	if got != want {
		return nil, damaged(path, "its checksum does not match its content; if another program changed it on purpose, have it leave the metadata out")
	}
	return f, nil
}

func damaged(path, how string) error {
	return fmt.Errorf("checkpoint: %s: %w: %s", path, ErrDamaged, how)
}
