package energy

import (
	"fmt"
	"math"

	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

// look adds a look at a traced batch.
func (m *Method) look(t *run.Task, trace *pcn.Trace, epoch, batch int) {
	n := float64(trace.Samples)
	l := Look{
		Epoch: epoch, Batch: batch,
		Energy: scaled(trace.Energy, 1/n), Error: scaled(trace.Error, 1/math.Sqrt(n)),
		Latent: scaled(trace.Latent, 1/math.Sqrt(n)), Update: scaled(trace.Update, 1/math.Sqrt(n)),
		Moved: scaled([][]float64{trace.Moved}, 1/math.Sqrt(n))[0],
	}
	for _, w := range t.Config.TraceWarnings(t.Net, trace) {
		l.Warnings = append(l.Warnings, run.InFlags(w))
	}
	m.Looks = append(m.Looks, l)
}

func scaled(rows [][]float64, c float64) [][]cli.Number {
	list := make([][]cli.Number, len(rows))
	for i, row := range rows {
		list[i] = make([]cli.Number, len(row))
		for k, v := range row {
			list[i][k] = cli.Number(v * c)
		}
	}
	return list
}

// settled are the energies that the relaxation came to.
func (l *Look) settled() []cli.Number { return l.Energy[len(l.Energy)-1] }

// settledError are the errors that the relaxation came to.
func (l *Look) settledError() []cli.Number { return l.Error[len(l.Error)-1] }

// name says when a look was taken.
func (m *Method) name(l *Look) string {
	switch {
	case l.Epoch == 0:
		return "as it is"
	case l.Epoch == 1 && l.Batch == 1:
		return "first batch"
	case l.Batch == m.Batches:
		return fmt.Sprintf("epoch %d", l.Epoch)
	}
	return fmt.Sprintf("%d/%d of epoch %d", l.Batch, m.Batches, l.Epoch)
}

// imbalance is the largest energy of a level over the smallest, after the
// relaxation; infinite if a level has none.
func (l *Look) imbalance() float64 {
	lo, hi := math.Inf(1), 0.0
	for _, e := range l.settled() {
		lo, hi = math.Min(lo, float64(e)), math.Max(hi, float64(e))
	}
	return hi / lo
}
