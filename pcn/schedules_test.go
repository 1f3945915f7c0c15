package pcn

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/internal/golden"
)

func TestGoldenSchedules(t *testing.T) {
	table, err := golden.LoadSchedules(goldenDir + "/table_schedules.json")
	require.NoError(t, err)
	require.NotEmpty(t, table.Precision)
	for _, row := range table.Precision {
		p := precisionOf(row.Precision)
		require.NoError(t, p.check(row.N, row.T))
		for level := range row.P {
			for step, want := range row.P[level] {
				require.Equal(t, float32(want), p.at(level, row.N, step, row.T), "%v: level %d, step %d", p, level, step)
			}
		}
	}
	require.NotEmpty(t, table.LearningRate)
	for _, row := range table.LearningRate {
		rate := rateOf(t, row.LearningRate)
		require.NoError(t, rate.check())
		for i, count := range row.Count {
			require.InDelta(t, row.Value[i], rate.At(count), 1e-15, "count %d", count)
		}
	}
}

func TestNormalisedDecay(t *testing.T) {
	p := DecayingNormalised(0.8)
	const level, levels, T = 2, 5, 9 // arrival at step 2, 7 steps left
	sum := 0.0
	for j := range 7 {
		sum += math.Exp(-0.8 * float64(j))
	}
	require.Zero(t, p.at(level, levels, 1, T))
	require.Equal(t, float32(1), p.at(level, levels, 2, T))
	require.Equal(t, float32(math.Exp(-0.8*3)/sum), p.at(level, levels, 5, T))
}

func TestWarmupCosineFor(t *testing.T) {
	r := WarmupCosineFor(1e-3, 1000)
	require.Equal(t, 1e-3, r.At(0))
	require.InDelta(t, 1.1e-3, r.At(100), 1e-18)
	require.InDelta(t, 1e-4, r.At(1000), 1e-18)
	require.InDelta(t, 1e-4, r.At(5000), 1e-18)
	require.Greater(t, r.At(99), r.At(98))
	require.Less(t, r.At(101), r.At(100))
}

// A schedule of the user's own.
func TestCustomPrecision(t *testing.T) {
	net := testNetworks()["chain"]
	custom, spiking := testConfig(), testConfig()
	spiking.Precision = Spiking(0.25)
	custom.Precision = Precision{Name: "mine", Schedule: func(level, levels, step, T int) float32 {
		if step+level == levels-1 {
			return 1
		}
		return 0.25
	}}
	require.Equal(t, "mine", custom.Precision.String())
	require.Equal(t, trainedDigest(t, net, spiking, allShortcuts), trainedDigest(t, net, custom, allShortcuts))
	require.NotEqual(t, trainedDigest(t, net, testConfig(), allShortcuts), trainedDigest(t, net, custom, allShortcuts))
}
