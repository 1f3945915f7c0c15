package cli

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGrouped(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 999: "999", 1000: "1,000", 1234567.4: "1,234,567", -123456: "-123,456", -1234: "-1,234",
	} {
		require.Equal(t, want, Grouped(v))
	}
}

func TestNumberInJSON(t *testing.T) {
	text, err := json.Marshal([]Number{0.5, Number(math.NaN()), Number(math.Inf(1))})
	require.NoError(t, err)
	require.Equal(t, "[0.5,null,null]", string(text))
	var back []Number
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, Number(0.5), back[0])
	require.True(t, math.IsNaN(float64(back[1])))
}
