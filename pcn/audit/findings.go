package audit

import "math"

// A Finding is what can be said of a level's gradient.
type Finding string

// The findings complete a sentence that begins "level 3 has".
const (
	Same     Finding = "backprop's direction"                 // cosine at least 0.99
	Near     Finding = "nearly backprop's direction"          // cosine at least 0.9
	Apart    Finding = "another direction"                    // less
	Opposite Finding = "the direction opposite to backprop's" // cosine at most -0.9

	None     Finding = "no gradient"
	Neither  Finding = "no gradient, as with backprop"
	Extra    Finding = "a gradient where backprop has none"
	Lost     Finding = "little but rounding errors" // Rounding at least 0.5
	Infinite Finding = "values that are not finite"
)

// Finding returns what can be said of the level, "" if it has no parameters.
func (l *Level) Finding() Finding {
	size := l.Norm + l.Backprop
	switch {
	case l.Parameters == 0:
		return ""
	case math.IsNaN(size) || math.IsInf(size, 0):
		return Infinite
	case size == 0:
		return Neither
	case l.Rounding >= 0.5:
		return Lost
	case l.Norm == 0:
		return None
	case l.Backprop == 0:
		return Extra
	case l.Cosine >= 0.99:
		return Same
	case l.Cosine >= 0.9:
		return Near
	case l.Cosine <= -0.9:
		return Opposite
	}
	return Apart
}

// direction reports whether the finding is about the cosine.
func (f Finding) direction() bool {
	return f == Same || f == Near || f == Apart || f == Opposite
}

// Agrees reports whether the gradients of a level that was checked are those of
// the float64 reference, within one per cent and what rounding explains: it shows
// several times, in every step and in the levels above.
func (l *Level) Agrees() bool {
	return l.Parameters == 0 || l.Finding() == Infinite ||
		l.Check <= 0.01+20*l.Rounding && l.BackpropCheck <= 0.01
}
