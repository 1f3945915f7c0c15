package run

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

func TestMeanStd(t *testing.T) {
	of := func(values ...float64) (mean, std cli.Number) {
		return MeanStd(values, func(v float64) float64 { return v })
	}
	mean, std := of(2, 4, 9)
	require.InDelta(t, 5, float64(mean), 1e-12)
	require.InDelta(t, 3.605551275, float64(std), 1e-9) // sqrt((9 + 1 + 16) / 2)
	_, std = of(2)
	text, err := json.Marshal(std)
	require.NoError(t, err)
	require.Equal(t, "null", string(text))
}
