package main

import (
	"errors"
	"fmt"
	"strings"
)

// Exit codes.
const (
	exitOK          = 0
	exitFailure     = 1
	exitUsage       = 2
	exitInterrupted = 130 // what shells report of a command that Ctrl-C ended
)

// A usageError is a command called wrongly: the user must call it differently.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// usagef makes a usageError.
func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// errInterrupted ends a command that was interrupted and has said so.
var errInterrupted = errors.New("interrupted")

// exitCode reports an error of the named command and returns the exit code.
func exitCode(s streams, command string, err error) int {
	if err == nil {
		return exitOK
	}
	if errors.Is(err, errInterrupted) {
		return exitInterrupted
	}
	prefix := strings.TrimSpace("pcn " + command)
	fmt.Fprintf(s.err, "%s: %s\n", prefix, withoutPackage(err.Error()))
	var usage usageError
	if errors.As(err, &usage) {
		fmt.Fprintf(s.err, "See: %s\n", strings.TrimSpace("pcn help "+command))
		return exitUsage
	}
	return exitFailure
}

// withoutPackage takes the name of the package off the beginning of an error's
// text: it means something to callers of the package only.
func withoutPackage(text string) string {
	for _, name := range []string{"pcn: ", "models: ", "data: ", "kernels: "} {
		text = strings.TrimPrefix(text, name)
	}
	return text
}
