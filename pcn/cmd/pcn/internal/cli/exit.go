package cli

import (
	"errors"
	"fmt"
	"strings"
)

// Exit codes.
const (
	ExitOK          = 0
	ExitFailure     = 1
	ExitUsage       = 2
	ExitInterrupted = 130 // what shells report of a command that Ctrl-C ended
)

// A UsageError is a command called wrongly: the user must call it differently.
type UsageError struct{ Err error }

func (e UsageError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong.
func (e UsageError) Unwrap() error { return e.Err }

// Usagef makes a UsageError.
func Usagef(format string, args ...any) error { return UsageError{fmt.Errorf(format, args...)} }

// ErrInterrupted ends a command that was interrupted and has said so.
var ErrInterrupted = errors.New("interrupted")

// ExitCode reports an error of the named command and returns the exit code.
func ExitCode(s Streams, command string, err error) int {
	if err == nil {
		return ExitOK
	}
	if errors.Is(err, ErrInterrupted) {
		return ExitInterrupted
	}
	prefix := strings.TrimSpace("pcn " + command)
	fmt.Fprintf(s.Err, "%s: %s\n", prefix, WithoutPackage(err.Error()))
	var usage UsageError
	if errors.As(err, &usage) {
		fmt.Fprintf(s.Err, "See: %s\n", strings.TrimSpace("pcn help "+command))
		return ExitUsage
	}
	return ExitFailure
}

// WithoutPackage takes the name of the package off the beginning of an error's
// text: it means something to callers of the package only.
func WithoutPackage(text string) string {
	for _, name := range []string{"pcn: ", "models: ", "data: ", "kernels: ", "profile: ", "checkpoint: ", "safetensors: "} {
		text = strings.TrimPrefix(text, name)
	}
	return text
}
