package audit

import (
	"fmt"
	"math"
	"strings"

	"github.com/gopcn/gopcn/pcn"
)

// Verdict answers in one line: am I just doing backprop?
func (r *Report) Verdict() string {
	if wrong := r.disagree(); len(wrong) > 0 {
		return fmt.Sprintf("unknown: the gradients of %s differ from the float64 reference by more than rounding explains, which is a bug worth reporting",
			levelList(wrong))
	}
	if r.Rule == pcn.BP {
		return "yes: the rule is backprop"
	}
	groups := r.groups()
	if len(groups) == 1 && groups[0].finding == Same {
		g := groups[0]
		if g.ratio.lo > 0.99 && g.ratio.hi < 1.01 {
			return fmt.Sprintf("yes: every level has backprop's gradient (cosine %v)", g.cosine)
		}
		return fmt.Sprintf("yes, but for its length: every level has backprop's direction (cosine %v), and %.2g to %.2g of its length",
			g.cosine, g.ratio.lo, g.ratio.hi)
	}
	answer := "not quite"
	var parts []string
	for _, g := range groups {
		if g.finding != Same && g.finding != Near {
			answer = "no"
		}
		parts = append(parts, g.String())
	}
	return answer + ": " + strings.Join(parts, ", ")
}

// disagree lists the levels whose gradients are not those of the reference.
func (r *Report) disagree() []int {
	var list []int
	for i := range r.Levels {
		if r.Checked > 0 && !r.Levels[i].Agrees() {
			list = append(list, i)
		}
	}
	return list
}

// A group is all levels of which the same can be said.
type group struct {
	finding       Finding
	levels        []int
	cosine, ratio span
}

// String says "levels 0 to 2 have little but rounding errors".
func (g *group) String() string {
	verb := "have"
	if len(g.levels) == 1 {
		verb = "has"
	}
	text := fmt.Sprintf("%s %s %s", levelList(g.levels), verb, g.finding)
	if g.finding.direction() {
		text += fmt.Sprintf(" (cosine %v)", g.cosine)
	}
	return text
}

// groups are in the order of their lowest levels.
func (r *Report) groups() []*group {
	var list []*group
	named := map[Finding]*group{}
	for i := range r.Levels {
		l := &r.Levels[i]
		f := l.Finding()
		if f == "" {
			continue
		}
		g := named[f]
		if g == nil {
			g = &group{finding: f, cosine: span{l.Cosine, l.Cosine}, ratio: span{l.Ratio, l.Ratio}}
			list, named[f] = append(list, g), g
		}
		g.levels = append(g.levels, i)
		g.cosine.include(l.Cosine)
		g.ratio.include(l.Ratio)
	}
	return list
}

// A span is from the smallest to the largest of some values.
type span struct{ lo, hi float64 }

func (s *span) include(v float64) { s.lo, s.hi = math.Min(s.lo, v), math.Max(s.hi, v) }

// String has three decimals, as cosines need them.
func (s span) String() string {
	lo, hi := fmt.Sprintf("%.3f", s.lo), fmt.Sprintf("%.3f", s.hi)
	if lo == hi {
		return lo
	}
	return lo + " to " + hi
}

// levelList names ascending levels: "level 3", "levels 0 to 4, 7 and 8".
func levelList(levels []int) string {
	if len(levels) == 1 {
		return fmt.Sprintf("level %d", levels[0])
	}
	var runs []string
	for lo := 0; lo < len(levels); {
		hi := lo
		for hi+1 < len(levels) && levels[hi+1] == levels[hi]+1 {
			hi++
		}
		if hi < lo+2 {
			hi = lo
			runs = append(runs, fmt.Sprint(levels[lo]))
		} else {
			runs = append(runs, fmt.Sprintf("%d to %d", levels[lo], levels[hi]))
		}
		lo = hi + 1
	}
	last := len(runs) - 1
	if last == 0 {
		return "levels " + runs[0]
	}
	return "levels " + strings.Join(runs[:last], ", ") + " and " + runs[last]
}
