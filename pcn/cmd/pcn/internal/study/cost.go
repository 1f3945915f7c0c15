package study

import (
	"fmt"
	"time"

	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

// costs estimate how long cells take, in a unit of their own.
type costs map[string]float64

// of returns the operations of a task whose data is loaded. Elements count too,
// roughly: small networks spend much of their time on them.
func (c costs) of(t *run.Task) (float64, error) {
	s := t.Settings
	s.Seed = 0
	key := fmt.Sprint(s)
	if cost, there := c[key]; there {
		return cost, nil
	}
	config := t.Config
	config.Batch, config.Workers = 1, 1
	trainer, err := pcn.NewTrainer(t.Net, config)
	if err != nil {
		return 0, err
	}
	defer trainer.Close()
	const operationsOfAnElement = 30
	elements := 0
	for _, shape := range t.Net.Shapes() {
		elements += shape.Len()
	}
	batch := trainer.Work(s.Batch).Necessary + float64(s.Batch*elements*(config.Steps+2)*operationsOfAnElement)
	cost := batch * float64(t.Batches()*s.Epochs)
	c[key] = cost
	return cost, nil
}

// chooseJobs returns how many cells to train at once on so many cores: one with
// all cores, or one a core, whichever ends sooner. Workers of one cell wait for
// each other now and then, while cores whose cells have ended have nothing to
// do.
func chooseJobs(costs []float64, cores int) int {
	const together = 0.85 // of a core's time is of use when all serve one cell
	if len(costs) == 0 {
		return 1
	}
	total := 0.0
	free := make([]float64, min(cores, len(costs))) // when each core is
	for _, cost := range costs {
		total += cost
		first := 0
		for i := range free {
			if free[i] < free[first] {
				first = i
			}
		}
		free[first] += cost
	}
	end := 0.0
	for _, at := range free {
		end = max(end, at)
	}
	if total/(float64(cores)*together) < end {
		return 1
	}
	return len(free)
}

// about formats a time that is not known exactly.
func about(d time.Duration) string {
	switch s := int(d.Round(time.Second).Seconds()); {
	case s < 100:
		return fmt.Sprintf("%d s", s)
	case s < 100*60:
		return fmt.Sprintf("%d min", (s+30)/60)
	default:
		return fmt.Sprintf("%d h %02d min", (s+30)/3600, (s+30)%3600/60)
	}
}
