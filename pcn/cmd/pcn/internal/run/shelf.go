package run

import (
	"sync"

	"github.com/gopcn/gopcn/pcn/data"
)

// A Shelf keeps the sets that were opened, for tasks that share them: reading
// or drawing a set takes longer than training a small network on it. Its zero
// value is empty, and any number of goroutines may use it.
type Shelf struct {
	lock sync.Mutex
	sets map[shelfKey]shelfSet
}

type shelfKey struct {
	name, dir string
	glyphs    int // drawn for training; 0 for sets read from files
}

type shelfSet struct{ train, test *data.Set }

// open returns the whole set that the settings name, or as much of it as is
// needed.
func (f *Shelf) open(s *Settings) (train, test *data.Set, err error) {
	key := shelfKey{name: s.Data, dir: s.Dir}
	if s.Data == "glyphs" {
		key.glyphs = glyphTrain
		if s.Limit > 0 && s.Val == 0 { // drawing takes time, and a smaller set is the beginning of a larger one
			key.glyphs = min(glyphTrain, s.Limit)
		}
	}
	f.lock.Lock()
	defer f.lock.Unlock()
	set, there := f.sets[key]
	if !there {
		if key.glyphs > 0 {
			set.train, set.test = data.GlyphsN(glyphSeed, key.glyphs, glyphTest)
		} else if set.train, set.test, err = OpenPublished(s.Data, s.Dir); err != nil {
			return nil, nil, err
		}
		if f.sets == nil {
			f.sets = map[shelfKey]shelfSet{}
		}
		f.sets[key] = set
	}
	return set.train, set.test, nil
}
