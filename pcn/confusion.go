package pcn

// A Confusion is an evaluation by class.
type Confusion struct {
	Stats

	// Counts has, for each class and each output of the network, how many samples
	// of the class were taken for that: Counts[class][output]. What was right is
	// on the diagonal.
	Counts [][]int
}

// Confusion is [Trainer.Evaluate] by class, and panics as it does.
func (t *Trainer) Confusion(s Samples) Confusion {
	out := &t.nodes[len(t.nodes)-1]
	c := Confusion{Counts: make([][]int, out.width)}
	for i := range c.Counts {
		c.Counts[i] = make([]int, out.width)
	}
	c.Stats = t.evaluate(s, func(lo, n int) {
		for i := range n {
			c.Counts[s.Label(lo+i)][argmax(out.h0.Row(i))]++
		}
	})
	return c
}

// Class returns what the samples of a class came to. It has no loss.
func (c *Confusion) Class(class int) Stats {
	s := Stats{Correct: c.Counts[class][class]}
	for _, n := range c.Counts[class] {
		s.Samples += n
	}
	return s
}
