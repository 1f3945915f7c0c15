package run

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDifferences(t *testing.T) {
	s := Defaults()
	written, err := json.Marshal(s)
	require.NoError(t, err)
	s.Workers, s.ISA, s.Dir = 7, "generic", "elsewhere"
	list, err := Differences(written, &s)
	require.NoError(t, err)
	require.Empty(t, list)

	s.Rule, s.Seed, s.LatentRate = "bp", 1<<63+1, 0.5
	list, err = Differences([]byte(`{"seed": 9223372036854775808, "code": {}}`), &s)
	require.NoError(t, err)
	require.Equal(t, []string{`-rule is "pc" there and "bp" here`, "-latent-lr is nothing there and 0.5 here",
		"-seed is 9223372036854775808 there and 9223372036854775809 here"}, list)
	_, err = Differences([]byte(`{`), &s)
	require.ErrorContains(t, err, "damaged")
}
