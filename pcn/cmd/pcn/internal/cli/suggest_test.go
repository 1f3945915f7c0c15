package cli

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEditDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"rate", "rate", 0},
		{"epoch", "epochs", 1}, {"nudeg", "nudge", 1}, {"tarin", "train", 1},
		{"sgd", "adam", 4}, {"kitten", "sitting", 3},
	} {
		require.Equal(t, c.want, editDistance(c.a, c.b), "%s %s", c.a, c.b)
	}
}

func TestDidYouMean(t *testing.T) {
	names := []string{"epochs", "batch", "seed", "seeds"}
	require.Equal(t, ` (did you mean "epochs"?)`, DidYouMean("epoch", names))
	require.Equal(t, ` (did you mean "seed"?)`, DidYouMean("seedd", []string{"seed"}))
	require.Empty(t, DidYouMean("gpu", names), "nothing is near")
}
