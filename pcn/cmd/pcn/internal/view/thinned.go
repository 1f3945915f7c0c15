package view

import "slices"

// A thinned list keeps an extract of bounded length of a sequence without end,
// evenly spaced: when it is full, neighbours are merged in pairs, and from then
// on an entry stands for twice as many elements.
type thinned[T any] struct {
	most  int                // entries, at least 2
	merge func(old, new T) T // one value for two neighbours

	entries []entry[T]
	stride  int // elements that a complete entry stands for
}

// An entry is a value, and the version of the hub that gave it to the entry.
// Versions never fall along a list.
type entry[T any] struct {
	value   T
	stands  int // for so many elements
	version int
}

func newThinned[T any](most int, merge func(old, new T) T) *thinned[T] {
	return &thinned[T]{most: most, merge: merge, stride: 1}
}

// later keeps the second of two neighbours.
func later[T any](_, new T) T { return new }

// add appends an element.
func (l *thinned[T]) add(value T, version int) {
	if last := len(l.entries) - 1; last >= 0 && l.entries[last].stands < l.stride {
		e := &l.entries[last]
		*e = entry[T]{l.merge(e.value, value), e.stands + 1, version}
		return
	}
	l.entries = append(l.entries, entry[T]{value, 1, version})
	if len(l.entries) > l.most {
		l.halve(version)
	}
}

func (l *thinned[T]) halve(version int) {
	n := 0
	for pair := range slices.Chunk(l.entries, 2) {
		e := entry[T]{pair[0].value, pair[0].stands, version}
		if len(pair) == 2 {
			e.value, e.stands = l.merge(pair[0].value, pair[1].value), pair[0].stands+pair[1].stands
		}
		l.entries[n] = e
		n++
	}
	clear(l.entries[n:])
	l.entries = l.entries[:n]
	l.stride *= 2
}

// since returns the values that are newer than a version, and the place of the
// first: what a reader of that version has from there on is out of date.
func (l *thinned[T]) since(version int) (from int, values []any) {
	from, _ = slices.BinarySearchFunc(l.entries, version+1, func(e entry[T], v int) int { return e.version - v })
	for _, e := range l.entries[from:] {
		values = append(values, e.value)
	}
	return from, values
}
