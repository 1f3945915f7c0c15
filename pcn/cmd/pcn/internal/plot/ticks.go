package plot

import (
	"fmt"
	"math"
	"strconv"

	gonum "gonum.org/v1/plot"
)

// round are ticks at round numbers: multiples of 1, 2 or 5 times a power of ten.
type round struct{}

// Ticks labels four to ten places.
func (round) Ticks(least, most float64) []gonum.Tick {
	step := math.Pow(10, math.Floor(math.Log10((most-least)/4)))
	for _, factor := range []float64{5, 2} {
		if (most-least)/(step*factor) >= 4 {
			step *= factor
			break
		}
	}
	decimals := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	var ticks []gonum.Tick
	for i := math.Ceil(least/step - 1e-9); i <= math.Floor(most/step+1e-9); i++ {
		v := i*step + 0 // which makes -0 a 0
		ticks = append(ticks, gonum.Tick{Value: v, Label: strconv.FormatFloat(v, 'f', decimals, 64)})
	}
	return ticks
}

// decades are ticks at powers of ten.
type decades struct{}

// Ticks labels at most eight powers of ten between two values, or the values
// themselves if there are no two powers.
func (decades) Ticks(least, most float64) []gonum.Tick {
	first, last := int(math.Ceil(math.Log10(least)-1e-9)), int(math.Floor(math.Log10(most)+1e-9))
	if last <= first {
		return gonum.LogTicks{}.Ticks(least, most)
	}
	every := 1 + (last-first)/8
	var ticks []gonum.Tick
	for e := first; e <= last; e++ {
		tick := gonum.Tick{Value: math.Pow(10, float64(e))}
		if (e-first)%every == 0 {
			tick.Label = power(e)
		}
		ticks = append(ticks, tick)
	}
	return ticks
}

// power writes a power of ten; those near 1 as plain numbers.
func power(e int) string {
	if e >= -2 && e <= 3 {
		return fmt.Sprintf("%g", math.Pow(10, float64(e)))
	}
	return fmt.Sprintf("1e%d", e)
}

// counting are ticks at whole numbers, the places of rows and columns.
type counting struct {
	names []float64 // what the places stand for; nil: themselves
}

// Ticks labels at most nine places, among them 0.
func (t counting) Ticks(least, most float64) []gonum.Tick {
	first, last := int(math.Ceil(least)), int(math.Floor(most))
	every := 1
	for _, step := range []int{1, 2, 4, 5, 10, 20, 50, 100, 200, 500, 1000} {
		every = step
		if (last-first)/step < 9 {
			break
		}
	}
	var ticks []gonum.Tick
	for i := first; i <= last; i += every {
		label := fmt.Sprint(i)
		if t.names != nil {
			label = fmt.Sprint(t.names[i])
		}
		ticks = append(ticks, gonum.Tick{Value: float64(i), Label: label})
	}
	return ticks
}
