package view

import (
	"bytes"
	"encoding/json"
	"sync"
	"time"
)

// Most entries of the lists that a hub keeps. More would not be seen on a
// screen, and a page must load quickly.
const (
	mostEvents      = 1000 // of a kind
	mostRelaxations = 64
	mostPoints      = 1200
)

// interval is the time between two points, and the least between two messages
// to a page.
const interval = 250 * time.Millisecond

// A Hub keeps an extract of a run for those who want to see it. The goroutine
// that trains calls Write, Batch and Relaxation, which never wait for a reader:
// readers hold the lock only while they copy an extract of bounded length, and
// write to nobody meanwhile.
type Hub struct {
	now       func() time.Time
	pace      pace
	open      point     // of the batches since the last point
	published time.Time // when the last batch was that a point ends with

	lock        sync.Mutex
	version     int           // grows with every change
	changed     chan struct{} // closed by the next change
	events      map[string]*thinned[json.RawMessage]
	relaxations *thinned[json.RawMessage]
	points      *thinned[point]
	progress    *progress
	end         json.RawMessage // the event that ended the run, nil before

	whole whole
}

// NewHub returns a hub that has seen nothing.
func NewHub() *Hub { return newHub(time.Now) }

func newHub(now func() time.Time) *Hub {
	return &Hub{
		now:         now,
		changed:     make(chan struct{}),
		events:      map[string]*thinned[json.RawMessage]{},
		relaxations: newThinned(mostRelaxations, later[json.RawMessage]),
		points:      newThinned(mostPoints, joined),
	}
}

// Write takes lines of metrics.jsonl: JSON objects whose member "event" names
// their kind. Anything else is ignored.
func (h *Hub) Write(lines []byte) (int, error) {
	for line := range bytes.Lines(lines) {
		h.event(bytes.Clone(bytes.TrimSpace(line)))
	}
	return len(lines), nil
}

func (h *Hub) event(line json.RawMessage) {
	var e struct {
		Event    string `json:"event"`
		Settings struct {
			Seed  uint64 `json:"seed"`
			Seeds int    `json:"seeds"`
		} `json:"settings"`
	}
	if json.Unmarshal(line, &e) != nil || e.Event == "" {
		return
	}
	if e.Event == "start" {
		h.pace.begin(h.now(), e.Settings.Seed, e.Settings.Seeds)
	}
	h.change(func() {
		switch e.Event {
		case "done", "failed", "interrupted":
			h.end = line
			return
		}
		h.end = nil
		list := h.events[e.Event]
		if list == nil {
			list = newThinned(mostEvents, later[json.RawMessage])
			h.events[e.Event] = list
		}
		list.add(line, h.version)
	})
}

// Ended says whether the hub has seen how the run ended.
func (h *Hub) Ended() bool {
	h.lock.Lock()
	defer h.lock.Unlock()
	return h.end != nil
}

// Batch takes what a training step tells. All but a few times a second it only
// adds up.
func (h *Hub) Batch(b Batch) {
	now := h.now()
	if h.open.samples > 0 && h.open.seed != b.Seed {
		h.change(nil)
	}
	h.open.add(b)
	if took, ok := h.pace.step(now, b); ok {
		h.open.busy += took
		h.open.timed += b.Samples
	}
	if now.Sub(h.published) >= interval {
		h.published = now
		h.change(nil)
	}
}

// Relaxation takes the energy of each level, 0 to N-1, per sample, in every
// step of the relaxation of a batch.
func (h *Hub) Relaxation(b Batch, steps [][]float64) {
	line := relaxationLine(b, steps)
	h.change(func() { h.relaxations.add(line, h.version) })
}

// change makes a change under the lock, after a point of the batches that are
// not in one yet, and tells the readers.
func (h *Hub) change(also func()) {
	h.lock.Lock()
	defer h.lock.Unlock()
	h.version++
	if h.open.samples > 0 {
		h.progress = h.pace.progress(h.open)
		h.points.add(h.open, h.version)
		h.open = point{}
	}
	if also != nil {
		also()
	}
	close(h.changed)
	h.changed = make(chan struct{})
}
