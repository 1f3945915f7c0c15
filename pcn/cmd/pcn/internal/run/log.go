package run

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

// A Log hands events to whoever wants them: as JSON, one object a line, to
// standard output (-json) and to the run's folder (-out), and as text to people. In order there are
//
//	start                     once
//	warning                   any number
//	epoch ...                 for every seed
//	best                      for every seed, with -val
//	run                       for every seed, if there are several
//	summary                   if there are several seeds
//	done                      or failed, or interrupted
type Log struct {
	people   io.Writer
	warnings io.Writer
	json     []io.Writer
	bar      *cli.Progress

	err error // the first failure to write JSON
}

// NewLog makes a log for people. With asJSON standard output gets JSON, and
// people read standard error.
func NewLog(s cli.Streams, asJSON bool) *Log {
	log := &Log{people: s.Out, warnings: s.Err, bar: cli.NewProgress(s)}
	if asJSON {
		log.people = s.Err
		log.WriteJSON(s.Out)
	}
	return log
}

// WriteJSON makes w get all later events as lines of JSON.
func (l *Log) WriteJSON(w io.Writer) { l.json = append(l.json, w) }

// Emit hands out an event.
func (l *Log) Emit(e Event) {
	line, err := json.Marshal(e)
	if err != nil {
		panic(err) // events are made of what JSON has
	}
	l.replay(append(line, '\n'))
	l.tell(e)
}

// replay hands out lines of JSON, and nothing to people.
func (l *Log) replay(lines []byte) {
	for _, w := range l.json {
		if _, err := w.Write(lines); err != nil && l.err == nil {
			l.err = fmt.Errorf("cannot write metrics: %w", err)
		}
	}
}

// tell tells people alone of an event.
func (l *Log) tell(e Event) {
	w := l.people
	if _, warning := e.(WarningEvent); warning {
		w = l.warnings
	}
	if text := e.Text(); text != "" {
		l.bar.Clear()
		fmt.Fprintln(w, text)
	}
}

// note tells people something that is no event.
func (l *Log) note(format string, args ...any) {
	l.bar.Clear()
	fmt.Fprintf(l.people, format+"\n", args...)
}

// Err returns the first failure to write JSON.
func (l *Log) Err() error { return l.err }

// Close takes the progress line away and returns Err.
func (l *Log) Close() error {
	l.bar.Clear()
	return l.err
}
