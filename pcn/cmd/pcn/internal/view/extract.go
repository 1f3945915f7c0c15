package view

import (
	"encoding/json"
	"sync"
)

// An update brings a page from one version of a hub to a newer one.
type update struct {
	Lists    map[string]part `json:"lists,omitempty"`
	Progress *progress       `json:"progress,omitempty"`
	End      json.RawMessage `json:"end,omitempty"`
}

// A part is the end of a list: from is the place of its first entry, and what
// a page has from there on is replaced.
type part struct {
	From int   `json:"from"`
	List []any `json:"list"`
}

// A whole is the update for pages that have nothing yet, kept for the next of
// them: however many pages load, it is made once for a version.
type whole struct {
	sync.Mutex
	version int
	json    []byte
}

// read returns what a reader of a version lacks, as JSON that must not be
// changed, the version that it has then, and a channel that the next change
// closes. Nothing has been seen in version 0.
func (h *Hub) read(seen int) (json []byte, version int, changed <-chan struct{}) {
	if seen > 0 {
		u, version, changed := h.extract(seen)
		return u.marshal(), version, changed
	}
	h.whole.Lock()
	defer h.whole.Unlock()
	if version, changed := h.current(); h.whole.json != nil && h.whole.version == version {
		return h.whole.json, version, changed
	}
	u, version, changed := h.extract(0)
	h.whole.version, h.whole.json = version, u.marshal()
	return h.whole.json, version, changed
}

func (h *Hub) current() (version int, changed <-chan struct{}) {
	h.lock.Lock()
	defer h.lock.Unlock()
	return h.version, h.changed
}

// extract copies what is newer than a version.
func (h *Hub) extract(seen int) (u update, version int, changed <-chan struct{}) {
	h.lock.Lock()
	defer h.lock.Unlock()
	u = update{Lists: map[string]part{}, Progress: h.progress, End: h.end}
	add := func(name string, from int, values []any) {
		if len(values) > 0 {
			u.Lists[name] = part{from, values}
		}
	}
	for kind, list := range h.events {
		from, values := list.since(seen)
		add(kind, from, values)
	}
	from, values := h.relaxations.since(seen)
	add("relaxation", from, values)
	from, values = h.points.since(seen)
	add("point", from, values)
	return u, h.version, h.changed
}

func (u update) marshal() []byte {
	text, err := json.Marshal(u)
	if err != nil {
		panic(err) // events are valid JSON, or the hub would not have taken them
	}
	return text
}

// relaxationLine is what pages see of the energies of a relaxation.
func relaxationLine(b Batch, steps [][]float64) json.RawMessage {
	energy := make([][]json.RawMessage, len(steps))
	for t, levels := range steps {
		for _, e := range levels {
			energy[t] = append(energy[t], digits(e, 4))
		}
	}
	line, err := json.Marshal(struct {
		Seed    uint64              `json:"seed"`
		Epoch   int                 `json:"epoch"`
		Batch   int                 `json:"batch"`
		Batches int                 `json:"batches"`
		Energy  [][]json.RawMessage `json:"energy"`
	}{b.Seed, b.Epoch, b.Done, b.Batches, energy})
	if err != nil {
		panic(err) // numbers and null are valid JSON
	}
	return line
}
