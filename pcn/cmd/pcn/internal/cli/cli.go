// Package cli is what the sub-commands of pcn share in talking to the person
// who called them: flags with their explanations, errors with exit codes,
// streams, and a progress bar.
package cli

import (
	"io"
	"os"

	"golang.org/x/term"
)

// Streams are where a command writes.
type Streams struct {
	Out, Err io.Writer

	// Width returns the columns of the terminal behind Err. It is nil if that
	// is no terminal.
	Width func() int
}

// StandardStreams are those of the process.
func StandardStreams() Streams {
	s := Streams{Out: os.Stdout, Err: os.Stderr}
	if fd := int(os.Stderr.Fd()); term.IsTerminal(fd) && os.Getenv("TERM") != "dumb" {
		s.Width = func() int {
			width, _, err := term.GetSize(fd)
			if err != nil || width < 1 { // some terminals do not know their size
				return 80
			}
			return width
		}
	}
	return s
}
