package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// A progress is a line on a terminal that says how much of the budget is used
// up and what is being measured.
type progress struct {
	w      io.Writer // nil: no terminal
	start  time.Time
	budget time.Duration
}

func newProgress(w io.Writer, budget time.Duration) *progress {
	p := &progress{start: time.Now(), budget: budget}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb" {
		p.w = w
	}
	return p
}

// bar is the columns of the bar.
const bar = 30

// update draws the line anew.
func (p *progress) update(what string) {
	if p.w != nil {
		fmt.Fprint(p.w, "\r\x1b[K"+line(what, time.Since(p.start), p.budget))
	}
}

func line(what string, used, budget time.Duration) string {
	done := min(1, used.Seconds()/budget.Seconds())
	full := int(bar * done)
	return fmt.Sprintf("tune [%s%s] %3.0f %%  %s", strings.Repeat("=", full), strings.Repeat(" ", bar-full), 100*done, what)
}

// clear takes the line away.
func (p *progress) clear() {
	if p.w != nil {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
