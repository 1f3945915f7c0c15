package view

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A clock is a time that tests set.
type clock struct{ time.Time }

func (c *clock) now() time.Time          { return c.Time }
func (c *clock) advance(d time.Duration) { c.Time = c.Add(d) }

func newClock() *clock { return &clock{time.Unix(1e9, 0)} }

// A state is what a page knows, brought up to date as state.js does.
type state struct {
	lists    map[string][]any
	progress map[string]any
	end      map[string]any
}

func (s *state) apply(t *testing.T, text []byte) {
	t.Helper()
	var u struct {
		Lists map[string]struct {
			From int
			List []any
		}
		Progress, End map[string]any
	}
	require.NoError(t, json.Unmarshal(text, &u))
	if s.lists == nil {
		s.lists = map[string][]any{}
	}
	for kind, p := range u.Lists {
		require.LessOrEqual(t, p.From, len(s.lists[kind]))
		s.lists[kind] = append(s.lists[kind][:p.From:p.From], p.List...)
	}
	if u.Progress != nil {
		s.progress = u.Progress
	}
	s.end = u.End
}

// whole is what a new page is told.
func (h *Hub) state(t *testing.T) *state {
	t.Helper()
	text, _, _ := h.read(0)
	var s state
	s.apply(t, text)
	return &s
}

func emit(h *Hub, format string, args ...any) { fmt.Fprintf(h, format+"\n", args...) }

func TestEventsByKind(t *testing.T) {
	h := NewHub()
	require.Equal(t, &state{lists: map[string][]any{}}, h.state(t))
	emit(h, `{"event":"start","settings":{"seed":3,"seeds":1}}`)
	emit(h, "{\"event\":\"epoch\",\"epoch\":1}\n{\"event\":\"epoch\",\"epoch\":2}")
	emit(h, `no JSON`)
	emit(h, `{"kind":"epoch"}`)
	emit(h, `{"event":"done","test_accuracy":0.5}`)
	s := h.state(t)
	require.Len(t, s.lists, 2)
	require.Len(t, s.lists["start"], 1)
	require.Equal(t, []any{
		map[string]any{"event": "epoch", "epoch": 1.0},
		map[string]any{"event": "epoch", "epoch": 2.0},
	}, s.lists["epoch"])
	require.Equal(t, map[string]any{"event": "done", "test_accuracy": 0.5}, s.end)

	emit(h, `{"event":"start","settings":{"seed":3,"seeds":1}}`)
	require.Nil(t, h.state(t).end, "a run that was taken up again has not ended")
}

// The writer may use its buffer again.
func TestLinesAreCopied(t *testing.T) {
	h := NewHub()
	line := []byte(`{"event":"warning","message":"a"}` + "\n")
	n, err := h.Write(line)
	require.NoError(t, err)
	require.Equal(t, len(line), n)
	clear(line)
	require.Equal(t, "a", h.state(t).lists["warning"][0].(map[string]any)["message"])
}

func TestEventsAreBounded(t *testing.T) {
	h := NewHub()
	for n := range 5 * mostEvents {
		emit(h, `{"event":"epoch","epoch":%d}`, n+1)
		h.Relaxation(Batch{Epoch: n + 1}, [][]float64{{1, 2}})
	}
	s := h.state(t)
	require.LessOrEqual(t, len(s.lists["epoch"]), mostEvents)
	require.Greater(t, len(s.lists["epoch"]), mostEvents/4)
	require.LessOrEqual(t, len(s.lists["relaxation"]), mostRelaxations)
	require.Equal(t, 5.0*mostEvents, s.lists["epoch"][len(s.lists["epoch"])-1].(map[string]any)["epoch"])
}

// train lets a hub see epochs of batches that take so long each.
func train(h *Hub, c *clock, seed uint64, epochs, batches int, each time.Duration) {
	for epoch := 1; epoch <= epochs; epoch++ {
		for done := 1; done <= batches; done++ {
			c.advance(each)
			h.Batch(Batch{Seed: seed, Epoch: epoch, Epochs: epochs, Done: done, Batches: batches, Samples: 10, Correct: 4, Loss: 0.25})
		}
	}
}

func TestPoints(t *testing.T) {
	c := newClock()
	h := newHub(c.now)
	emit(h, `{"event":"start","settings":{"seed":0,"seeds":1}}`)
	train(h, c, 0, 1, 100, 10*time.Millisecond)
	points := h.state(t).lists["point"]
	require.Len(t, points, 4, "at the first batch, and then four a second")
	require.Equal(t, []any{0.0, 0.01, 0.25, 0.4, nil}, points[0], "nobody saw the first batch begin")
	require.Equal(t, []any{0.0, 0.26, 0.25, 0.4, 1000.0}, points[1])

	emit(h, `{"event":"epoch"}`) // shows the rest
	points = h.state(t).lists["point"]
	require.Len(t, points, 5)
	require.Equal(t, []any{0.0, 1.0, 0.25, 0.4, 1000.0}, points[4])
	emit(h, `{"event":"epoch"}`)
	require.Len(t, h.state(t).lists["point"], 5)
}

// The time between epochs is none of training.
func TestSpeedLeavesEvaluationOut(t *testing.T) {
	c := newClock()
	h := newHub(c.now)
	for epoch := range 3 {
		c.advance(time.Hour)
		for done := 1; done <= 2; done++ {
			c.advance(100 * time.Millisecond)
			h.Batch(Batch{Epoch: epoch + 1, Epochs: 3, Done: done, Batches: 2, Samples: 10, Loss: 1})
		}
	}
	emit(h, `{"event":"epoch"}`)
	var speeds []any
	for _, p := range h.state(t).lists["point"] {
		speeds = append(speeds, p.([]any)[4])
	}
	require.Equal(t, []any{nil, 100.0, 100.0, 100.0}, speeds)
}

func TestPointsAreBoundedAndKeepTheMean(t *testing.T) {
	c := newClock()
	h := newHub(c.now)
	for n := range 10 * mostPoints {
		c.advance(time.Second)
		h.Batch(Batch{Epoch: 1, Epochs: 1, Done: n + 1, Batches: 10 * mostPoints, Samples: 2, Correct: n % 3 % 2, Loss: float64(n)})
	}
	samples, correct, loss := 0, 0, 0.0
	require.LessOrEqual(t, len(h.points.entries), mostPoints)
	for _, e := range h.points.entries {
		samples, correct, loss = samples+e.value.samples, correct+e.value.correct, loss+e.value.loss
	}
	n := 10 * mostPoints
	require.Equal(t, 2*n, samples)
	require.Equal(t, n/3, correct)
	require.Equal(t, float64(n)*float64(n-1), loss)
}

func TestPointsOfSeedsAreNotMixed(t *testing.T) {
	c := newClock()
	h := newHub(c.now)
	emit(h, `{"event":"start","settings":{"seed":5,"seeds":2}}`)
	train(h, c, 5, 1, 3, time.Millisecond)
	train(h, c, 6, 1, 3, time.Millisecond)
	emit(h, `{"event":"run"}`)
	var ends [][2]float64
	for _, p := range h.state(t).lists["point"] {
		ends = append(ends, [2]float64{p.([]any)[0].(float64), p.([]any)[1].(float64)})
	}
	require.Equal(t, [][2]float64{{5, 0.33333333}, {5, 1}, {6, 1}}, ends)
}

func TestProgress(t *testing.T) {
	c := newClock()
	h := newHub(c.now)
	emit(h, `{"event":"start","settings":{"seed":7,"seeds":2}}`)
	c.advance(time.Second)
	h.Batch(Batch{Seed: 7, Epoch: 1, Epochs: 5, Done: 1, Batches: 10, Samples: 1})
	p := h.state(t).progress
	require.Equal(t, map[string]any{
		"seed": 7.0, "epoch": 1.0, "epochs": 5.0, "batch": 1.0, "batches": 10.0,
		"share": 0.01, "elapsed": 1.0, "left": 99.0, "speed": nil,
	}, p)
	c.advance(time.Second)
	h.Batch(Batch{Seed: 8, Epoch: 3, Epochs: 5, Done: 5, Batches: 10, Samples: 1})
	p = h.state(t).progress
	require.Equal(t, 0.75, p["share"])
	require.Equal(t, 2.0, p["elapsed"])
	require.InDelta(t, 2.0/3, p["left"], 1e-5)
}

// A run that goes on from the middle is judged by what it does itself.
func TestTimeLeftOfARunTakenUpAgain(t *testing.T) {
	c := newClock()
	h := newHub(c.now)
	emit(h, `{"event":"start","settings":{"seed":0,"seeds":1}}`)
	for done := 6; done <= 7; done++ {
		c.advance(time.Second)
		h.Batch(Batch{Epoch: 1, Epochs: 1, Done: done, Batches: 10, Samples: 1})
	}
	require.InDelta(t, 3.0, h.state(t).progress["left"], 1e-5)
}

func TestValuesThatJSONLacks(t *testing.T) {
	c := newClock()
	h := newHub(c.now)
	h.Batch(Batch{Epoch: 1, Epochs: 1, Done: 1, Batches: 1, Samples: 1, Loss: math.Inf(1)})
	h.Relaxation(Batch{Seed: 7, Epoch: 1, Done: 2, Batches: 3}, [][]float64{{0, math.NaN()}, {1.23456e-30, 1}})
	s := h.state(t)
	require.Nil(t, s.lists["point"][0].([]any)[2])
	require.Equal(t, map[string]any{"seed": 7.0, "epoch": 1.0, "batch": 2.0, "batches": 3.0, "energy": []any{
		[]any{0.0, nil}, []any{1.235e-30, 1.0},
	}}, s.lists["relaxation"][0])
}

// Readers of any version come to know the same.
func TestReadersCatchUp(t *testing.T) {
	c := newClock()
	h := newHub(c.now)
	var often, seldom state
	seenOften, seenSeldom := 0, 0
	for n := range 3000 {
		c.advance(90 * time.Millisecond)
		h.Batch(Batch{Epoch: 1, Epochs: 1, Done: n + 1, Batches: 3000, Samples: 10, Correct: n % 10, Loss: 1})
		if n%7 == 0 {
			emit(h, `{"event":"epoch","epoch":%d}`, n)
			h.Relaxation(Batch{Epoch: n}, [][]float64{{1}})
		}
		text, version, _ := h.read(seenOften)
		often.apply(t, text)
		seenOften = version
		if n%500 == 0 {
			text, seenSeldom, _ = h.read(seenSeldom)
			seldom.apply(t, text)
		}
	}
	text, _, _ := h.read(seenSeldom)
	seldom.apply(t, text)
	require.Equal(t, h.state(t), &often)
	require.Equal(t, h.state(t), &seldom)
}

func TestReadersWaitForChanges(t *testing.T) {
	h := NewHub()
	_, version, changed := h.read(0)
	require.Zero(t, version)
	select {
	case <-changed:
		t.Fatal("nothing has changed")
	default:
	}
	emit(h, `{"event":"warning"}`)
	<-changed
	first, version, _ := h.read(0)
	require.Equal(t, 1, version)
	again, _, _ := h.read(0)
	require.Same(t, &first[0], &again[0], "made once, however many pages load")
}

// Between points, batches cost no memory.
func TestBatchesAllocateNothing(t *testing.T) {
	c := newClock()
	h := newHub(c.now)
	b := Batch{Epoch: 1, Epochs: 1, Done: 1, Batches: 1 << 30, Samples: 10, Correct: 1, Loss: 1}
	h.Batch(b)
	require.Zero(t, testing.AllocsPerRun(1000, func() {
		b.Done++
		h.Batch(b)
	}))
}

func BenchmarkBatch(b *testing.B) {
	h := NewHub()
	emit(h, `{"event":"start","settings":{"seed":0,"seeds":1}}`)
	for n := range b.N {
		h.Batch(Batch{Epoch: 1, Epochs: 1, Done: n + 1, Batches: b.N, Samples: 128, Correct: 64, Loss: 1})
	}
}
