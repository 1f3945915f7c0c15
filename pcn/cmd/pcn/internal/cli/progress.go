package cli

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// A Progress is a line at the bottom of the terminal that is drawn over and
// over. Without a terminal it does nothing.
type Progress struct {
	w     io.Writer
	width func() int // nil: no terminal
	now   func() time.Time

	drawn time.Time
	shown bool
}

// redraw is the time between two drawings, too short for the eye to wait for.
const redraw = 100 * time.Millisecond

// A bar of fewer columns says nothing.
const shortestBar = 8

// NewProgress returns the progress line of a command.
func NewProgress(s Streams) *Progress {
	return &Progress{w: s.Err, width: s.Width, now: time.Now}
}

// Update draws that done of so many parts are through. It returns at once if
// the last drawing is recent.
func (p *Progress) Update(label string, done, of int, rest string) {
	if p.width == nil || p.shown && p.now().Sub(p.drawn) < redraw {
		return
	}
	p.drawn, p.shown = p.now(), true
	fmt.Fprint(p.w, "\r\x1b[K"+p.line(label, done, of, rest))
}

// line returns what Update draws, one column narrower than the terminal: a full
// line might break.
func (p *Progress) line(label string, done, of int, rest string) string {
	columns := p.width() - 1
	head := label + " "
	tail := fmt.Sprintf(" %3d %%  %s", 100*done/of, rest)
	if room := min(columns-len(head)-len(tail)-2, 40); room >= shortestBar {
		full := room * done / of
		head += "[" + strings.Repeat("=", full) + strings.Repeat(" ", room-full) + "]"
	}
	line := head + tail
	return line[:max(0, min(len(line), columns))]
}

// Clear takes the line away, so that others can be printed.
func (p *Progress) Clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}
