package energy

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

// WriteCSV writes a line for each method, look, step and level. The state after
// the last step has no update.
func (r *Report) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	lines := [][]string{{"method", "epoch", "batch", "step", "level", "energy", "error", "latent", "update"}}
	for _, m := range r.Methods {
		for i := range m.Looks {
			l := &m.Looks[i]
			for t := range l.Energy {
				for level := range l.Energy[t] {
					update := ""
					if t < len(l.Update) {
						update = field(l.Update[t][level])
					}
					lines = append(lines, []string{
						m.Label, strconv.Itoa(l.Epoch), strconv.Itoa(l.Batch), strconv.Itoa(t), strconv.Itoa(level),
						field(l.Energy[t][level]), field(l.Error[t][level]), field(l.Latent[t][level]), update,
					})
				}
			}
		}
	}
	return c.WriteAll(lines)
}

func field(v cli.Number) string {
	if f := float64(v); !math.IsNaN(f) {
		return strconv.FormatFloat(f, 'g', 9, 64)
	}
	return ""
}
