package energy

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

// Print writes a table of each method and, in the end, a comparison.
func (r *Report) Print(w io.Writer) error {
	for _, m := range r.Methods {
		if err := m.print(w); err != nil {
			return err
		}
	}
	if len(r.Methods) < 2 {
		return nil
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "method\ttest accuracy\timbalance: the largest energy of a level over the smallest\n")
	for _, m := range r.Methods {
		accuracy, imbalance := "-", "-"
		if m.Test != nil {
			accuracy = m.Test.Percent()
		}
		if len(m.Looks) > 0 {
			imbalance = times(m.Looks[len(m.Looks)-1].imbalance())
		}
		fmt.Fprintf(t, "%s\t%s\t%s\n", m.Label, accuracy, imbalance)
	}
	return t.Flush()
}

// times is how many times something is.
func times(v float64) string {
	switch {
	case math.IsNaN(v):
		return "none: energies are not finite"
	case math.IsInf(v, 0):
		return "infinite: there is a level without energy"
	}
	return fmt.Sprintf("%.2g", v)
}

// mostColumns is how many looks a table has room for.
const mostColumns = 5

// columns are the looks in the table: the first and the latest ones.
func (m *Method) columns() []*Look {
	var list []*Look
	for i := range m.Looks {
		if i == 0 || i > len(m.Looks)-mostColumns {
			list = append(list, &m.Looks[i])
		}
	}
	return list
}

// print writes the settled energies over training, and error and movement of the
// latest look.
func (m *Method) print(w io.Writer) error {
	s := &m.Settings
	fmt.Fprintf(w, "%s: %s; %s\n", m.Label, s.RuleText(), s.LatentText())
	columns := m.columns()
	if len(columns) > 0 {
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprint(t, "level\tstep")
		for _, l := range columns {
			fmt.Fprintf(t, "\t%s", m.name(l))
		}
		fmt.Fprint(t, "\terror\tmoved\t\n")
		last := columns[len(columns)-1]
		for level := range m.Levels {
			fmt.Fprintf(t, "%d\t%d", level, m.Arrives[level])
			for _, l := range columns {
				fmt.Fprintf(t, "\t%s", small(l.settled()[level]))
			}
			fmt.Fprintf(t, "\t%s\t%s\t\n", small(last.settledError()[level]), small(last.Moved[level]))
		}
		if err := t.Flush(); err != nil {
			return err
		}
	}
	for _, warning := range m.Warnings {
		fmt.Fprintln(w, "warning: "+warning)
	}
	for i, l := range columns {
		if i > 0 && i < len(columns)-1 {
			continue // the others are in the files
		}
		for _, warning := range l.Warnings {
			fmt.Fprintf(w, "warning, %s: %s\n", m.name(l), warning)
		}
	}
	_, err := fmt.Fprintln(w)
	return err
}

// small formats a number that may be anywhere between 1 and 1e-300; 0 stands out.
func small(v cli.Number) string {
	if v == 0 {
		return "0"
	}
	return fmt.Sprintf("%.1e", float64(v))
}

// Legend says what the tables show.
func Legend() string {
	return strings.Join([]string{
		"Energy per sample that each level is left with after the relaxation of a batch,",
		"while the network trains; the relaxation step at which the error arrives; and",
		"of the latest batch the error left and how far the latents moved in all steps",
		"(norms per sample).",
	}, "\n")
}
