package reference_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/internal/golden"
	"github.com/gopcn/gopcn/pcn/internal/reference"
)

// tableTolerance has a floor because some values are differences of numbers
// near 1.
var tableTolerance = golden.Tolerance{Rel: 1e-12, Abs: 1e-14}

func TestActivationTable(t *testing.T) {
	table, err := golden.LoadActivations(filepath.Join(goldenDir, "table_activations.json"))
	require.NoError(t, err)
	require.Len(t, table.Value, len(reference.ActivationNames()))
	for _, fn := range reference.ActivationNames() {
		t.Run(fn, func(t *testing.T) {
			require.Contains(t, table.Value, fn)
			a := reference.Activation{Fn: fn}
			for k, x := range table.X {
				d := golden.CompareNumber(a.Value(x), table.Value[fn][k], tableTolerance)
				require.True(t, d.OK(), "value at %v: %v", x, d)
				d = golden.CompareNumber(a.Slope(x), table.Slope[fn][k], tableTolerance)
				require.True(t, d.OK(), "slope at %v: %v", x, d)
			}
		})
	}
}

func TestScheduleTable(t *testing.T) {
	table, err := golden.LoadSchedules(filepath.Join(goldenDir, "table_schedules.json"))
	require.NoError(t, err)
	require.NotEmpty(t, table.Precision)
	require.NotEmpty(t, table.LearningRate)
	for _, row := range table.Precision {
		p := row.Precision.Reference()
		require.NoError(t, p.Check(row.N, row.T))
		for i := range row.P {
			for step, want := range row.P[i] {
				d := golden.CompareNumber(p.At(i, row.N, step, row.T), want, tableTolerance)
				require.True(t, d.OK(), "%+v, T %d, N %d, level %d, step %d: %v",
					row.Precision, row.T, row.N, i, step, d)
			}
		}
	}
	for _, row := range table.LearningRate {
		rate := row.LearningRate.Reference()
		require.NoError(t, rate.Check())
		for k, count := range row.Count {
			d := golden.CompareNumber(rate.At(count), row.Value[k], tableTolerance)
			require.True(t, d.OK(), "%+v after %d steps: %v", row.LearningRate, count, d)
		}
	}
}
