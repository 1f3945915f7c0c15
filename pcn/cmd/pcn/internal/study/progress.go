package study

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

// A progress shows how far a study is: a line for every cell that ends, and a
// bar for all of them. Any number of goroutines may use it.
type progress struct {
	lock sync.Mutex
	bar  *cli.Progress
	w    io.Writer

	cells int       // of the study
	ended int       // of those
	costs []float64 // of the cells to train
	parts []float64 // how much of each is done, from 0 to 1
	first []float64 // the same where this sitting took it up; below 0 before

	running []string // names of cells under way
	began   time.Time
	width   int // of the longest name so far
}

func newProgress(s cli.Streams, cells int, costs []float64) *progress {
	p := &progress{
		bar: cli.NewProgress(s), w: s.Out,
		cells: cells, ended: cells - len(costs),
		costs: costs, parts: make([]float64, len(costs)), first: make([]float64, len(costs)), began: time.Now(),
	}
	for i := range p.first {
		p.first[i] = -1
	}
	return p
}

// begin notes that a cell is under way.
func (p *progress) begin(_ int, c *Cell) {
	p.lock.Lock()
	defer p.lock.Unlock()
	p.running = append(p.running, c.Name)
	p.width = max(p.width, len(c.Name))
}

// update notes how much of the i-th cell is done.
func (p *progress) update(i int, part float64) {
	p.lock.Lock()
	defer p.lock.Unlock()
	p.parts[i] = part
	if p.first[i] < 0 {
		p.first[i] = part
	}
	const fine = 1000
	rest := strings.TrimSpace(p.timeLeft() + "  " + strings.Join(p.running, ", "))
	p.bar.Update(p.label(), int(p.share()*fine), fine, rest)
}

// end notes the result of the i-th cell and tells it.
func (p *progress) end(i int, c *Cell, r *Result) {
	p.lock.Lock()
	defer p.lock.Unlock()
	p.parts[i] = 1
	p.ended++
	p.running = slices.DeleteFunc(p.running, func(name string) bool { return name == c.Name })
	p.bar.Clear()
	line := fmt.Sprintf("%s  %-*s  %s  %s", p.label(), p.width, c.Name, outcome(r), p.timeLeft())
	fmt.Fprintln(p.w, strings.TrimRight(line, " "))
}

// outcome says what a cell came to.
func outcome(r *Result) string {
	switch {
	case r.Done == nil:
		return "failed: " + r.Failed
	case r.Best != nil && math.IsNaN(r.Accuracy()): // the test images are kept out
		return fmt.Sprintf("validation %s  %s", r.Best.Validation.Percent(), seconds(r))
	}
	return fmt.Sprintf("%s  %s", r.Done.Test.Percent(), seconds(r))
}

func seconds(r *Result) string { return fmt.Sprintf("%6.1f s", float64(r.Done.Seconds)) }

// label counts the cells.
func (p *progress) label() string {
	return fmt.Sprintf("%*d/%d", len(fmt.Sprint(p.cells)), p.ended, p.cells)
}

// share is how much of the work of this call is done, from 0 to 1.
func (p *progress) share() float64 {
	done, _, all := p.work()
	return done / all
}

// work adds up what is done, what was when this sitting took it up, and all.
func (p *progress) work() (done, before, all float64) {
	for i, cost := range p.costs {
		done += cost * p.parts[i]
		before += cost * max(p.first[i], 0)
		all += cost
	}
	return done, before, all
}

// timeLeft says when the study will be done, by what it has taken so far.
func (p *progress) timeLeft() string {
	done, before, all := p.work()
	if p.ended == p.cells || done <= before {
		return ""
	}
	passed := time.Since(p.began)
	return about(time.Duration(float64(passed)*(all-done)/(done-before))) + " left"
}

// left counts the cells that have not ended.
func (p *progress) left() int {
	p.lock.Lock()
	defer p.lock.Unlock()
	return p.cells - p.ended
}

func (p *progress) interrupted() {
	p.lock.Lock()
	defer p.lock.Unlock()
	p.bar.Clear()
	fmt.Fprintf(p.w, "interrupted: %d of %d cells are done; the same command goes on with the others\n", p.ended, p.cells)
}

// close takes the bar away.
func (p *progress) close() {
	p.lock.Lock()
	defer p.lock.Unlock()
	p.bar.Clear()
}
