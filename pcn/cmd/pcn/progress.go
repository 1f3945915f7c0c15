package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// A progress is a line at the bottom of the terminal that is drawn over and
// over. Without a terminal it does nothing.
type progress struct {
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

func newProgress(s streams) *progress {
	return &progress{w: s.err, width: s.width, now: time.Now}
}

// update draws that done of so many parts are through. It returns at once if
// the last drawing is recent.
func (p *progress) update(label string, done, of int, rest string) {
	if p.width == nil || p.shown && p.now().Sub(p.drawn) < redraw {
		return
	}
	p.drawn, p.shown = p.now(), true
	fmt.Fprint(p.w, "\r\x1b[K"+p.line(label, done, of, rest))
}

// line returns what update draws, one column narrower than the terminal: a full
// line might break.
func (p *progress) line(label string, done, of int, rest string) string {
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

// clear takes the line away, so that others can be printed.
func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}
