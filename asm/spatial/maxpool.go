package main

import (
	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/mmcloughlin/avo/reg"
)

// contest is what a window's pixels leave: the largest, and if wanted its
// number and its slope.
type contest struct{ best, winner, slope reg.VecVirtual }

// contest compares the pixels in row-major order. A later one wins if it is
// greater, which is false where one of them is NaN.
func (w *windows) contest(withWinner, withSlope bool) contest {
	c := contest{best: w.load(w.pixel("", 0))}
	if withWinner {
		c.winner = w.numbers[0]
	}
	if withSlope {
		c.slope = w.load(w.pixel("slope", 0))
	}
	for k := 1; k < 4; k++ {
		v := w.load(w.pixel("", k))
		if withWinner || withSlope {
			greater := w.Compare(v, emit.Greater, c.best)
			if withWinner {
				c.winner = greater.Select(w.numbers[k], c.winner)
			}
			if withSlope {
				c.slope = greater.Select(w.load(w.pixel("slope", k)), c.slope)
			}
		}
		c.best = w.Max(v, c.best)
	}
	return c
}

// scatter stores x at the winner and +0 at the other pixels.
func (w *windows) scatter(winner, x reg.VecVirtual) {
	for k := range 4 {
		w.store(w.EqualInts(winner, w.numbers[k]).SelectOrZero(x), w.pixel("out", k))
	}
}

func maxPool(e *emit.Emitter) {
	e.BeginCall("maxPool", "poolBlock", "finds the largest pixel of windows.")
	f := e.Fields()
	e.IfPresent(f, "winners", func(withWinner bool) {
		e.IfPresent(f, "slope", func(withSlope bool) {
			names := []string{"top", "bottom", "dst"}
			if withWinner {
				names = append(names, "winners")
			}
			if withSlope {
				names = append(names, "slope", "slopeTop", "slopeBottom")
			}
			w := newWindows(e, f, names...)
			if withWinner {
				w.number()
			}
			w.run(func() {
				c := w.contest(withWinner, withSlope)
				w.store(c.best, w.pooled("dst"))
				if withWinner {
					w.storeWinners(c.winner)
				}
				if withSlope {
					w.store(c.slope, w.pooled("slope"))
				}
			})
		})
	})
}

func unpool(e *emit.Emitter) {
	e.BeginCall("unpool", "poolBlock", "writes errors to the winners of windows.")
	f := e.Fields()
	e.IfPresent(f, "slopeTop", func(withSlope bool) {
		names := []string{"outTop", "outBottom", "dst", "winners"}
		if withSlope {
			names = append(names, "slopeTop", "slopeBottom")
		}
		w := newWindows(e, f, names...)
		w.number()
		w.run(func() {
			winner, x := w.loadWinners(), w.load(w.pooled("dst"))
			if !withSlope {
				w.scatter(winner, x)
				return
			}
			for k := range 4 {
				product := w.Mul(x, w.load(w.pixel("slope", k)))
				w.store(w.EqualInts(winner, w.numbers[k]).SelectOrZero(product), w.pixel("out", k))
			}
		})
	})
}

func poolError(e *emit.Emitter) {
	e.BeginCall("poolError", "poolBlock", "writes the errors of pooled predictions and scatters them.")
	f := e.Fields()
	e.IfPresent(f, "slopeTop", func(withSlope bool) {
		names := []string{"top", "bottom", "outTop", "outBottom", "dst", "latent"}
		if withSlope {
			names = append(names, "slopeTop", "slopeBottom")
		}
		w := newWindows(e, f, names...)
		w.number()
		coeff := e.BroadcastField(f, "coeff")
		w.run(func() {
			c := w.contest(true, withSlope)
			x := w.Mul(w.Sub(w.load(w.pooled("latent")), c.best), coeff)
			w.store(x, w.pooled("dst"))
			if withSlope {
				x = w.Mul(x, c.slope)
			}
			w.scatter(c.winner, x)
		})
	})
}
