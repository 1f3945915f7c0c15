package main

import (
	"encoding/json"
	"fmt"
	"io"
)

// An eventLog hands events to whoever wants them: as JSON, one object a line,
// to standard output (-json) and to the run's folder (-out), and as text to
// people. In order there are
//
//	start                     once
//	warning                   any number
//	epoch ...                 for every seed
//	best                      for every seed, with -val
//	run                       for every seed, if there are several
//	summary                   if there are several seeds
//	done                      or failed, or interrupted
type eventLog struct {
	people   io.Writer
	warnings io.Writer
	json     []io.Writer
	bar      *progress

	err error // the first failure to write JSON
}

func newEventLog(s streams, asJSON bool) *eventLog {
	log := &eventLog{people: s.out, warnings: s.err, bar: newProgress(s)}
	if asJSON {
		log.people = s.err
		log.json = append(log.json, s.out)
	}
	return log
}

// emit hands out an event.
func (l *eventLog) emit(e event) {
	for _, w := range l.json {
		line, err := json.Marshal(e)
		if err == nil {
			_, err = w.Write(append(line, '\n'))
		}
		if err != nil && l.err == nil {
			l.err = fmt.Errorf("cannot write metrics: %w", err)
		}
	}
	l.bar.clear()
	w := l.people
	if _, warning := e.(warningEvent); warning {
		w = l.warnings
	}
	if text := e.text(); text != "" {
		fmt.Fprintln(w, text)
	}
}
